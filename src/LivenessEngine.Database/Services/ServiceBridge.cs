using LivenessEngine.ServiceGroups;
using Microsoft.Extensions.Logging;

namespace LivenessEngine.Database.Services;

/// <summary>
/// Keeps an engine and Nova's <c>services</c> table together: arrivals go through to <c>last_seen_up</c>, so that Nova may
/// be switched to its driver <c>db</c> at any moment and back, and who is registered comes from there.
/// </summary>
/// <remarks>
/// Once in an interval, all that arrived since the last time. A database that is away is told of once; what it missed
/// follows when it is back, since only the last arrival of each counts.
/// </remarks>
internal sealed class ServiceBridge : IAsyncDisposable
{
    // Two readings of one arrival differ by what the wall clock was stepped meanwhile; less than this is no news.
    private static readonly TimeSpan Same = TimeSpan.FromMilliseconds(500);

    private readonly Engine _engine;
    private readonly ServicesTableStore _table;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    // When those had been seen whose arrival has gone through.
    private readonly Dictionary<MemberName, DateTimeOffset> _through = [];
    private bool _isAway;

    /// <param name="engine">Where heartbeats arrive.</param>
    /// <param name="table">Where they go; disposed with this.</param>
    /// <param name="interval">How often.</param>
    /// <param name="logger">Where a database that is away is told of.</param>
    public ServiceBridge(Engine engine, ServicesTableStore table, TimeSpan interval, ILogger logger)
    {
        _engine = engine;
        _table = table;
        _logger = logger;
        _running = RunAsync(interval);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        await _table.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync(TimeSpan interval)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var timer = new PeriodicTimer(interval, _engine.Options.TimeProvider);
        try
        {
            do
            {
                await CrossAsync(_stop.Token).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // What arrived since the last time is not lost by a planned stop.
            await CrossAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task CrossAsync(CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<(MemberName Name, Evidence Evidence)> rows = await _table.ListAsync(null, cancellationToken).ConfigureAwait(false);
            _engine.Register.Replace(rows.Select(row => row.Evidence.Service!));
            (MemberName Name, Evidence Evidence)[] arrived =
                [.. _engine.Seen(null).Where(seen => seen.Evidence is { Age: not null, Service: not null } && IsNews(seen.Name, seen.Evidence.LastSeen!.Value))];
            if (arrived.Length > 0)
            {
                await _table.WriteThroughAsync([.. arrived.Select(seen => (seen.Name, seen.Evidence.Age!.Value))], cancellationToken).ConfigureAwait(false);
                foreach ((MemberName name, Evidence evidence) in arrived)
                {
                    _through[name] = evidence.LastSeen!.Value;
                }
            }

            if (_isAway)
            {
                _isAway = false;
                ServiceGroupLog.StoreIsBack(_logger, _table.Name);
            }
        }
        catch (HeartbeatStoreException fault)
        {
            if (!_isAway)
            {
                _isAway = true;
                ServiceGroupLog.StoreIsLost(_logger, _table.Name, fault.Message);
            }
        }
    }

    private bool IsNews(MemberName name, DateTimeOffset lastSeen)
        => !_through.TryGetValue(name, out DateTimeOffset through) || lastSeen - through > Same;
}
