using System.Collections.Concurrent;
using System.Text;
using LivenessEngine.Memcached.Nova;
using LivenessEngine.ServiceGroups;
using Microsoft.Extensions.Logging;

namespace LivenessEngine.Memcached.Client;

/// <summary>
/// Heartbeats on memcached servers, as Nova's driver <c>mc</c> keeps them: a beat is a set that never expires, and the
/// reader decides by its own clock and the time in the value.
/// </summary>
/// <remarks>
/// A value of another shape counts as no heartbeat, as it does for Nova, and is told of once; it says nothing of the other
/// members. A time that lies ahead counts as now, as for dogpile.cache.
/// </remarks>
internal sealed class MemcachedStore : IHeartbeatStore
{
    private const int MostTold = 1000;

    private readonly MemcachedOptions _options;
    private readonly MemcachedCluster _cluster;
    private readonly KnownMembers _known;
    private readonly TimeSpan _serviceDownTime;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<MemberName, bool> _told = new();

    /// <param name="servers">Which servers, and how they are spoken to: options that are valid.</param>
    /// <param name="options">Options of the group: what time it is, and how long a member may be silent.</param>
    /// <param name="logger">Where values are told of that are none.</param>
    public MemcachedStore(MemcachedOptions servers, ServiceGroupOptions options, ILogger logger)
    {
        ServerNode[] nodes = servers.Validate();
        _options = servers;
        _time = options.TimeProvider;
        _serviceDownTime = options.ServiceDownTime;
        _logger = logger;
        _cluster = new MemcachedCluster(nodes, servers, _time);
        _known = new KnownMembers(servers.KeyForm);
        Name = $"memcached at {string.Join(", ", nodes.Select(node => node.ToString()))}";
    }

    public string Name { get; }

    // memcached keeps no list, and a daemon of ours knows who SHA-1 keys stand for only with a database.
    public bool ListsAll => false;

    public Task JoinAsync(IReadOnlyList<MemberName> names, CancellationToken cancellationToken) => BeatAsync(names, cancellationToken);

    public async Task<IReadOnlyCollection<MemberName>> BeatAsync(IReadOnlyList<MemberName> names, CancellationToken cancellationToken)
    {
        var keys = new byte[names.Count][];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = _known.Joined(names[i]);
        }

        (uint flags, byte[] value) = HeartbeatValue.Write(_time.GetUtcNow().UtcDateTime, _options.ValueForm);
        ThrowIfAny(await _cluster.PlayAsync(
            keys, All(keys), which => new SetExchange(keys, which, flags, value), cancellationToken).ConfigureAwait(false));
        return [];
    }

    public async Task<IReadOnlyList<Evidence>> ReadAsync(IReadOnlyList<MemberName> names, CancellationToken cancellationToken)
    {
        var keys = new byte[names.Count][];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = _known.Asked(names[i]);
        }

        var evidence = new Evidence[names.Count];
        Exchange Ask(IReadOnlyList<int> which)
            => new GetExchange(keys, which, (key, flags, length, value) => Found(names[key], keys[key], flags, length, value, ref evidence[key]));
        ThrowIfAny(await _cluster.PlayAsync(keys, All(keys), Ask, cancellationToken).ConfigureAwait(false));
        if (_cluster.Nodes.Count > 1)
        {
            await LookElsewhereAsync(keys, evidence, Ask, cancellationToken).ConfigureAwait(false);
        }

        return evidence;
    }

    public async Task<IReadOnlyList<(MemberName Name, Evidence Evidence)>> ListAsync(string? group, CancellationToken cancellationToken)
    {
        MembersExchange[] lists = [.. _cluster.Nodes.Select(_ => new MembersExchange(group))];
        Task<MemcachedException?>[] asked = [.. lists.Select((list, server) => TryListAsync(server, list, cancellationToken))];
        MemcachedException?[] faults = await Task.WhenAll(asked).ConfigureAwait(false);
        if (Array.TrueForAll(faults, fault => fault is not null))
        {
            throw new HeartbeatStoreException(string.Join("; and ", faults.Select(fault => fault!.Message)), faults[0]);
        }

        var members = new Dictionary<MemberName, Evidence>();
        foreach ((MemberName name, Evidence evidence) in lists.SelectMany(list => list.Members))
        {
            members[name] = Evidence.Newest(members.GetValueOrDefault(name), evidence);
        }

        (MemberName Name, bool Joined)[] known = [.. _known.In(group)];
        IReadOnlyList<Evidence> read = await ReadAsync([.. known.Select(member => member.Name)], cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < known.Length; i++)
        {
            // Of somebody who was only asked for, and never beat, nothing is known at all.
            if (known[i].Joined || read[i].Age is not null)
            {
                members[known[i].Name] = Evidence.Newest(members.GetValueOrDefault(known[i].Name), read[i]);
            }
        }

        return [.. members.Select(member => (member.Key, member.Value))];
    }

    public async Task<bool> RemoveAsync(MemberName name, CancellationToken cancellationToken)
    {
        byte[] key = NovaKey.Of(name, _options.KeyForm);
        var made = new List<DeleteExchange>();
        ThrowIfAny(await _cluster.PlayAsync(
            [key],
            [0],
            _ =>
            {
                made.Add(new DeleteExchange(key));
                return made[^1];
            },
            cancellationToken).ConfigureAwait(false));
        _known.Forget(name);
        return made[^1].Deleted;
    }

    public ValueTask DisposeAsync()
    {
        _cluster.Dispose();
        return default;
    }

    private static int[] All(byte[][] keys) => [.. Enumerable.Range(0, keys.Length)];

    private static void ThrowIfAny(List<(int Key, MemcachedException Fault)> unserved)
    {
        if (unserved.Count > 0)
        {
            MemcachedException[] faults = [.. unserved.Select(key => key.Fault).DistinctBy(fault => fault.Message)];
            throw new HeartbeatStoreException(string.Join("; and ", faults.Select(fault => fault.Message)), faults[0]);
        }
    }

    /// <summary>
    /// While a server is dead its members beat elsewhere, and they go on there for a while when it is back. Whoever is not up
    /// by what was found is looked for there too; and of whom nothing is found so soon after the death that he need not have
    /// beaten anew, nothing is said.
    /// </summary>
    private async Task LookElsewhereAsync(
        byte[][] keys, Evidence[] evidence, Func<IReadOnlyList<int>, Exchange> ask, CancellationToken cancellationToken)
    {
        if (!_cluster.Nodes.Any(node => node.WasDead(_serviceDownTime)))
        {
            return;
        }

        Evidence[] first = [.. evidence];
        var elsewhere = new List<int>?[_cluster.Nodes.Count];
        foreach (int key in Doubtful(evidence))
        {
            int home = _cluster.HomeOf(keys[key]);
            if (_cluster.Nodes[home].Fault is null
                && _cluster.Nodes[home].WasDead(_serviceDownTime)
                && _cluster.PlaceWithout(keys[key], home) is >= 0 and int other)
            {
                (elsewhere[other] ??= []).Add(key);
            }
        }

        for (int server = 0; server < elsewhere.Length; server++)
        {
            if (elsewhere[server] is { } which)
            {
                await AskAsync(server, ask(which), cancellationToken).ConfigureAwait(false);
                which.ForEach(key => evidence[key] = Evidence.Newest(first[key], evidence[key]));
            }
        }

        foreach (int key in Doubtful(evidence))
        {
            MemcachedNode home = _cluster.Nodes[_cluster.HomeOf(keys[key])];
            if (home.DiedWithin(_serviceDownTime) && home.Fault is { } fault)
            {
                throw new HeartbeatStoreException(fault.Message, fault);
            }
        }
    }

    private IEnumerable<int> Doubtful(Evidence[] evidence)
        => Enumerable.Range(0, evidence.Length).Where(i => evidence[i].Verdict(_serviceDownTime) != MemberState.Up);

    private async Task AskAsync(int server, Exchange exchange, CancellationToken cancellationToken)
    {
        try
        {
            await _cluster.PlayAsync(server, exchange, cancellationToken).ConfigureAwait(false);
        }
        catch (MemcachedException fault)
        {
            throw new HeartbeatStoreException(fault.Message, fault);
        }
    }

    private async Task<MemcachedException?> TryListAsync(int server, MembersExchange list, CancellationToken cancellationToken)
    {
        try
        {
            await _cluster.PlayAsync(server, list, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (MemcachedException fault)
        {
            return fault;
        }
    }

    private void Found(MemberName name, byte[] key, uint flags, int length, ReadOnlySpan<byte> value, ref Evidence evidence)
    {
        if (value.Length == length && HeartbeatValue.TryRead(flags, value, out DateTime lastSeen, out double written))
        {
            double age = (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds - written;
            evidence = new Evidence(TimeSpan.FromSeconds(Math.Max(age, 0)), new DateTimeOffset(lastSeen, TimeSpan.Zero));
            if (!_told.IsEmpty)
            {
                _told.TryRemove(name, out _);
            }
        }
        else if (_told.Count < MostTold && _told.TryAdd(name, true))
        {
            string found = value.Length == length ? HeartbeatValue.Describe(flags, value) : $"{length} bytes";
            MemcachedLog.NoHeartbeat(_logger, Name, name, Encoding.UTF8.GetString(key), found);
        }
    }
}
