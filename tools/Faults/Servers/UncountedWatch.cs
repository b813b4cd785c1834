using System.Globalization;
using System.Net;
using System.Text;
using LivenessEngine.Tools.Faults.Fleets;
using LivenessEngine.Tools.Faults.Judging;

namespace LivenessEngine.Tools.Faults.Servers;

/// <summary>Asks our daemon ten times a second how much time it has not counted.</summary>
internal sealed class UncountedWatch(Func<EndPoint> server, Credit credit, ReplyTimes replies, RunClock clock)
{
    private static readonly byte[] Question = Encoding.ASCII.GetBytes("stats liveness-engine\r\n");

    private readonly StringBuilder _reply = new();
    private TimeSpan _before;

    /// <summary>Whether the daemon tells it at all.</summary>
    public bool IsTold { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        using var line = new Line(server, replies, clock);
        while (!stop.IsCancellationRequested)
        {
            _reply.Clear();
            if (await line.TryExchangeAsync(Question, Take, stop) && Read(_reply.ToString()) is { } uncounted)
            {
                IsTold = true;
                credit.Sample(clock.Now, uncounted, _before);
                _before = uncounted;
            }

            await Task.Delay(Scale.Tick, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private bool Take(ReadOnlyMemory<byte> received)
    {
        string text = _reply.Append(Encoding.ASCII.GetString(received.Span)).ToString();
        return text.EndsWith("END\r\n", StringComparison.Ordinal) || text.EndsWith("ERROR\r\n", StringComparison.Ordinal);
    }

    // STAT uncounted_time 5.812
    private static TimeSpan? Read(string reply)
    {
        foreach (string[] words in reply.Split("\r\n").Select(text => text.Split(' ')))
        {
            if (words is ["STAT", "uncounted_time", { } value])
            {
                return TimeSpan.FromSeconds(double.Parse(value, CultureInfo.InvariantCulture));
            }
        }

        return null;
    }
}
