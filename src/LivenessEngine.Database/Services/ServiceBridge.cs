using LivenessEngine.ServiceGroups;
using LivenessEngine.Time;
using Microsoft.Extensions.Logging;

namespace LivenessEngine.Database.Services;

/// <summary>
/// Keeps an engine and Nova's <c>services</c> table together: arrivals go through to <c>last_seen_up</c>, so that Nova may
/// be switched to its driver <c>db</c> at any moment and back; who is registered comes from there, and what other engines
/// have seen, so that all who share the table answer alike.
/// </summary>
/// <remarks>
/// Once in an interval, one reading of the table and one writing of all that arrived since the last time: what one engine
/// hears the others know two intervals later at the latest. A database that is away is told of once; what it missed follows
/// when it is back, since only the last arrival of each counts.
/// </remarks>
internal sealed class ServiceBridge : IAsyncDisposable
{
    // One crossing may be late, or fail and be tried again, before anything is made of it.
    private const int LateCrossings = 3;

    // How long the end may wait for a database that does not answer.
    private TimeSpan _lastLimit = TimeSpan.FromSeconds(5);

    private readonly Engine _engine;
    private readonly ServicesTableStore _table;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The arrivals that have gone through, on the liveness clock, which nobody steps; and into which row.
    private Dictionary<MemberName, (long Row, long Arrival)> _through = [];
    private bool _isAway;

    private readonly SharedSightings _shared;

    // What is older was restored, and in the table before the last stop.
    private readonly long _start;

    // Those who went through in the last crossing, and how long that took: the table has them so much too late at the most.
    private HashSet<MemberName> _written = [];
    private TimeSpan _writing;
    private long _lastCrossing;

    /// <param name="engine">Where heartbeats arrive.</param>
    /// <param name="table">Where they go; disposed with this.</param>
    /// <param name="interval">How often.</param>
    /// <param name="logger">Where a database that is away is told of.</param>
    public ServiceBridge(Engine engine, ServicesTableStore table, TimeSpan interval, ILogger logger)
    {
        _engine = engine;
        _table = table;
        _logger = logger;
        _shared = new SharedSightings(engine, LateCrossings * interval);
        _start = engine.Restored.HasState ? engine.Clock.Read().Liveness : 0;
        _lastCrossing = Time.GetTimestamp();
        engine.Figures.Add(
            "bridge_lag", "s", "Time since the database was last read and written.", () => Time.GetElapsedTime(Volatile.Read(ref _lastCrossing)).TotalSeconds);
        engine.Figures.AddTotal(
            "bridge_uncounted_time",
            "s",
            "Time in which the database could not be read, and which counts against nobody who reports to another engine.",
            () => _shared.Uncounted.TotalSeconds);
        _running = RunAsync(interval);
    }

    /// <summary>Completes when the table has been read for the first time, or could not be.</summary>
    public Task Begun => _begun.Task;

    /// <summary>The end is not to wait for the database: whoever goes on with the state knows what has not gone through.</summary>
    public void LeaveTheRest() => _lastLimit = TimeSpan.Zero;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        await _table.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private TimeProvider Time => _engine.Options.TimeProvider;

    private async Task RunAsync(TimeSpan interval)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var timer = new PeriodicTimer(interval, _engine.Options.TimeProvider);
        try
        {
            do
            {
                await CrossAsync(_stop.Token).ConfigureAwait(false);
                _begun.TrySetResult();
            }
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false));
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // Clients of databases do not all call it a cancellation. What arrived since the last time is not lost by a planned stop.
            _begun.TrySetResult();
            using var limit = new CancellationTokenSource(_lastLimit);
            await CrossAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Nothing but its end ends the bridge: what is wrong now may be right the next time.
    private async Task CrossAsync(CancellationToken cancellationToken)
    {
        try
        {
            await CrossOnceAsync(cancellationToken).ConfigureAwait(false);
            if (_isAway)
            {
                _isAway = false;
                ServiceGroupLog.StoreIsBack(_logger, _table.Name);
            }
        }
        catch (Exception fault) when (!_stop.IsCancellationRequested || fault is HeartbeatStoreException)
        {
            if (!_isAway)
            {
                _isAway = true;
                ServiceGroupLog.StoreIsLost(_logger, _table.Name, fault.Message);
            }
        }
    }

    private async Task CrossOnceAsync(CancellationToken cancellationToken)
    {
        Moment before = _engine.Clock.Read();
        IReadOnlyList<(MemberName Name, Evidence Evidence)> rows = await _table.ListAsync(null, cancellationToken).ConfigureAwait(false);
        _engine.Register.Replace(rows.Select(row => row.Evidence.Service!));
        _shared.Take(rows, before, name => _written.Contains(name) ? _writing : null);
        var through = new Dictionary<MemberName, (long Row, long Arrival)>();
        List<(MemberName Name, TimeSpan Age)> arrived = Arrived(through);
        await WriteAsync(arrived, cancellationToken).ConfigureAwait(false);
        _through = through;
        Volatile.Write(ref _lastCrossing, Time.GetTimestamp());
    }

    private async Task WriteAsync(List<(MemberName Name, TimeSpan Age)> arrived, CancellationToken cancellationToken)
    {
        long start = Time.GetTimestamp();
        _written = [.. arrived.Select(arrival => arrival.Name)];
        try
        {
            if (arrived.Count > 0)
            {
                await _table.WriteThroughAsync(arrived, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            // What failed may have been written in part.
            _writing = Time.GetElapsedTime(start);
        }
    }

    /// <summary>Who was seen here since the last crossing, and how long ago.</summary>
    /// <param name="through">Takes all arrivals that will have gone through then.</param>
    private List<(MemberName Name, TimeSpan Age)> Arrived(Dictionary<MemberName, (long Row, long Arrival)> through)
    {
        var arrived = new List<(MemberName, TimeSpan)>();
        Moment now = _engine.Clock.Read();
        foreach ((MemberName name, Evidence evidence, long arrival) in _engine.Seen(null))
        {
            if (evidence is { Age: not null, Service: { } service } && arrival > _start && !_shared.IsHearsay(name, arrival))
            {
                // Somebody may report by name and by the SHA-1 of it.
                (long Row, long Arrival) known = Latest(through, name, service.Id, Latest(_through, name, service.Id, default));
                through[name] = (service.Id, Math.Max(arrival, known.Arrival));
                if (arrival > known.Arrival)
                {
                    // On the clock of the wall, on which it is older than on ours if we were stopped since.
                    arrived.Add((name, _engine.Clock.ToUtc(now.Liveness) - _engine.Clock.ToUtc(arrival)));
                }
            }
        }

        return arrived;
    }

    // What went into a row that has been deleted since does not count for the new one.
    private static (long Row, long Arrival) Latest(
        Dictionary<MemberName, (long Row, long Arrival)> arrivals, MemberName name, long row, (long Row, long Arrival) otherwise)
        => arrivals.TryGetValue(name, out (long Row, long Arrival) known) && known.Row == row ? known : otherwise;
}
