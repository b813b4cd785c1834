using Microsoft.Extensions.Logging;

namespace LivenessEngine.ServiceGroups;

/// <summary>
/// Two places: heartbeats live in the first, and in the second while the first is away. Both are judged together, by the
/// newest evidence of the two, so no live member is called down when one goes or comes back.
/// </summary>
/// <remarks>
/// The second place must not be far behind when it is suddenly needed: heartbeats go there too, but only so often that
/// its last one is never older than the service down time by the time the next one can have arrived. What is registered
/// there (forced down, disabled) is looked at anew every <see cref="RegisterCache.Age"/>.
/// </remarks>
internal sealed class FallbackStore : IHeartbeatStore
{
    private readonly IHeartbeatStore _first;
    private readonly IHeartbeatStore _second;
    private readonly TimeSpan _serviceDownTime;
    private readonly BackupSchedule _schedule;
    private readonly StoreRecall _firstRecall;
    private readonly StoreRecall _secondRecall;
    private readonly StoreWatch _firstWatch;
    private readonly StoreWatch _secondWatch;
    private readonly RegisterCache _register;

    public FallbackStore(IHeartbeatStore first, IHeartbeatStore second, ServiceGroupOptions options, ILogger logger)
    {
        _first = first;
        _second = second;
        _serviceDownTime = options.ServiceDownTime;
        _schedule = new BackupSchedule(options);
        _firstRecall = new StoreRecall(first, options.TimeProvider);
        _secondRecall = new StoreRecall(second, options.TimeProvider);
        _firstWatch = new StoreWatch(first, logger);
        _secondWatch = new StoreWatch(second, logger);
        _register = new RegisterCache(second, options.TimeProvider, _secondWatch.Told);
    }

    public string Name => $"{_first.Name} and {_second.Name}";

    public async Task JoinAsync(IReadOnlyList<MemberName> names, CancellationToken cancellationToken)
        => await InBothAsync(
            names,
            async (store, names) =>
            {
                await store.JoinAsync(names, cancellationToken).ConfigureAwait(false);
                return [];
            },
            static names => names).ConfigureAwait(false);

    public Task<IReadOnlyCollection<MemberName>> BeatAsync(IReadOnlyList<MemberName> names, CancellationToken cancellationToken)
        => InBothAsync(names, (store, names) => store.BeatAsync(names, cancellationToken), _schedule.Due);

    public async Task<IReadOnlyList<Evidence>> ReadAsync(IReadOnlyList<MemberName> names, CancellationToken cancellationToken)
    {
        (Evidence[] evidence, HeartbeatStoreException? fault) = await ReadFirstAsync(names, cancellationToken).ConfigureAwait(false);
        int[] doubtful = [.. Enumerable.Range(0, names.Count).Where(i => evidence[i].Verdict(_serviceDownTime) != MemberState.Up)];
        if (doubtful.Length > 0)
        {
            try
            {
                MemberName[] asked = [.. doubtful.Select(i => names[i])];
                IReadOnlyList<Evidence> second = await _second.ReadAsync(asked, cancellationToken).ConfigureAwait(false);
                _secondWatch.Told(null);
                for (int i = 0; i < doubtful.Length; i++)
                {
                    evidence[doubtful[i]] = Evidence.Newest(evidence[doubtful[i]], Trusted(second[i], firstIsAway: fault is not null));
                }
            }
            catch (HeartbeatStoreException secondFault)
            {
                _secondWatch.Told(secondFault);
                ThrowIfBoth(fault, secondFault);
            }
        }

        if (Array.Exists(evidence, member => member.Service is null))
        {
            Dictionary<MemberName, ServiceRecord> register = await _register.GetAsync(cancellationToken).ConfigureAwait(false);
            for (int i = 0; i < evidence.Length; i++)
            {
                evidence[i] = evidence[i] with { Service = evidence[i].Service ?? register.GetValueOrDefault(names[i]) };
            }
        }

        return evidence;
    }

    public async Task<IReadOnlyList<(MemberName Name, Evidence Evidence)>> ListAsync(string? group, CancellationToken cancellationToken)
    {
        var members = new Dictionary<MemberName, Evidence>();
        HeartbeatStoreException? secondFault = await AddAsync(_secondRecall, group, members, cancellationToken).ConfigureAwait(false);
        HeartbeatStoreException? firstFault = await AddAsync(_firstRecall, group, members, cancellationToken).ConfigureAwait(false);
        _firstWatch.Told(firstFault);
        _secondWatch.Told(secondFault);
        ThrowIfBoth(firstFault, secondFault);
        if (members.Count > 0)
        {
            // The first place may not be able to list, but it can be asked about those that the second one lists.
            MemberName[] names = [.. members.Keys];
            Evidence[] evidence = firstFault is null
                ? (await ReadFirstAsync(names, cancellationToken).ConfigureAwait(false)).Evidence
                : [.. names.Select(_firstRecall.Last)];
            for (int i = 0; i < names.Length; i++)
            {
                members[names[i]] = Evidence.Newest(Trusted(members[names[i]], firstIsAway: firstFault is not null), evidence[i]);
            }
        }

        return [.. members.Select(pair => (pair.Key, pair.Value))];
    }

    public async Task<bool> RemoveAsync(MemberName name, CancellationToken cancellationToken)
    {
        _schedule.Forget(name);

        // Each, whatever becomes of the other.
        Task<bool>[] removing = [_second.RemoveAsync(name, cancellationToken), _first.RemoveAsync(name, cancellationToken)];
        bool[] removed = await Task.WhenAll(removing).ConfigureAwait(false);
        return removed.Contains(true);
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync().ConfigureAwait(false);
        await _second.DisposeAsync().ConfigureAwait(false);
        _register.Dispose();
    }

    private static void ThrowIfBoth(HeartbeatStoreException? first, HeartbeatStoreException? second)
    {
        if (first is not null && second is not null)
        {
            throw new HeartbeatStoreException($"{first.Message}; and {second.Message}", first);
        }
    }

    private static async Task<HeartbeatStoreException?> AddAsync(
        StoreRecall recall, string? group, Dictionary<MemberName, Evidence> members, CancellationToken cancellationToken)
    {
        (IEnumerable<(MemberName Name, Evidence Evidence)> listing, HeartbeatStoreException? fault) =
            await recall.ListAsync(group, cancellationToken).ConfigureAwait(false);
        foreach ((MemberName name, Evidence evidence) in listing)
        {
            members[name] = Evidence.Newest(members.GetValueOrDefault(name), evidence);
        }

        return fault;
    }

    // To the first place, and to the second what is due there; everything if the first is away.
    private async Task<IReadOnlyCollection<MemberName>> InBothAsync(
        IReadOnlyList<MemberName> names,
        Func<IHeartbeatStore, IReadOnlyList<MemberName>, Task<IReadOnlyCollection<MemberName>>> write,
        Func<IReadOnlyList<MemberName>, IReadOnlyList<MemberName>> dueInSecond)
    {
        HashSet<MemberName> gone = [];
        HeartbeatStoreException? firstFault = null;
        try
        {
            gone.UnionWith(await write(_first, names).ConfigureAwait(false));
        }
        catch (HeartbeatStoreException fault)
        {
            firstFault = fault;
        }

        _firstWatch.Told(firstFault);
        IReadOnlyList<MemberName> due = firstFault is null ? dueInSecond(names) : names;
        if (due.Count == 0)
        {
            return gone;
        }

        try
        {
            gone.UnionWith(await write(_second, due).ConfigureAwait(false));
            _secondWatch.Told(null);
            _schedule.Written(due);
        }
        catch (HeartbeatStoreException fault)
        {
            _schedule.Failed();
            _secondWatch.Told(fault);
            ThrowIfBoth(firstFault, fault);
        }

        return gone;
    }

    private async Task<(Evidence[] Evidence, HeartbeatStoreException? Fault)> ReadFirstAsync(
        IReadOnlyList<MemberName> names, CancellationToken cancellationToken)
    {
        (Evidence[] Evidence, HeartbeatStoreException? Fault) read = await _firstRecall.ReadAsync(names, cancellationToken).ConfigureAwait(false);
        _firstWatch.Told(read.Fault);
        return read;
    }

    // Who never beat in the second place may have in the first, which cannot be asked: nothing is said of him.
    private static Evidence Trusted(in Evidence second, bool firstIsAway)
        => firstIsAway && second.LastSeen is null ? second with { Age = null } : second;
}
