using System.Globalization;
using System.Net;
using System.Text;
using LivenessEngine.Tools.Faults.Fleets;
using LivenessEngine.Tools.Faults.Judging;

namespace LivenessEngine.Tools.Faults.Servers;

/// <summary>Asks our daemon ten times a second how much time it has not counted.</summary>
internal sealed class UncountedWatch(Func<EndPoint> server, Credit credit, ReplyTimes replies, RunClock clock)
{
    private static readonly byte[] Question = Encoding.ASCII.GetBytes("stats\r\nstats liveness-engine\r\n");

    // Each of them takes as long as a patient client waits.
    private const int MostFailures = 5;

    private readonly StringBuilder _reply = new();
    private TimeSpan _before;
    private string? _process;

    /// <summary>All that the daemon's processes have told; null where it tells nothing.</summary>
    public TimeSpan? Told { get; private set; }

    /// <summary>
    /// Until it is stopped, and once more after that: what the others were told up to then is judged by what it has been told.
    /// </summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var line = new Line(server, replies, clock);
        bool isLast;
        int failures = 0;
        do
        {
            isLast = stop.IsCancellationRequested;
            _reply.Clear();
            if (await line.TryExchangeAsync(Question, Take, CancellationToken.None))
            {
                Read(_reply.ToString().Split("\r\n"));
                failures = 0;
            }
            else
            {
                failures++;
            }

            await Task.Delay(Scale.Tick, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        while (!isLast || failures is > 0 and < MostFailures);
    }

    private bool Take(ReadOnlyMemory<byte> received)
    {
        _reply.Append(Encoding.ASCII.GetString(received.Span));
        return _reply.ToString().Split("\r\n").Count(line => line is "END" or "ERROR") == 2;
    }

    // A process counts from 0, or from what was not counted while there was none before it.
    private void Read(string[] lines)
    {
        if (Find(lines, "uncounted_time") is not { } value)
        {
            return;
        }

        TimeSpan uncounted = TimeSpan.FromSeconds(double.Parse(value, CultureInfo.InvariantCulture));
        string? process = Find(lines, "pid");
        if (process == _process)
        {
            credit.Sample(clock.Now, uncounted - _before);
        }
        else if (_process is not null)
        {
            credit.Renew(clock.Now);
        }

        Told = (Told ?? TimeSpan.Zero) + (process == _process ? uncounted - _before : uncounted);
        (_before, _process) = (uncounted, process);
    }

    private static string? Find(string[] lines, string name)
        => Array.Find(lines, line => line.StartsWith($"STAT {name} ", StringComparison.Ordinal))?.Split(' ')[2];
}
