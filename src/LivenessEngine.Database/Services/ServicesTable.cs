using System.Data.Common;
using System.Globalization;
using System.Text;
using LivenessEngine.Database.Dialects;

namespace LivenessEngine.Database.Services;

/// <summary>
/// The statements on Nova's <c>services</c> table: many rows each, and never more than a few hundred. A member's group is
/// the row's topic, its name the row's host; a row whose <c>deleted</c> is not 0 is none.
/// </summary>
internal sealed class ServicesTable(ISqlDialect dialect, StatementRunner runner, int rowsPerStatement)
{
    /// <summary>Everybody in a group; of all groups with null. Rows without a topic (Nova's API services) are in none.</summary>
    public Task<List<ServiceRow>> ListAsync(string? group, CancellationToken cancellationToken)
        => runner.RunAsync(
            async (connection, cancellationToken) =>
            {
                await using DbCommand command = connection.CreateCommand();
                command.CommandText = $"SELECT {RowReader.Columns(dialect, command)} FROM services WHERE deleted = 0 AND host IS NOT NULL AND "
                    + (group is null ? "topic IS NOT NULL" : "topic = @topic");
                if (group is not null)
                {
                    command.Add("@topic", group);
                }

                return OldestOfEach(await RowReader.ReadAsync(dialect, command, cancellationToken).ConfigureAwait(false));
            },
            cancellationToken);

    /// <summary>The rows of those that have one.</summary>
    public async Task<Dictionary<MemberName, ServiceRow>> FindAsync(IEnumerable<MemberName> names, CancellationToken cancellationToken)
    {
        var found = new Dictionary<MemberName, ServiceRow>();
        await EachAsync(names, async (topic, hosts) =>
        {
            List<ServiceRow> rows = await runner.RunAsync(
                async (connection, cancellationToken) =>
                {
                    await using DbCommand command = connection.CreateCommand();
                    command.Add("@topic", topic);
                    command.CommandText = $"SELECT {RowReader.Columns(dialect, command)} FROM services "
                        + $"WHERE topic = @topic AND deleted = 0 AND {dialect.HostIn(command, hosts)}";
                    return OldestOfEach(await RowReader.ReadAsync(dialect, command, cancellationToken).ConfigureAwait(false));
                },
                cancellationToken).ConfigureAwait(false);

            // By the name as it is written first: only where there is none, by one that the database takes for the same.
            var byHost = rows.ToDictionary(row => row.Service.Host, StringComparer.Ordinal);
            var likeHost = rows.DistinctBy(row => row.Service.Host, dialect.HostComparer).ToDictionary(row => row.Service.Host, dialect.HostComparer);
            foreach (string host in hosts)
            {
                if (byHost.TryGetValue(host, out ServiceRow row) || likeHost.TryGetValue(host, out row))
                {
                    found[new MemberName(host, topic)] = row;
                }
            }
        }).ConfigureAwait(false);
        return found;
    }

    /// <summary>Those that have been a member: they have a row that is deleted.</summary>
    public async Task<HashSet<MemberName>> FindDeletedAsync(IEnumerable<MemberName> names, CancellationToken cancellationToken)
    {
        var found = new HashSet<MemberName>();
        await EachAsync(names, async (topic, hosts) =>
        {
            HashSet<string> deleted = await runner.RunAsync(
                async (connection, cancellationToken) =>
                {
                    await using DbCommand command = connection.CreateCommand();
                    command.Add("@topic", topic);
                    command.CommandText = $"SELECT DISTINCT host FROM services WHERE topic = @topic AND deleted <> 0 AND {dialect.HostIn(command, hosts)}";
                    return await HostsAsync(command, cancellationToken).ConfigureAwait(false);
                },
                cancellationToken).ConfigureAwait(false);
            found.UnionWith(hosts.Where(deleted.Contains).Select(host => new MemberName(host, topic)));
        }).ConfigureAwait(false);
        return found;
    }

    /// <summary>
    /// Registers those that have no row as Nova does. A row that is there already stays as it is; a name that the table
    /// does not take is passed over.
    /// </summary>
    public Task RegisterAsync(IEnumerable<MemberName> names, CancellationToken cancellationToken)
        => EachAsync(names, async (topic, hosts) =>
        {
            string binary = $"nova-{topic}";
            int version = await VersionAsync(binary, cancellationToken).ConfigureAwait(false);
            await runner.RunAsync(
                async (connection, cancellationToken) =>
                {
                    await using DbCommand command = connection.CreateCommand();
                    command.CommandText = Insert(command, topic, binary, version, hosts);
                    return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
                },
                cancellationToken).ConfigureAwait(false);
        });

    /// <summary>Counts a heartbeat of each row.</summary>
    /// <param name="ids">In ascending order, each once; no more than one statement takes.</param>
    /// <returns>Those that are there no more.</returns>
    public async Task<IReadOnlyCollection<long>> BeatAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        int counted = await runner.RunAsync(
            async (connection, cancellationToken) =>
            {
                await using DbCommand command = connection.CreateCommand();
                command.CommandText = dialect.Beat(command, ids);
                return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        return counted == ids.Count ? [] : await DeletedAsync(ids, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Moves <c>last_seen_up</c> forward, and counts no heartbeat; returns how many rows have moved.</summary>
    /// <param name="sightings">In ascending order of their ids, each once; no more than one statement takes.</param>
    public Task<int> WriteThroughAsync(IReadOnlyList<(long Id, TimeSpan Age)> sightings, CancellationToken cancellationToken)
        => runner.RunAsync(
            async (connection, cancellationToken) =>
            {
                await using DbCommand command = connection.CreateCommand();
                command.CommandText = dialect.WriteThrough(command, sightings);
                return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            },
            cancellationToken);

    /// <summary>Deletes a row as Nova does: it stays, marked with its own id. False if there is none.</summary>
    public Task<bool> DeleteAsync(MemberName name, CancellationToken cancellationToken)
        => runner.RunAsync(
            async (connection, cancellationToken) =>
            {
                await using DbCommand command = connection.CreateCommand();
                command.Add("@topic", name.Group);
                command.Add("@host", name.Member);
                command.CommandText = $"UPDATE services SET deleted = id, deleted_at = {dialect.Now(command)} WHERE host = @host AND topic = @topic AND deleted = 0";
                return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false) > 0;
            },
            cancellationToken);

    // A table that was put back without its unique constraints may have several rows of one member. One has to count
    // everywhere, or beats go into one and questions to another.
    private static List<ServiceRow> OldestOfEach(List<ServiceRow> rows)
        => [.. rows.OrderBy(row => row.Id).DistinctBy(row => (row.Service.Topic, row.Service.Host))];

    private static async Task<HashSet<T>> ColumnAsync<T>(DbCommand command, Func<DbDataReader, T> read, IEqualityComparer<T>? comparer, CancellationToken cancellationToken)
    {
        var values = new HashSet<T>(comparer);
        DbDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                values.Add(read(reader));
            }
        }

        return values;
    }

    private Task<HashSet<string>> HostsAsync(DbCommand command, CancellationToken cancellationToken)
        => ColumnAsync(command, reader => reader.GetString(0), dialect.HostComparer, cancellationToken);

    private async Task<IReadOnlyCollection<long>> DeletedAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        HashSet<long> live = await runner.RunAsync(
            async (connection, cancellationToken) =>
            {
                await using DbCommand command = connection.CreateCommand();
                command.CommandText = $"SELECT id FROM services WHERE deleted = 0 AND {dialect.IdIn(command, ids)}";
                return await ColumnAsync(command, reader => Convert.ToInt64(reader.GetValue(0), CultureInfo.InvariantCulture), null, cancellationToken).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        return [.. ids.Where(id => !live.Contains(id))];
    }

    // Nova refuses to start beside services that are too old, and takes the least version for that of all: one that is new
    // here must not lower it.
    private Task<int> VersionAsync(string binary, CancellationToken cancellationToken)
        => runner.RunAsync(
            async (connection, cancellationToken) =>
            {
                await using DbCommand command = connection.CreateCommand();
                command.Add("@binary", binary);
                command.CommandText = $"SELECT COALESCE(MAX(version), 0) FROM services WHERE {dialect.BinaryColumn} = @binary AND deleted = 0";
                return Convert.ToInt32(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false), CultureInfo.InvariantCulture);
            },
            cancellationToken);

    private string Insert(DbCommand command, string topic, string binary, int version, string[] hosts)
    {
        string now = dialect.Now(command);
        command.Add("@topic", topic);
        command.Add("@binary", binary);
        command.Add("@version", version);
        var text = new StringBuilder("INSERT INTO services (created_at, host, ")
            .Append(dialect.BinaryColumn)
            .Append(", topic, report_count, disabled, deleted, forced_down, version, uuid) VALUES ");
        for (int i = 0; i < hosts.Length; i++)
        {
            command.Add(string.Create(CultureInfo.InvariantCulture, $"@host{i}"), hosts[i]);
            command.Add(string.Create(CultureInfo.InvariantCulture, $"@uuid{i}"), Guid.NewGuid().ToString());
            text.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ", ")}({now}, @host{i}, @binary, @topic, 0, false, 0, false, @version, @uuid{i})");
        }

        return text.Append(' ').Append(dialect.OnDuplicate).ToString();
    }

    // One name that is not taken (letters that the table's character set lacks) holds up none of the others.
    private async Task EachAsync(IEnumerable<MemberName> names, Func<string, string[], Task> statement)
    {
        foreach ((string topic, string[] hosts) in ByTopic(names))
        {
            if (!await IsTakenAsync(statement, topic, hosts).ConfigureAwait(false) && hosts.Length > 1)
            {
                foreach (string host in hosts)
                {
                    await IsTakenAsync(statement, topic, [host]).ConfigureAwait(false);
                }
            }
        }
    }

    private async Task<bool> IsTakenAsync(Func<string, string[], Task> statement, string topic, string[] hosts)
    {
        try
        {
            await statement(topic, hosts).ConfigureAwait(false);
            return true;
        }
        catch (HeartbeatStoreException fault) when (runner.KindOf(fault) == FaultKind.BadValue)
        {
            return false;
        }
    }

    // In the order of the names: rows that two processes register at a time are locked in one order.
    private IEnumerable<(string Topic, string[] Hosts)> ByTopic(IEnumerable<MemberName> names)
        => names.GroupBy(name => name.Group, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .SelectMany(group => group.Select(name => name.Member)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .Chunk(rowsPerStatement)
                .Select(hosts => (group.Key, hosts)));
}
