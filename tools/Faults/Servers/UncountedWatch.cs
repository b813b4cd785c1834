using System.Globalization;
using System.Net;
using System.Text;
using LivenessEngine.Tools.Faults.Fleets;
using LivenessEngine.Tools.Faults.Judging;

namespace LivenessEngine.Tools.Faults.Servers;

/// <summary>Asks our daemon ten times a second how much time it has not counted.</summary>
/// <param name="server">Where to ask.</param>
/// <param name="credit">Takes the time in which it was not listening.</param>
/// <param name="unread">Takes the time in which it could not read its database; null for nobody.</param>
/// <param name="replies">Takes how long its replies took.</param>
/// <param name="clock">The run's.</param>
internal sealed class UncountedWatch(Func<EndPoint> server, Credit credit, Credit? unread, ReplyTimes replies, RunClock clock)
{
    private static readonly byte[] Question = Encoding.ASCII.GetBytes("stats\r\nstats liveness-engine\r\n");

    private const int MostAttempts = 5;

    private readonly StringBuilder _reply = new();
    private TimeSpan _before;
    private TimeSpan _notReadBefore;
    private string? _process;

    /// <summary>All that the daemon's processes have told; null where it tells nothing.</summary>
    public TimeSpan? Told { get; private set; }

    /// <summary>
    /// Asks until it is stopped, and once more, so that what others were told until then is judged by all that was not counted;
    /// but not where it is the server that goes.
    /// </summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken gone)
    {
        using var line = new Line(server, replies, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, gone);
        while (!end.IsCancellationRequested)
        {
            await TryAskAsync(line);
            await Task.Delay(Scale.Tick, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        for (int i = 0; i < MostAttempts && !gone.IsCancellationRequested && !await TryAskAsync(line); i++)
        {
            await Task.Delay(Scale.Tick, CancellationToken.None);
        }
    }

    private async Task<bool> TryAskAsync(Line line)
    {
        _reply.Clear();
        TimeSpan asked = clock.Now;
        bool isTold = await line.TryExchangeAsync(Question, Take, CancellationToken.None);
        if (isTold)
        {
            Read(asked, _reply.ToString().Split("\r\n"));
        }

        return isTold;
    }

    private bool Take(ReadOnlyMemory<byte> received)
    {
        _reply.Append(Encoding.ASCII.GetString(received.Span));
        return _reply.ToString().Split("\r\n").Count(line => line is "END" or "ERROR") == 2;
    }

    // A process counts from 0, or from what was not counted while there was none before it.
    private void Read(TimeSpan asked, string[] lines)
    {
        if (Find(lines, "uncounted_time") is not { } value)
        {
            return;
        }

        TimeSpan uncounted = Seconds(value);
        TimeSpan notRead = Find(lines, "bridge_uncounted_time") is { } bridge ? Seconds(bridge) : TimeSpan.Zero;
        string? process = Find(lines, "pid");
        if (process == _process)
        {
            credit.Sample(asked, clock.Now, uncounted - _before);
            unread?.Sample(asked, clock.Now, notRead - _notReadBefore);
        }
        else if (_process is not null)
        {
            credit.Renew(asked, clock.Now);
        }

        Told = (Told ?? TimeSpan.Zero) + (process == _process ? uncounted - _before : uncounted);
        (_before, _notReadBefore, _process) = (uncounted, notRead, process);
    }

    private static TimeSpan Seconds(string value) => TimeSpan.FromSeconds(double.Parse(value, CultureInfo.InvariantCulture));

    private static string? Find(string[] lines, string name)
        => Array.Find(lines, line => line.StartsWith($"STAT {name} ", StringComparison.Ordinal))?.Split(' ')[2];
}
