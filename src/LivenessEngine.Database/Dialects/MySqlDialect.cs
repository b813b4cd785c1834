using System.Data.Common;
using System.Globalization;
using System.Text;
using MySqlConnector;

namespace LivenessEngine.Database.Dialects;

/// <summary>MySQL and MariaDB, by MySqlConnector.</summary>
internal sealed class MySqlDialect : ISqlDialect
{
    private readonly Lock _gate = new();
    private readonly string _connectionString;
    private readonly string _sessionSettings;
    private readonly TimeProvider? _hostClock;
    private MySqlDataSource? _source;

    /// <param name="connection">Where it is.</param>
    /// <param name="lockTimeout">How long a statement waits for a row that somebody else holds.</param>
    /// <param name="hostClock">The clock that counts; null for the server's.</param>
    public MySqlDialect(MySqlConnectionStringBuilder connection, TimeSpan lockTimeout, TimeProvider? hostClock)
    {
        _connectionString = connection.ConnectionString;
        _hostClock = hostClock;
        Name = $"MySQL at {MySqlConnectionOptions.Place(connection)}";

        // The mode is oslo.db's: what does not fit is an error and not cut off. The lock time-out is 50 s by default.
        _sessionSettings = string.Create(
            CultureInfo.InvariantCulture,
            $"SET SESSION sql_mode = 'TRADITIONAL', innodb_lock_wait_timeout = {Math.Max(1, (int)lockTimeout.TotalSeconds)}");
    }

    public string Name { get; }

    public bool Blocks => false;

    public bool SpreadsRows => false;

    public string BinaryColumn => "`binary`";

    // Nova's table is utf8mb3_general_ci: 'Node1' and 'node1' are one host.
    public StringComparer HostComparer => StringComparer.OrdinalIgnoreCase;

    // INSERT IGNORE would pass over every other error too.
    public string OnDuplicate => "ON DUPLICATE KEY UPDATE id = id";

    public async ValueTask<DbConnection> OpenAsync(CancellationToken cancellationToken)
        => await Source().OpenConnectionAsync(cancellationToken).ConfigureAwait(false);

    public void ForgetConnections()
    {
        if (Volatile.Read(ref _source) is { } source)
        {
            using MySqlConnection connection = source.CreateConnection();
            MySqlConnection.ClearPool(connection);
        }
    }

    public string Now(DbCommand command) => _hostClock is null ? "UTC_TIMESTAMP(6)" : command.HostNow(_hostClock, static now => now);

    public string HostIn(DbCommand command, IReadOnlyList<string> hosts)
    {
        for (int i = 0; i < hosts.Count; i++)
        {
            command.Add(string.Create(CultureInfo.InvariantCulture, $"@h{i}"), hosts[i]);
        }

        return $"host IN ({string.Join(',', command.Parameters.Cast<DbParameter>().TakeLast(hosts.Count).Select(host => host.ParameterName))})";
    }

    public string IdIn(DbCommand command, IReadOnlyList<long> ids) => $"id IN ({SqlTexts.Join(ids)})";

    // By its primary key rows are locked in the order of their ids, and only these: another plan might read, and lock, all.
    public string Beat(DbCommand command, IReadOnlyList<long> ids)
    {
        string now = Now(command);
        return $"""
            UPDATE services FORCE INDEX (PRIMARY) SET report_count = report_count + 1, last_seen_up = {now}, updated_at = {now}
            WHERE {IdIn(command, ids)} AND deleted = 0
            """;
    }

    // The list first, so that rows are looked up, and locked, in its order.
    public string WriteThrough(DbCommand command, IReadOnlyList<(long Id, TimeSpan Age)> sightings)
    {
        string now = Now(command);
        var seen = new StringBuilder("SELECT NULL AS id, NULL AS age FROM DUAL WHERE FALSE");
        foreach ((long id, TimeSpan age) in sightings)
        {
            seen.Append(CultureInfo.InvariantCulture, $" UNION ALL SELECT {id},{SqlTexts.Microseconds(age)}");
        }

        return $"""
            UPDATE ({seen}) AS seen STRAIGHT_JOIN services FORCE INDEX (PRIMARY) ON services.id = seen.id
            SET services.last_seen_up = {now} - INTERVAL seen.age MICROSECOND, services.updated_at = {now}
            WHERE services.deleted = 0
            AND (services.last_seen_up IS NULL OR services.last_seen_up < {now} - INTERVAL seen.age MICROSECOND)
            """;
    }

    // 0000-00-00 comes as the least time there is.
    public DateTime? ReadTime(DbDataReader reader, int column)
        => reader.IsDBNull(column) || reader.GetDateTime(column) is var time && time == DateTime.MinValue ? null : reader.GetDateTime(column);

    public Fault? Explain(Exception failure) => MySqlFaults.Explain(failure);

    public ValueTask DisposeAsync() => _source?.DisposeAsync() ?? default;

    // Not before it is needed: the client looks for a unix socket at once, and the server may come later.
    private MySqlDataSource Source()
    {
        lock (_gate)
        {
            return _source ??= new MySqlDataSourceBuilder(_connectionString)
                .UseConnectionOpenedCallback(async (opened, cancellationToken) =>
                {
                    if ((opened.Conditions & MySqlConnectionOpenedConditions.New) != 0)
                    {
                        await using var command = new MySqlCommand(_sessionSettings, opened.Connection);
                        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
                    }
                })
                .Build();
        }
    }
}
