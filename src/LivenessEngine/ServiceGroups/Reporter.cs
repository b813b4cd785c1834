using Microsoft.Extensions.Logging;

namespace LivenessEngine.ServiceGroups;

/// <summary>
/// Takes heartbeats to a store, many at once: those that came since the last round go together, and each member once.
/// What a store did not take is owed and goes again, until it is taken.
/// </summary>
/// <remarks>Heartbeats come from any thread; <see cref="SendAsync"/> is called by one at a time.</remarks>
internal sealed class Reporter(IHeartbeatStore store, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly HashSet<MemberName> _gone = [];

    // A member, and whether it joins.
    private Dictionary<MemberName, bool> _owed = [];
    private TaskCompletionSource _taken = NewSource();
    private int _failures;
    private long _lastFailure;
    private TimeSpan _delay;

    /// <summary>The member joins with its next heartbeat, which is owed now. The task is that of its round.</summary>
    public Task Join(MemberName name)
    {
        lock (_gate)
        {
            _gone.Remove(name);
            _owed[name] = true;
            return _taken.Task;
        }
    }

    /// <summary>A heartbeat is owed. The task is that of its round; null for a member that is one no more.</summary>
    public Task? Beat(MemberName name)
    {
        lock (_gate)
        {
            if (_gone.Contains(name))
            {
                return null;
            }

            _owed.TryAdd(name, false);
            return _taken.Task;
        }
    }

    /// <summary>Nothing is owed for the member any more.</summary>
    public void Forget(MemberName name)
    {
        lock (_gate)
        {
            _owed.Remove(name);
        }
    }

    /// <summary>Sends what is owed; after a failure only when some time has passed.</summary>
    public async Task SendAsync(CancellationToken cancellationToken)
    {
        Dictionary<MemberName, bool> owed;
        TaskCompletionSource taken;
        lock (_gate)
        {
            if (_owed.Count == 0 || (_failures > 0 && time.GetElapsedTime(_lastFailure) < _delay))
            {
                return;
            }

            (owed, _owed) = (_owed, []);
            (taken, _taken) = (_taken, NewSource());
        }

        try
        {
            await HandOverAsync(owed, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            Failed(owed, fault);
            taken.SetException(fault);
            _ = taken.Task.Exception;
            return;
        }

        if (_failures > 0)
        {
            _failures = 0;
            ServiceGroupLog.StoreIsBack(logger, store.Name);
        }

        taken.SetResult();
    }

    private async Task HandOverAsync(Dictionary<MemberName, bool> owed, CancellationToken cancellationToken)
    {
        MemberName[] joining = [.. owed.Where(pair => pair.Value).Select(pair => pair.Key)];
        MemberName[] beating = [.. owed.Where(pair => !pair.Value).Select(pair => pair.Key)];
        if (joining.Length > 0)
        {
            await store.JoinAsync(joining, cancellationToken).ConfigureAwait(false);
        }

        if (beating.Length > 0)
        {
            IReadOnlyCollection<MemberName> gone = await store.BeatAsync(beating, cancellationToken).ConfigureAwait(false);
            lock (_gate)
            {
                _gone.UnionWith(gone);
            }

            foreach (MemberName name in gone)
            {
                ServiceGroupLog.MemberIsGone(logger, name.Member, name.Group, store.Name);
            }
        }
    }

    // Told once, when it begins; then it is tried on, the longer the less often, and not by all processes at one time.
    private void Failed(Dictionary<MemberName, bool> owed, Exception fault)
    {
        lock (_gate)
        {
            foreach ((MemberName name, bool joins) in owed)
            {
                _owed[name] = joins || _owed.GetValueOrDefault(name);
            }
        }

        if (_failures++ == 0)
        {
            ServiceGroupLog.StoreIsLost(logger, store.Name, fault.Message);
        }

        _lastFailure = time.GetTimestamp();
        TimeSpan longest = FirstDelay * Math.Pow(2, Math.Min(_failures, 10));
        _delay = (longest < LongestDelay ? longest : LongestDelay) * (0.5 + (Random.Shared.NextDouble() / 2));
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
