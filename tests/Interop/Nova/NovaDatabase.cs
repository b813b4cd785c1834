using System.Globalization;
using LivenessEngine.Testing;
using Microsoft.Data.Sqlite;

namespace LivenessEngine.Interop.Nova;

/// <summary>A database with Nova's services table in it, a file; and configurations for it.</summary>
internal sealed class NovaDatabase : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _connection;
    private int _last;

    public NovaDatabase()
    {
        _connection = new SqliteConnectionStringBuilder { DataSource = _folder["nova.sqlite"], Pooling = false }.ConnectionString;
        Execute(File.ReadAllText(Path.Combine(Repository.Root, "tests", "LivenessEngine.Database.Tests", "Schema", "sqlite.sql")));
    }

    public string Url => $"sqlite:///{_folder["nova.sqlite"]}";

    /// <summary>A row as Nova makes it, that never beat.</summary>
    public void Register(string host, string topic = "compute", bool forcedDown = false, bool disabled = false)
        => Execute(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            INSERT INTO services (created_at, host, "binary", topic, report_count, disabled, forced_down, deleted, version)
            VALUES (datetime('now', '-1 hour'), '{host}', 'nova-{topic}', '{topic}', 0, {(disabled ? 1 : 0)}, {(forcedDown ? 1 : 0)}, 0, 61)
            """));

    public void Execute(string text)
    {
        using SqliteCommand command = Open(text);
        command.ExecuteNonQuery();
        command.Connection!.Dispose();
    }

    public string? Value(string query)
    {
        using SqliteCommand command = Open(query);
        string? value = Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture);
        command.Connection!.Dispose();
        return value is "" ? null : value;
    }

    /// <summary>Nobody can write into it until this is disposed of.</summary>
    public IDisposable Lock()
    {
        SqliteCommand command = Open("BEGIN IMMEDIATE");
        command.ExecuteNonQuery();
        return command.Connection!;
    }

    /// <summary>Writes a nova.conf and returns its path.</summary>
    public string Configuration(params string[] lines)
    {
        string file = _folder[string.Create(CultureInfo.InvariantCulture, $"nova{++_last}.conf")];
        File.WriteAllLines(file, lines);
        return file;
    }

    public void Dispose() => _folder.Dispose();

    private SqliteCommand Open(string text)
    {
        var connection = new SqliteConnection(_connection);
        connection.Open();
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = text;
        return command;
    }
}
