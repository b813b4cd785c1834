using System.Globalization;
using Microsoft.Data.Sqlite;

namespace LivenessEngine.Tools.Faults.Servers;

/// <summary>A SQLite file with Nova's services table, in which the members of a run are registered and have never reported.</summary>
internal sealed class ServicesTable : IDisposable
{
    private const string Schema = """
        CREATE TABLE services (
            created_at DATETIME, updated_at DATETIME, deleted_at DATETIME, id INTEGER NOT NULL PRIMARY KEY, host VARCHAR(255),
            "binary" VARCHAR(255), topic VARCHAR(255), report_count INTEGER NOT NULL, disabled BOOLEAN, deleted INTEGER,
            disabled_reason VARCHAR(255), last_seen_up DATETIME, forced_down BOOLEAN, version INTEGER, uuid VARCHAR(36),
            UNIQUE (host, topic, deleted), UNIQUE (host, "binary", deleted))
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("faults-").FullName;

    public ServicesTable(int members)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = File, Pooling = false }.ConnectionString);
        connection.Open();
        Execute(connection, Schema);
        Execute(connection, "BEGIN");
        for (int number = 0; number < members; number++)
        {
            Execute(connection, string.Create(
                CultureInfo.InvariantCulture,
                $"""
                INSERT INTO services (created_at, host, "binary", topic, report_count, disabled, forced_down, deleted, version)
                VALUES (datetime('now', '-1 hour'), '{Nodes.NameOf(number)}', 'nova-compute', 'compute', 0, 0, 0, 0, 61)
                """));
        }

        Execute(connection, "COMMIT");
    }

    public string Url => $"sqlite:///{File}";

    private string File => Path.Combine(_folder, "nova.sqlite");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void Execute(SqliteConnection connection, string text)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}
