using System.Runtime.ExceptionServices;
using LivenessEngine.Database.Dialects;
using LivenessEngine.ServiceGroups;

namespace LivenessEngine.Database.Services;

/// <summary>Heartbeats in Nova's <c>services</c> table, as Nova's driver <c>db</c> keeps them.</summary>
internal sealed class ServicesTableStore : IHeartbeatStore
{
    // A row may be deleted and registered anew while it is looked for; nobody does so three times in a row.
    private const int Rounds = 3;

    private readonly ISqlDialect _dialect;
    private readonly StatementRunner _runner;
    private readonly ServicesTable _table;
    private readonly RowIds _ids;
    private readonly int _rowsPerStatement;

    /// <param name="options">Where the table is.</param>
    /// <param name="time">This host's clock.</param>
    /// <exception cref="ArgumentException">An option is not allowed; the message names it and what is.</exception>
    public ServicesTableStore(DatabaseOptions options, TimeProvider time)
    {
        _dialect = SqlDialect.From(options, time);
        _rowsPerStatement = options.RowsPerStatement;
        _runner = new StatementRunner(_dialect);
        _table = new ServicesTable(_dialect, _runner, _rowsPerStatement);
        _ids = new RowIds(time, () => _runner.ConnectionsLost);
    }

    public string Name => _dialect.Name;

    public async Task JoinAsync(IReadOnlyList<MemberName> names, CancellationToken cancellationToken)
    {
        HashSet<MemberName> pending = [.. names];
        for (int round = 0; round < Rounds && pending.Count > 0; round++)
        {
            Dictionary<MemberName, long> ids = await FindOrRegisterAsync(pending, cancellationToken).ConfigureAwait(false);
            HashSet<MemberName> missed = await CountAsync(ids, cancellationToken).ConfigureAwait(false);
            pending.RemoveWhere(name => ids.ContainsKey(name) && !missed.Contains(name));
        }

        if (pending.Count > 0)
        {
            throw NotRegistered(pending);
        }
    }

    public async Task<IReadOnlyCollection<MemberName>> BeatAsync(IReadOnlyList<MemberName> names, CancellationToken cancellationToken)
    {
        HashSet<MemberName> pending = [.. names];
        var gone = new HashSet<MemberName>();
        for (int round = 0; round < Rounds && pending.Count > 0; round++)
        {
            Dictionary<MemberName, long> ids = await IdsAsync(pending, cancellationToken).ConfigureAwait(false);
            if (ids.Count < pending.Count)
            {
                MemberName[] unknown = [.. pending.Where(name => !ids.ContainsKey(name))];

                // A heartbeat alone never brings back what was deleted.
                HashSet<MemberName> deleted = await _table.FindDeletedAsync(unknown, cancellationToken).ConfigureAwait(false);
                gone.UnionWith(deleted);
                pending.ExceptWith(deleted);
                foreach ((MemberName name, long id) in await FindOrRegisterAsync(unknown.Where(name => !deleted.Contains(name)), cancellationToken).ConfigureAwait(false))
                {
                    ids[name] = id;
                }
            }

            HashSet<MemberName> missed = await CountAsync(ids, cancellationToken).ConfigureAwait(false);
            if (missed.Count == 0 && ids.Count == pending.Count)
            {
                return gone;
            }

            pending.RemoveWhere(name => ids.ContainsKey(name) && !missed.Contains(name));
        }

        return pending.Count == 0 ? gone : throw NotRegistered(pending);
    }

    public async Task<IReadOnlyList<Evidence>> ReadAsync(IReadOnlyList<MemberName> names, CancellationToken cancellationToken)
    {
        Dictionary<MemberName, ServiceRow> rows = await _table.FindAsync(names, cancellationToken).ConfigureAwait(false);
        return [.. names.Select(name => rows.GetValueOrDefault(name).Evidence)];
    }

    public async Task<IReadOnlyList<(MemberName Name, Evidence Evidence)>> ListAsync(string? group, CancellationToken cancellationToken)
    {
        List<ServiceRow> rows = await _table.ListAsync(group, cancellationToken).ConfigureAwait(false);
        var members = new List<(MemberName, Evidence)>(rows.Count);
        foreach (ServiceRow row in rows)
        {
            var name = new MemberName(row.Service.Host, row.Service.Topic);
            if (MayBeMember(name))
            {
                // Whoever has been registered anew since has another row.
                _ids.Set(name, row.Id);
                members.Add((name, row.Evidence));
            }
        }

        return members;
    }

    public async Task<bool> RemoveAsync(MemberName name, CancellationToken cancellationToken)
    {
        _ids.Forget(name);
        return await _table.DeleteAsync(name, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Hands on heartbeats that arrived elsewhere: moves <c>last_seen_up</c> forward, and leaves <c>report_count</c>
    /// alone, for Nova takes a heartbeat of its own for one only if its count is the higher. Registers nobody.
    /// </summary>
    /// <param name="sightings">Who was seen, and how long ago. Those without a row are passed over.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many rows have moved.</returns>
    /// <exception cref="HeartbeatStoreException">Not all could be handed on; all may be handed on again.</exception>
    public async Task<int> WriteThroughAsync(IReadOnlyList<(MemberName Name, TimeSpan Age)> sightings, CancellationToken cancellationToken)
    {
        Dictionary<MemberName, long> ids = await IdsAsync(sightings.Select(seen => seen.Name).ToHashSet(), cancellationToken).ConfigureAwait(false);
        var ages = new SortedDictionary<long, TimeSpan>();
        foreach ((MemberName name, TimeSpan age) in sightings)
        {
            if (ids.TryGetValue(name, out long id) && (!ages.TryGetValue(id, out TimeSpan other) || age < other))
            {
                ages[id] = age > TimeSpan.Zero ? age : TimeSpan.Zero;
            }
        }

        int moved = 0;
        await EachAsync(
            Batches.Of([.. ages.Select(pair => (pair.Key, pair.Value))], _rowsPerStatement, _dialect.SpreadsRows),
            async batch => moved += await _table.WriteThroughAsync(batch, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        return moved;
    }

    public ValueTask DisposeAsync() => _dialect.DisposeAsync();

    // The group is the topic, which Nova's table keeps apart from the host; both may hold what no member's name may.
    private static bool MayBeMember(MemberName name)
    {
        try
        {
            name.Check();
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private HeartbeatStoreException NotRegistered(HashSet<MemberName> names)
    {
        MemberName first = names.First();
        return new HeartbeatStoreException(
            $"{Name}: '{first.Member}' cannot be registered with the topic '{first.Group}'{(names.Count > 1 ? $", nor {names.Count - 1} others" : "")}; "
            + $"has the table 'services' a row of this host with the binary 'nova-{first.Group}' and another topic, or a name that it takes for the same?");
    }

    /// <summary>The ids of those that have a row, known or looked up.</summary>
    private async Task<Dictionary<MemberName, long>> IdsAsync(HashSet<MemberName> names, CancellationToken cancellationToken)
    {
        var ids = new Dictionary<MemberName, long>(names.Count);
        IReadOnlyDictionary<MemberName, long> known = _ids.Known;
        foreach (MemberName name in names)
        {
            if (known.TryGetValue(name, out long id))
            {
                ids[name] = id;
            }
        }

        if (ids.Count < names.Count)
        {
            await LookUpAsync(names.Where(name => !ids.ContainsKey(name)), ids, cancellationToken).ConfigureAwait(false);
        }

        return ids;
    }

    private async Task<Dictionary<MemberName, long>> FindOrRegisterAsync(IEnumerable<MemberName> names, CancellationToken cancellationToken)
    {
        MemberName[] all = [.. names];
        var ids = new Dictionary<MemberName, long>(all.Length);
        await LookUpAsync(all, ids, cancellationToken).ConfigureAwait(false);
        MemberName[] missing = [.. all.Where(name => !ids.ContainsKey(name))];
        if (missing.Length > 0)
        {
            // Whoever registers one of them at this moment wins by the table's unique constraint, and its row is taken.
            await _table.RegisterAsync(missing, cancellationToken).ConfigureAwait(false);
            await LookUpAsync(missing, ids, cancellationToken).ConfigureAwait(false);
        }

        return ids;
    }

    private async Task LookUpAsync(IEnumerable<MemberName> names, Dictionary<MemberName, long> ids, CancellationToken cancellationToken)
    {
        foreach ((MemberName name, ServiceRow row) in await _table.FindAsync(names, cancellationToken).ConfigureAwait(false))
        {
            ids[name] = row.Id;
            _ids.Set(name, row.Id);
        }
    }

    /// <summary>Counts a heartbeat of each; returns those whose row is there no more.</summary>
    private async Task<HashSet<MemberName>> CountAsync(Dictionary<MemberName, long> ids, CancellationToken cancellationToken)
    {
        var missed = new HashSet<long>();
        await EachAsync(
            Batches.Of([.. ids.Values.ToHashSet().Order()], _rowsPerStatement, _dialect.SpreadsRows),
            async batch => missed.UnionWith(await _table.BeatAsync(batch, cancellationToken).ConfigureAwait(false))).ConfigureAwait(false);
        if (missed.Count == 0)
        {
            return [];
        }

        HashSet<MemberName> names = [.. ids.Where(pair => missed.Contains(pair.Value)).Select(pair => pair.Key)];
        foreach (MemberName name in names)
        {
            _ids.Forget(name);
        }

        return names;
    }

    // A lock that one batch waited for in vain says nothing about the others; a second one may be on the whole table, and a
    // lost database is lost for all.
    private async Task EachAsync<T>(IEnumerable<T[]> batches, Func<T[], Task> write)
    {
        HeartbeatStoreException? failure = null;
        foreach (T[] batch in batches)
        {
            try
            {
                await write(batch).ConfigureAwait(false);
            }
            catch (HeartbeatStoreException fault) when (failure is null && _runner.IsOfOneStatement(fault))
            {
                failure = fault;
            }
        }

        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }
}
