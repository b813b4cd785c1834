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

    // Those who have reported, and those of them who were deleted since where they reported to: whoever deleted them
    // meant it, so they come back when they join, and not by going on.
    private readonly HashSet<MemberName> _known = [];
    private readonly HashSet<MemberName> _gone = [];

    // Which joining is in force. One that was taken out and joins again is another member: what its old handle reports
    // does not count.
    private readonly Dictionary<MemberName, uint> _tenures = [];

    // Those that were taken out while a round was on its way: it must not owe them anew.
    private readonly HashSet<MemberName> _forgotten = [];

    // A member, and whether it joins.
    private Dictionary<MemberName, bool> _owed = [];
    private TaskCompletionSource _taken = NewSource();
    private Task _sending = Task.CompletedTask;
    private uint _lastTenure;
    private int _failures;
    private long _lastFailure;
    private TimeSpan _delay;

    /// <summary>The member joins with its next heartbeat, which is owed now. The task is that of its round.</summary>
    /// <returns>The tenure that <see cref="Beat(MemberName, uint)"/> asks for.</returns>
    public (Task Taken, uint Tenure) Join(MemberName name)
    {
        lock (_gate)
        {
            _gone.Remove(name);
            _known.Add(name);
            if (!_tenures.TryGetValue(name, out uint tenure))
            {
                tenure = ++_lastTenure;
                _tenures.Add(name, tenure);
            }

            _forgotten.Remove(name);
            _owed[name] = true;
            return (_taken.Task, tenure);
        }
    }

    /// <summary>A heartbeat of one that joined is owed. False if it is a member no more.</summary>
    public bool Beat(MemberName name, uint tenure)
    {
        lock (_gate)
        {
            if (_tenures.GetValueOrDefault(name) != tenure)
            {
                return false;
            }

            _owed.TryAdd(name, false);
            return true;
        }
    }

    /// <summary>A heartbeat is owed, of whoever it is; the first one joins. The task is that of its round.</summary>
    public Task Beat(MemberName name)
    {
        lock (_gate)
        {
            if (_gone.Contains(name))
            {
                return Task.CompletedTask;
            }

            bool joins = _known.Add(name);
            _forgotten.Remove(name);
            _owed[name] = joins || _owed.GetValueOrDefault(name);
            return _taken.Task;
        }
    }

    /// <exception cref="HeartbeatStoreException">The member was deleted; its heartbeats are not counted.</exception>
    public void ThrowIfGone(MemberName name)
    {
        lock (_gate)
        {
            if (_gone.Contains(name))
            {
                throw new HeartbeatStoreException(
                    $"'{name.Member}' is a member of '{name.Group}' no more: {store.Name} has it as deleted; its heartbeats count again when it joins anew");
            }
        }
    }

    /// <summary>
    /// Nothing is owed for the member any more, and its handle reports no more. Completes when no round is on its way that
    /// could still bring a heartbeat of it.
    /// </summary>
    public Task ForgetAsync(MemberName name)
    {
        lock (_gate)
        {
            _owed.Remove(name);
            _tenures.Remove(name);
            _gone.Remove(name);
            _known.Remove(name);
            if (_sending.IsCompleted)
            {
                return Task.CompletedTask;
            }

            _forgotten.Add(name);
            return _sending.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <summary>Sends what is owed; after a failure only when some time has passed. A store that fails is no exception here.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
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
            _sending = taken.Task;
            _forgotten.Clear();
        }

        try
        {
            await HandOverAsync(owed, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            bool ends = cancellationToken.IsCancellationRequested;
            OweAgain(owed);
            Fail(taken, ends ? new ObjectDisposedException(typeof(ServiceGroup).FullName) : fault);
            cancellationToken.ThrowIfCancellationRequested();
            Failed(fault);
            return;
        }

        if (_failures > 0)
        {
            _failures = 0;
            ServiceGroupLog.StoreIsBack(logger, store.Name);
        }

        taken.SetResult();
    }

    /// <summary>Nothing is sent any more: those who wait for a round are told so.</summary>
    public void End()
    {
        lock (_gate)
        {
            Fail(_taken, new ObjectDisposedException(typeof(ServiceGroup).FullName));
        }
    }

    // An exception that nobody waits for is nobody's.
    private static void Fail(TaskCompletionSource taken, Exception fault)
    {
        taken.TrySetException(fault);
        _ = taken.Task.Exception;
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task HandOverAsync(Dictionary<MemberName, bool> owed, CancellationToken cancellationToken)
    {
        MemberName[] joining = [.. owed.Where(pair => pair.Value).Select(pair => pair.Key)];
        MemberName[] beating = [.. owed.Where(pair => !pair.Value).Select(pair => pair.Key)];
        if (joining.Length > 0)
        {
            await store.JoinAsync(joining, cancellationToken).ConfigureAwait(false);

            // Whatever comes next fails: these have joined, and what they owe from now on are heartbeats.
            foreach (MemberName name in joining)
            {
                owed.Remove(name);
            }
        }

        if (beating.Length > 0)
        {
            Gone(await store.BeatAsync(beating, cancellationToken).ConfigureAwait(false));
        }
    }

    private void Gone(IReadOnlyCollection<MemberName> gone)
    {
        foreach (MemberName name in gone)
        {
            lock (_gate)
            {
                // One that has asked to join meanwhile is not gone.
                if (_forgotten.Contains(name) || _owed.GetValueOrDefault(name))
                {
                    continue;
                }

                _owed.Remove(name);
                _tenures.Remove(name);
                _gone.Add(name);
            }

            ServiceGroupLog.MemberIsGone(logger, name.Member, name.Group, store.Name);
        }
    }

    private void OweAgain(Dictionary<MemberName, bool> owed)
    {
        lock (_gate)
        {
            foreach ((MemberName name, bool joins) in owed)
            {
                if (!_forgotten.Contains(name))
                {
                    _owed[name] = joins || _owed.GetValueOrDefault(name);
                }
            }
        }
    }

    // Told once, when it begins; then it is tried on, the longer the less often, and not by all processes at one time.
    private void Failed(Exception fault)
    {
        if (_failures++ == 0)
        {
            ServiceGroupLog.StoreIsLost(logger, store.Name, fault.Message);
        }

        _lastFailure = time.GetTimestamp();
        TimeSpan longest = FirstDelay * Math.Pow(2, Math.Min(_failures, 10));
        _delay = (longest < LongestDelay ? longest : LongestDelay) * (0.5 + (Random.Shared.NextDouble() / 2));
    }
}
