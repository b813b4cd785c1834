using System.Data.Common;
using System.Globalization;
using Npgsql;

namespace LivenessEngine.Database.Dialects;

/// <summary>PostgreSQL, by Npgsql.</summary>
internal sealed class PostgreSqlDialect : ISqlDialect
{
    // A heartbeat waits for no disk: what a crash of the server takes, the last half second, the next heartbeat brings back.
    // For this transaction only, and in the statement itself, which saves a round trip.
    private const string WithoutWaiting = "(SELECT set_config('synchronous_commit', 'off', true) AS set) AS quick";

    private readonly NpgsqlDataSource _source;
    private readonly TimeProvider? _hostClock;

    /// <param name="connection">Where it is.</param>
    /// <param name="lockTimeout">How long a statement waits for a row that somebody else holds.</param>
    /// <param name="hostClock">The clock that counts; null for the server's.</param>
    public PostgreSqlDialect(NpgsqlConnectionStringBuilder connection, TimeSpan lockTimeout, TimeProvider? hostClock)
    {
        _hostClock = hostClock;
        Name = $"PostgreSQL at {PostgreSqlConnection.Place(connection)}";
        string set = string.Create(CultureInfo.InvariantCulture, $"SET lock_timeout = {(int)lockTimeout.TotalMilliseconds}");
        var source = new NpgsqlDataSourceBuilder(connection.ConnectionString);
        source.UsePhysicalConnectionInitializer(
            session => Run(session, set),
            async session =>
            {
                await using NpgsqlCommand command = new(set, session);
                await command.ExecuteNonQueryAsync().ConfigureAwait(false);
            });
        _source = source.Build();
    }

    public string Name { get; }

    public bool Blocks => false;

    // A new version of a row goes into its own page, and no index is touched, if there is room. A statement that rewrites a
    // whole page finds none, for the old versions go with its end; one that rewrites a few rows finds what the last one left.
    public bool SpreadsRows => true;

    public string BinaryColumn => "\"binary\"";

    public StringComparer HostComparer => StringComparer.Ordinal;

    public string OnDuplicate => "ON CONFLICT DO NOTHING";

    public async ValueTask<DbConnection> OpenAsync(CancellationToken cancellationToken)
        => await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);

    public void ForgetConnections() => _source.Clear();

    // clock_timestamp, for now() is the time at which a transaction began.
    public string Now(DbCommand command)
        => _hostClock is null ? "timezone('utc', clock_timestamp())" : command.HostNow(_hostClock, static now => now);

    // The planner takes a list that it cannot see for a short one, and goes by the index. Of one that it sees it may think
    // that reading the whole table is less work, which it is not: above all in a table that has no statistics yet.
    public string HostIn(DbCommand command, IReadOnlyList<string> hosts)
    {
        command.Add("@hosts", hosts.ToArray());
        return "host = ANY(ARRAY(SELECT unnest(@hosts)))";
    }

    public string IdIn(DbCommand command, IReadOnlyList<long> ids)
    {
        command.Add("@ids", ids.ToArray());
        return "id = ANY(ARRAY(SELECT unnest(@ids)))";
    }

    // An update alone locks rows in the order in which its plan comes upon them; the select before it, in that of the ids.
    public string Beat(DbCommand command, IReadOnlyList<long> ids)
    {
        string now = Now(command);
        return $"""
            WITH due AS (SELECT id FROM services WHERE {IdIn(command, ids)} AND deleted = 0 ORDER BY id FOR NO KEY UPDATE)
            UPDATE services SET report_count = report_count + 1, last_seen_up = {now}, updated_at = {now}
            FROM due, {WithoutWaiting} WHERE services.id = due.id AND quick.set = 'off'
            """;
    }

    public string WriteThrough(DbCommand command, IReadOnlyList<(long Id, TimeSpan Age)> sightings)
    {
        string now = Now(command);
        command.Add("@ids", sightings.Select(sighting => sighting.Id).ToArray());
        command.Add("@ages", sightings.Select(sighting => sighting.Age).ToArray());
        return $"""
            WITH due AS (
                SELECT services.id, {now} - seen.age AS at
                FROM services JOIN unnest(ARRAY(SELECT unnest(@ids)), ARRAY(SELECT unnest(@ages))) AS seen (id, age) ON services.id = seen.id
                WHERE services.deleted = 0 ORDER BY services.id FOR NO KEY UPDATE OF services)
            UPDATE services SET last_seen_up = due.at, updated_at = {now}
            FROM due, {WithoutWaiting} WHERE services.id = due.id AND quick.set = 'off' AND (services.last_seen_up IS NULL OR services.last_seen_up < due.at)
            """;
    }

    public DateTime? ReadTime(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetDateTime(column);

    public Fault? Explain(Exception failure) => PostgreSqlFaults.Explain(failure);

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static void Run(NpgsqlConnection session, string text)
    {
        using NpgsqlCommand command = new(text, session);
        command.ExecuteNonQuery();
    }
}
