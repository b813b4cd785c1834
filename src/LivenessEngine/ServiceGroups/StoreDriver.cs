using LivenessEngine.Evaluation;
using Microsoft.Extensions.Logging;

namespace LivenessEngine.ServiceGroups;

/// <summary>
/// Heartbeats in a place outside this process. Reports go there by themselves, all that are due in a tick at once;
/// questions go there when they are asked, and a watch asks once a second.
/// </summary>
internal sealed class StoreDriver : IServiceGroupDriver
{
    private readonly IHeartbeatStore _store;
    private readonly ServiceGroupOptions _options;
    private readonly TimeProvider _time;
    private readonly Reporter _reporter;
    private readonly ReportSchedule _reports;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private string[] _groups = [];
    private long _lastTick;

    /// <param name="store">Where heartbeats are kept; disposed with this.</param>
    /// <param name="options">Options that have been validated.</param>
    /// <param name="logger">Where a lost store is told of.</param>
    public StoreDriver(IHeartbeatStore store, ServiceGroupOptions options, ILogger logger)
    {
        _store = store;
        _options = options;
        _time = options.TimeProvider;
        _reporter = new Reporter(store, _time, logger);
        _lastTick = _time.GetTimestamp();
        _reports = new ReportSchedule(options.ReportInterval, options.Tick, start: 0);
        _running = RunAsync(_time.GetTimestamp());
    }

    public IHeartbeatStore Store => _store;

    public IReadOnlyList<string> Groups => Volatile.Read(ref _groups);

    public (TimeSpan SinceLastTick, TimeSpan Tick, bool IsHeard) Timing
        => (_time.GetElapsedTime(Volatile.Read(ref _lastTick)), _options.Tick, true);

    public Membership Join(MemberName name)
    {
        ThrowIfDisposed();
        name.Check();
        AddGroup(name.Group);
        var membership = new Membership(this, name, tenure: _reporter.Join(name).Tenure);
        _reports.Add(membership);
        return membership;
    }

    public bool Touch(Membership membership)
    {
        ThrowIfDisposed();
        return Beat(membership);
    }

    public void Heartbeat(MemberName name)
    {
        ThrowIfDisposed();
        name.Check();
        AddGroup(name.Group);
        _reporter.Beat(name);
    }

    public async ValueTask HeartbeatAsync(MemberName name, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        name.Check();
        AddGroup(name.Group);
        await _reporter.Beat(name).WaitAsync(cancellationToken).ConfigureAwait(false);
        _reporter.ThrowIfGone(name);
    }

    public Evidence Read(MemberName name) => ReadAsync(name, CancellationToken.None).AsTask().GetAwaiter().GetResult();

    public async ValueTask<Evidence> ReadAsync(MemberName name, CancellationToken cancellationToken)
        => (await ReadAsync([name], cancellationToken).ConfigureAwait(false))[0];

    public async ValueTask<IReadOnlyList<Evidence>> ReadAsync(IReadOnlyList<MemberName> names, CancellationToken cancellationToken)
    {
        foreach (MemberName name in names)
        {
            name.Check();
        }

        return await _store.ReadAsync(names, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<MemberStatus>> MembersAsync(string? group, CancellationToken cancellationToken)
    {
        IReadOnlyList<(MemberName Name, Evidence Evidence)> listed = await _store.ListAsync(group, cancellationToken).ConfigureAwait(false);
        return [.. listed.Select(member => member.Evidence.ToStatus(member.Name, _options.ServiceDownTime))];
    }

    public IAsyncEnumerable<MemberEvent> Watch(string? group, CancellationToken cancellationToken)
    {
        // Begun here and not when the enumeration starts: nothing that happens in between is lost.
        var stream = new EventStream(null, _options.EventBuffer);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, cancellationToken);
        var poll = new StorePoll(_store, group, _options.ServiceDownTime, _time, stream);
        return FollowAsync(stream, poll.RunAsync(stop.Token), stop, cancellationToken);
    }

    public async ValueTask<bool> LeaveAsync(MemberName name, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        name.Check();

        // A round that is on its way would bring back who is taken out now.
        await _reporter.ForgetAsync(name).WaitAsync(cancellationToken).ConfigureAwait(false);
        return await _store.RemoveAsync(name, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _reporter.End();
        await _store.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private static async IAsyncEnumerable<MemberEvent> FollowAsync(
        EventStream stream,
        Task polling,
        CancellationTokenSource stop,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (MemberEvent memberEvent in stream.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return memberEvent;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await polling.ConfigureAwait(false);
            stop.Dispose();
        }
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, typeof(ServiceGroup));

    private void AddGroup(string group)
    {
        if (!Volatile.Read(ref _groups).Contains(group))
        {
            ImmutableArraySwap.Add(ref _groups, group);
        }
    }

    private bool Beat(Membership membership) => _reporter.Beat(membership.Name, membership.Tenure);

    // The tick does not wait for the store: one round is on its way at a time, and what is due meanwhile goes with the next.
    private async Task RunAsync(long start)
    {
        Task sending = Task.CompletedTask;
        using var timer = new PeriodicTimer(_options.Tick, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                Volatile.Write(ref _lastTick, _time.GetTimestamp());
                _reports.Tick((long)_time.GetElapsedTime(start).TotalMilliseconds, Beat);
                if (sending.IsCompleted)
                {
                    await sending.ConfigureAwait(false);
                    sending = _reporter.SendAsync(_stop.Token);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed.
        }

        await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
