using System.Collections.Concurrent;
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
    private readonly TimeSpan _reportInterval;
    private readonly TimeSpan _secondInterval;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly Dictionary<MemberName, long> _lastBeatInSecond = [];
    private readonly ConcurrentDictionary<(IHeartbeatStore Store, string Group), Listing> _listings = new();
    private readonly RegisterCache _register;

    // What was last found in the first place, and when: that it is away now takes nothing from it but its age.
    private readonly ConcurrentDictionary<MemberName, (long Time, Evidence Evidence)> _foundInFirst = new();
    private long? _secondFailed;
    private int _firstIsAway;
    private int _secondIsAway;

    public FallbackStore(IHeartbeatStore first, IHeartbeatStore second, ServiceGroupOptions options, ILogger logger)
    {
        _first = first;
        _second = second;
        _serviceDownTime = options.ServiceDownTime;
        _reportInterval = options.ReportInterval;
        _time = options.TimeProvider;
        _logger = logger;
        _register = new RegisterCache(second, _time, fault => Told(ref _secondIsAway, second, fault));

        // The last beat there, the beat that finds the first place away, and one interval to spare.
        TimeSpan rest = options.ServiceDownTime - (2 * options.ReportInterval);
        _secondInterval = rest > options.ReportInterval ? rest - (options.ReportInterval / 2) : TimeSpan.Zero;
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
        => InBothAsync(names, (store, names) => store.BeatAsync(names, cancellationToken), DueInSecond);

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
                Told(ref _secondIsAway, _second, null);
                for (int i = 0; i < doubtful.Length; i++)
                {
                    evidence[doubtful[i]] = Evidence.Newest(evidence[doubtful[i]], Trusted(second[i], firstIsAway: fault is not null));
                }
            }
            catch (HeartbeatStoreException secondFault)
            {
                Told(ref _secondIsAway, _second, secondFault);
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
        HeartbeatStoreException? secondFault = await AddAsync(_second, group, members, cancellationToken).ConfigureAwait(false);
        HeartbeatStoreException? firstFault = await AddAsync(_first, group, members, cancellationToken).ConfigureAwait(false);
        Told(ref _firstIsAway, _first, firstFault);
        Told(ref _secondIsAway, _second, secondFault);
        ThrowIfBoth(firstFault, secondFault);
        if (members.Count > 0)
        {
            // The first place may not be able to list, but it can be asked about those that the second one lists.
            MemberName[] names = [.. members.Keys];
            Evidence[] evidence = firstFault is null
                ? (await ReadFirstAsync(names, cancellationToken).ConfigureAwait(false)).Evidence
                : [.. names.Select(Remembered)];
            for (int i = 0; i < names.Length; i++)
            {
                members[names[i]] = Evidence.Newest(Trusted(members[names[i]], firstIsAway: firstFault is not null), evidence[i]);
            }
        }

        return [.. members.Select(pair => (pair.Key, pair.Value))];
    }

    public async Task<bool> RemoveAsync(MemberName name, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _lastBeatInSecond.Remove(name);
        }

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

    // A place that cannot be asked now is taken to have whom it had when it last could, and by now older: nobody leaves
    // because a place is away.
    private async Task<HeartbeatStoreException?> AddAsync(
        IHeartbeatStore store, string? group, Dictionary<MemberName, Evidence> members, CancellationToken cancellationToken)
    {
        HeartbeatStoreException? fault = null;
        Listing listing;
        try
        {
            listing = new Listing(_time.GetTimestamp(), await store.ListAsync(group, cancellationToken).ConfigureAwait(false));
            _listings[(store, group ?? "")] = listing;
        }
        catch (HeartbeatStoreException thrown)
        {
            fault = thrown;
            listing = _listings.GetValueOrDefault((store, group ?? ""), new Listing(0, []));
        }

        TimeSpan since = fault is null ? TimeSpan.Zero : _time.GetElapsedTime(listing.Time);
        foreach ((MemberName name, Evidence evidence) in listing.Members)
        {
            members[name] = Evidence.Newest(members.GetValueOrDefault(name), evidence with { Age = evidence.Age + since });
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

        Told(ref _firstIsAway, _first, firstFault);
        IReadOnlyList<MemberName> due = firstFault is null ? dueInSecond(names) : names;
        if (due.Count == 0)
        {
            return gone;
        }

        try
        {
            gone.UnionWith(await write(_second, due).ConfigureAwait(false));
            Told(ref _secondIsAway, _second, null);
            Written(due);
        }
        catch (HeartbeatStoreException fault)
        {
            lock (_gate)
            {
                _secondFailed = _time.GetTimestamp();
            }

            Told(ref _secondIsAway, _second, fault);
            ThrowIfBoth(firstFault, fault);
        }

        return gone;
    }

    // A second place that is away is not waited for with every beat while the first one is there.
    private IReadOnlyList<MemberName> DueInSecond(IReadOnlyList<MemberName> names)
    {
        lock (_gate)
        {
            if (_secondFailed is { } failed && _time.GetElapsedTime(failed) < _reportInterval)
            {
                return [];
            }

            return [.. names.Where(name => !_lastBeatInSecond.TryGetValue(name, out long last) || _time.GetElapsedTime(last) >= _secondInterval)];
        }
    }

    private void Written(IReadOnlyList<MemberName> names)
    {
        long now = _time.GetTimestamp();
        lock (_gate)
        {
            _secondFailed = null;
            foreach (MemberName name in names)
            {
                _lastBeatInSecond[name] = now;
            }
        }
    }

    private async Task<(Evidence[] Evidence, HeartbeatStoreException? Fault)> ReadFirstAsync(
        IReadOnlyList<MemberName> names, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<Evidence> evidence = await _first.ReadAsync(names, cancellationToken).ConfigureAwait(false);
            Told(ref _firstIsAway, _first, null);
            Remember(names, evidence);
            return ([.. evidence], null);
        }
        catch (HeartbeatStoreException fault)
        {
            Told(ref _firstIsAway, _first, fault);
            return ([.. names.Select(Remembered)], fault);
        }
    }

    private void Remember(IReadOnlyList<MemberName> names, IReadOnlyList<Evidence> evidence)
    {
        long now = _time.GetTimestamp();
        for (int i = 0; i < names.Count; i++)
        {
            if (evidence[i].Age is not null)
            {
                _foundInFirst[names[i]] = (now, evidence[i]);
            }
            else
            {
                _foundInFirst.TryRemove(names[i], out _);
            }
        }
    }

    // A member may report to the first place only; then it is judged by what is known from there until that is too old.
    private Evidence Remembered(MemberName name)
        => _foundInFirst.TryGetValue(name, out (long Time, Evidence Evidence) found)
            ? found.Evidence with { Age = found.Evidence.Age + _time.GetElapsedTime(found.Time) }
            : default;

    // Who never beat in the second place may have in the first, which cannot be asked: nothing is said of him.
    private static Evidence Trusted(in Evidence second, bool firstIsAway)
        => firstIsAway && second.LastSeen is null ? second with { Age = null } : second;

    // Once when it is lost and once when it is back.
    private void Told(ref int isAway, IHeartbeatStore store, HeartbeatStoreException? fault)
    {
        if (Interlocked.Exchange(ref isAway, fault is null ? 0 : 1) == (fault is null ? 0 : 1))
        {
            return;
        }

        if (fault is null)
        {
            ServiceGroupLog.StoreIsBack(_logger, store.Name);
        }
        else
        {
            ServiceGroupLog.StoreIsLost(_logger, store.Name, fault.Message);
        }
    }

    private sealed record Listing(long Time, IReadOnlyList<(MemberName Name, Evidence Evidence)> Members);
}
