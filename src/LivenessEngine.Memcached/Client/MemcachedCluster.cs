using LivenessEngine.Memcached.Client.Placement;

namespace LivenessEngine.Memcached.Client;

/// <summary>
/// All servers of a list: takes keys to where they belong, to all servers at once. The keys of a server that fails go on to
/// where its clients look for them then, in the same call; where there is no such server they are left, with its fault.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class MemcachedCluster : IDisposable
{
    private readonly IPlacement _placement;
    private readonly MemcachedNode[] _nodes;

    public MemcachedCluster(IReadOnlyList<ServerNode> servers, MemcachedOptions options, TimeProvider time)
    {
        _placement = Placements.Create(options.Placement, servers);
        _nodes = [.. servers.Select(server => new MemcachedNode(server, options, time))];
    }

    public IReadOnlyList<MemcachedNode> Nodes => _nodes;

    /// <summary>The server that a key belongs to when all live.</summary>
    public int HomeOf(ReadOnlySpan<byte> key)
    {
        if (_nodes.Length == 1)
        {
            return 0;
        }

        Span<bool> all = stackalloc bool[_nodes.Length];
        all.Fill(true);
        return _placement.Place(key, all);
    }

    /// <summary>Where the key goes when one server is left out; -1 for nowhere.</summary>
    public int PlaceWithout(ReadOnlySpan<byte> key, int server)
    {
        bool[] others = Living();
        others[server] = false;
        int place = PlaceOf(key, others);
        return others[place] ? place : -1;
    }

    /// <summary>Takes keys to their servers.</summary>
    /// <param name="keys">All keys.</param>
    /// <param name="which">The numbers of those that are meant.</param>
    /// <param name="make">Makes the exchange with one server about some of them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The numbers of the keys that no server served, each with the fault of the server it belongs to.</returns>
    public async Task<List<(int Key, MemcachedException Fault)>> PlayAsync(
        IReadOnlyList<byte[]> keys, IReadOnlyList<int> which, Func<IReadOnlyList<int>, Exchange> make, CancellationToken cancellationToken)
    {
        var unserved = new List<(int, MemcachedException)>();
        bool[] living = Living();
        var faults = new MemcachedException?[_nodes.Length];
        while (which.Count > 0)
        {
            List<int>?[] shares = Share(keys, which, living, faults, unserved);
            which = [];
            await Task.WhenAll(shares.Select((share, server) => TryPlayAsync(server, share, make, faults, cancellationToken))).ConfigureAwait(false);
            for (int server = 0; server < shares.Length; server++)
            {
                if (shares[server] is not { } share || faults[server] is not { } fault)
                {
                    continue;
                }

                if (fault.ServerLives)
                {
                    unserved.AddRange(share.Select(key => (key, fault)));
                }
                else
                {
                    living[server] = false;
                    which = [.. which, .. share];
                }
            }
        }

        return unserved;
    }

    /// <summary>Plays an exchange with one server, wherever keys belong.</summary>
    public Task PlayAsync(int server, Exchange exchange, CancellationToken cancellationToken) => _nodes[server].PlayAsync(exchange, cancellationToken);

    public void Dispose()
    {
        foreach (MemcachedNode node in _nodes)
        {
            node.Dispose();
        }
    }

    private async Task TryPlayAsync(
        int server, List<int>? share, Func<IReadOnlyList<int>, Exchange> make, MemcachedException?[] faults, CancellationToken cancellationToken)
    {
        if (share is null)
        {
            return;
        }

        try
        {
            await _nodes[server].PlayAsync(make(share), cancellationToken).ConfigureAwait(false);
        }
        catch (MemcachedException fault)
        {
            faults[server] = fault;
        }
    }

    // When none lives all are asked, as oslo.cache's pool does: there is nobody else, and one of them may be back.
    private bool[] Living()
    {
        bool[] living = Array.ConvertAll(_nodes, node => node.IsAlive);
        if (!living.Contains(true))
        {
            Array.Fill(living, true);
        }

        return living;
    }

    // python-memcached and Enyim give up after some tries, and then have no server for one key in some hundreds. Nobody looks
    // for such a key anywhere, so it does no harm to have it on the next one that lives.
    private int PlaceOf(ReadOnlySpan<byte> key, bool[] living)
    {
        int place = _nodes.Length == 1 ? 0 : _placement.Place(key, living);
        if (place < 0)
        {
            place = HomeOf(key);
            for (int i = 1; i < living.Length && !living[place]; i++)
            {
                place = (place + 1) % living.Length;
            }
        }

        return place;
    }

    private List<int>?[] Share(
        IReadOnlyList<byte[]> keys, IReadOnlyList<int> which, bool[] living, MemcachedException?[] faults, List<(int Key, MemcachedException Fault)> unserved)
    {
        var shares = new List<int>?[_nodes.Length];
        foreach (int key in which)
        {
            int server = PlaceOf(keys[key], living);
            if (living[server])
            {
                (shares[server] ??= new List<int>(which.Count / _nodes.Length)).Add(key);
                continue;
            }

            int home = HomeOf(keys[key]);
            unserved.Add((key, faults[home] ?? _nodes[home].Fault ?? new MemcachedException($"memcached at {_nodes[home].Server} is dead")));
        }

        return shares;
    }
}
