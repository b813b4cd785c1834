using System.Globalization;
using System.Net;
using LivenessEngine.Memcached.Nova;
using LivenessEngine.Tools.Faults.Judging;

namespace LivenessEngine.Tools.Faults.Fleets;

/// <summary>
/// Asks for everybody over and over as Nova does, and judges as dogpile.cache does: a miss is down, and so is a value whose
/// <c>ct</c> is further than the service down time before the reader's own clock. A question that finds no answer is no verdict.
/// </summary>
internal sealed class Reader(string name, Nodes nodes, Func<EndPoint> server, Scale scale, Ledger ledger, ReplyTimes replies, RunClock clock, TimeSpan skew)
{
    private const int Batch = 100;

    // dogpile.cache reads values of its own version only.
    private const int Version = 2;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Ledger.Member[] _asked = new Ledger.Member[Batch];
    private readonly double[] _creationTimes = new double[Batch];
    private readonly byte[] _request = new byte[(Batch * (NovaKey.Sha1Length + 1)) + 16];
    private readonly ValueReplies _replies = new();

    public Verdicts Verdicts { get; } = new(name, ledger);

    public async Task RunAsync(CancellationToken stop)
    {
        using var line = new Line(server, replies, clock);
        while (!stop.IsCancellationRequested)
        {
            for (int first = 0; first < nodes.Count && !stop.IsCancellationRequested; first += Batch)
            {
                if (!await AskAsync(line, first, Math.Min(Batch, nodes.Count - first), stop))
                {
                    await Task.Delay(Pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }

            await Task.Delay(Pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> AskAsync(Line line, int first, int count, CancellationToken stop)
    {
        ledger.Read(first, _asked.AsSpan(0, count));
        int length = Write(first, count);
        _replies.Clear();
        TimeSpan asked = clock.Now;
        if (!await line.TryExchangeAsync(_request.AsMemory(0, length), _replies.Take, stop))
        {
            return false;
        }

        Judge(first, count, asked);
        return true;
    }

    private int Write(int first, int count)
    {
        "get"u8.CopyTo(_request);
        int length = 3;
        for (int number = first; number < first + count; number++)
        {
            _request[length++] = (byte)' ';
            nodes.KeyOf(number).CopyTo(_request.AsSpan(length));
            length += NovaKey.Sha1Length;
        }

        "\r\n"u8.CopyTo(_request.AsSpan(length));
        return length + 2;
    }

    private void Judge(int first, int count, TimeSpan asked)
    {
        TimeSpan answered = clock.Now;
        double now = (DateTime.UtcNow - DateTime.UnixEpoch + skew).TotalSeconds;
        _creationTimes.AsSpan(0, count).Fill(double.NaN);
        int at = 0;
        foreach ((ReadOnlyMemory<byte> key, uint flags, ReadOnlyMemory<byte> value) in _replies.Values)
        {
            while (!nodes.KeyOf(first + at).SequenceEqual(key.Span))
            {
                at = at + 1 < count ? at + 1 : throw new InvalidOperationException("a value came that nobody asked for");
            }

            _creationTimes[at] = CachedDateTimeReader.TryRead(value.Span, flags, out CachedDateTime cached) && cached.Version == Version
                ? cached.CreationTime
                : throw new InvalidOperationException($"the value of {Nodes.NameOf(first + at)} is no heartbeat");
        }

        for (int i = 0; i < count; i++)
        {
            double age = now - _creationTimes[i];
            bool isUp = age <= scale.ServiceDownTime.TotalSeconds;
            string why = double.IsNaN(age) ? "a miss" : string.Create(CultureInfo.InvariantCulture, $"ct {age:F2} s old by the reader's clock");
            Verdicts.Take(first + i, _asked[i], isUp, asked, answered, isUp ? "" : why);
        }
    }
}
