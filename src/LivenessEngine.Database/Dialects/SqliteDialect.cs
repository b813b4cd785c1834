using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace LivenessEngine.Database.Dialects;

/// <summary>SQLite, by Microsoft.Data.Sqlite. A file that does not exist is made, with Nova's table in it.</summary>
/// <remarks>
/// <para>A Nova process may share the file. So the time to wait for another writer is that of pysqlite, 5 s; times are
/// texts in the form that SQLAlchemy writes and reads.</para>
/// <para>A file that is made here keeps its journal apart (WAL): readers and the writer do not wait for each other, and a
/// heartbeat waits for no disk. What a loss of power takes then, the next heartbeat brings back. A file that is there
/// already stays as its owner made it.</para>
/// </remarks>
internal sealed class SqliteDialect : ISqlDialect
{
    private const string TimeFormat = "yyyy-MM-dd HH:mm:ss.ffffff";

    private readonly SqliteTarget _target;
    private readonly string _connectionString;
    private readonly TimeProvider _clock;

    // What was said once to SQLite's own connection, which the pool keeps, holds as long as it lives.
    private readonly ConditionalWeakTable<sqlite3, SqliteDialect> _prepared = [];

    public SqliteDialect(SqliteTarget target, TimeProvider clock)
    {
        _target = target;
        _clock = clock;
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = target.File,
            Mode = target.Mode,

            // SQLite itself waits (busy_timeout) and looks often; the client's own wait behind it looks every 150 ms.
            DefaultTimeout = 1,
        }.ConnectionString;
        Name = $"SQLite file {target.File}";
    }

    public string Name { get; }

    public bool Blocks => true;

    public bool SpreadsRows => false;

    public string BinaryColumn => "\"binary\"";

    public StringComparer HostComparer => StringComparer.Ordinal;

    public string OnDuplicate => "ON CONFLICT DO NOTHING";

    public async ValueTask<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(_target.File))
        {
            // Connections that are left belong to the file that was there before.
            ForgetConnections();
        }

        var connection = new SqliteConnection(_connectionString);
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            if (!_prepared.TryGetValue(connection.Handle!, out _))
            {
                connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout = {(int)_target.BusyTimeout.TotalMilliseconds}"));
                SqliteSchema.Prepare(connection, mayCreate: _target.Mode == SqliteOpenMode.ReadWriteCreate);
                _prepared.AddOrUpdate(connection.Handle!, this);
            }

            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public void ForgetConnections()
    {
        using var connection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(connection);
    }

    public string Now(DbCommand command) => command.HostNow(_clock, static now => Text(now));

    public string HostIn(DbCommand command, IReadOnlyList<string> hosts)
    {
        command.Add("@hosts", $"[{string.Join(',', hosts.Select(host => $"\"{JsonEncodedText.Encode(host)}\""))}]");
        return "host IN (SELECT value FROM json_each(@hosts))";
    }

    public string IdIn(DbCommand command, IReadOnlyList<long> ids)
    {
        command.Add("@ids", $"[{SqlTexts.Join(ids)}]");
        return "id IN (SELECT value FROM json_each(@ids))";
    }

    public string Beat(DbCommand command, IReadOnlyList<long> ids)
    {
        string now = Now(command);
        return $"""
            UPDATE services SET report_count = report_count + 1, last_seen_up = {now}, updated_at = {now}
            WHERE {IdIn(command, ids)} AND deleted = 0
            """;
    }

    // Texts of this form sort as the times do.
    public string WriteThrough(DbCommand command, IReadOnlyList<(long Id, TimeSpan Age)> sightings)
    {
        string now = Now(command);
        DateTime present = _clock.GetUtcNow().UtcDateTime;
        command.Add("@seen", $"[{string.Join(',', sightings.Select(seen => string.Create(CultureInfo.InvariantCulture, $"[{seen.Id},\"{Text(present - seen.Age)}\"]")))}]");
        return $"""
            UPDATE services SET last_seen_up = seen.at, updated_at = {now}
            FROM (SELECT json_extract(value, '$[0]') AS id, json_extract(value, '$[1]') AS at FROM json_each(@seen)) AS seen
            WHERE services.id = seen.id AND deleted = 0 AND (last_seen_up IS NULL OR last_seen_up < seen.at)
            """;
    }

    // As SQLAlchemy reads it: the time of day and its fraction may be missing.
    public DateTime? ReadTime(DbDataReader reader, int column)
        => reader.IsDBNull(column) ? null
        : DateTime.TryParse(reader.GetString(column), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out DateTime time) ? time
        : throw new FormatException($"'{reader.GetString(column)}' in the column {reader.GetName(column)} is no time");

    public Fault? Explain(Exception failure) => SqliteFaults.Explain(failure);

    public ValueTask DisposeAsync()
    {
        ForgetConnections();
        return default;
    }

    private static string Text(DateTime time) => time.ToString(TimeFormat, CultureInfo.InvariantCulture);
}
