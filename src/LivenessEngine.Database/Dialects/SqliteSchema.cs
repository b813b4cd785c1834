using System.Globalization;
using Microsoft.Data.Sqlite;

namespace LivenessEngine.Database.Dialects;

/// <summary>Makes Nova's <c>services</c> table in a file that has nothing in it.</summary>
internal static class SqliteSchema
{
    private const string CountTables = "SELECT count(*) FROM sqlite_master";

    /// <summary>Nova's own statements, as its db sync makes them.</summary>
    private static readonly Lazy<string> Statements = new(() =>
    {
        using var reader = new StreamReader(typeof(SqliteSchema).Assembly.GetManifestResourceStream("services.sqlite.sql")!);
        return reader.ReadToEnd();
    });

    public static void Prepare(SqliteConnection connection, bool mayCreate)
    {
        if (mayCreate && connection.Scalar(CountTables) == "0")
        {
            connection.Execute("PRAGMA journal_mode = WAL");
            using SqliteTransaction transaction = connection.BeginTransaction();

            // Once more, now that no other process can be making it.
            if (connection.Scalar(CountTables) == "0")
            {
                connection.Execute(Statements.Value);
            }

            transaction.Commit();
        }

        // Without WAL less than FULL may leave a file that cannot be read after a loss of power.
        bool isWal = connection.Scalar("PRAGMA journal_mode") == "wal";
        connection.Execute($"PRAGMA synchronous = {(isWal ? "NORMAL" : "FULL")}");
    }

    public static void Execute(this SqliteConnection connection, string text)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }

    private static string? Scalar(this SqliteConnection connection, string text)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = text;
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
