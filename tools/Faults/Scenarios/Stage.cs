using LivenessEngine.Tools.Faults.Fleets;
using LivenessEngine.Tools.Faults.Judging;
using LivenessEngine.Tools.Faults.Servers;

namespace LivenessEngine.Tools.Faults.Scenarios;

/// <summary>What a script can do to the server, to the members and to the readers of a run.</summary>
internal sealed class Stage(Cluster cluster, Nodes nodes, Ledger ledger, Scale scale, ReplyTimes replies, RunClock clock, int seed)
    : IDisposable
{
    // After an outage everybody gets the time to report once before the next: what is bounded is uncounted time in a row.
    private const int IntervalsBetweenOutages = 4;

    private const int Fillers = 3;

    private readonly Random _random = new(seed);
    private readonly SemaphoreSlim _process = new(1, 1);

    public Task WaitAsync(double serviceDownTimes) => Task.Delay(serviceDownTimes * scale.ServiceDownTime);

    public Task PauseAsync(TimeSpan time) => AloneAsync(() => cluster.Server.PauseAsync(time));

    public Task CrashAsync(TimeSpan time) => AloneAsync(() => cluster.Server.CrashAsync(time));

    public Task RestartAsync() => AloneAsync(cluster.Server.RestartAsync);

    public Task RenewAsync() => AloneAsync(cluster.Server.RenewAsync);

    /// <summary>The server is killed for good, and its clients go to the other one.</summary>
    public async Task MoveAsync()
    {
        // So long that what the other one knows is not just what it was started with.
        await WaitAsync(1.5);
        await cluster.MoveAsync();
        await WaitAsync(1.5);
    }

    public void SetClock(TimeSpan ahead) => cluster.Server.SetClock(ahead);

    /// <summary>Some members die, a share of all.</summary>
    public void Die(double share) => ledger.Silence(Choose(share), Standing.Dead);

    /// <summary>So many die at once that a brake may hold their last verdict for one further service down time.</summary>
    public void DieTogether(double share)
    {
        TimeSpan now = clock.Now;
        Die(share);
        ledger.RememberMassSilence(now, now);
    }

    /// <summary>Most members fall silent, and come back, whatever the server does meanwhile.</summary>
    public async Task SilenceAsync(double share, TimeSpan time)
    {
        int[] silent = Choose(share);
        TimeSpan begun = clock.Now;
        ledger.Silence(silent, Standing.Away);
        await Task.Delay(time);
        ledger.Return(silent);
        ledger.RememberMassSilence(begun, clock.Now);
    }

    public void SkewWriters(double share, TimeSpan skew) => nodes.Skew(Choose(share), skew);

    /// <summary>A client sends flush_all, as some do when they connect again.</summary>
    public async Task FlushAsync()
    {
        using var line = new Line(() => cluster.EndPoint, replies, clock);
        await line.TryExchangeAsync("flush_all\r\n"u8.ToArray(), reply => reply.Span[^1] == (byte)'\n', CancellationToken.None);
    }

    /// <summary>Some clients store other items without end.</summary>
    public async Task FillAsync(TimeSpan time)
    {
        using var stop = new CancellationTokenSource(time);
        await Task.WhenAll(Enumerable.Range(0, Fillers).Select(number =>
            new Filler(number, new Line(() => cluster.EndPoint, replies, clock)).RunAsync(stop.Token)));
    }

    public void Dispose() => _process.Dispose();

    // Of those that report: nobody dies twice.
    private int[] Choose(double share)
    {
        lock (_random)
        {
            int[] beating = [.. ledger.Snapshot().Index().Where(member => member.Item.Standing == Standing.Beating).Select(member => member.Index)];
            _random.Shuffle(beating);
            return beating[..Math.Min((int)Math.Ceiling(share * ledger.Size), beating.Length)];
        }
    }

    private async Task AloneAsync(Func<Task> run)
    {
        await _process.WaitAsync();
        try
        {
            await run();
            await Task.Delay(IntervalsBetweenOutages * scale.ReportInterval);
        }
        finally
        {
            _process.Release();
        }
    }
}
