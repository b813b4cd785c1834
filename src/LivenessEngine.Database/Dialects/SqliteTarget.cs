using LivenessEngine.Database.Urls;
using Microsoft.Data.Sqlite;

namespace LivenessEngine.Database.Dialects;

/// <summary>What a URL for SQLite says: a file, and how to open it. The options are those of pysqlite.</summary>
internal sealed class SqliteTarget
{
    private const string Known = "cached_statements, check_same_thread, detect_types, isolation_level, mode, timeout, uri";

    private static readonly Dictionary<string, SqliteOpenMode> Modes = new()
    {
        ["ro"] = SqliteOpenMode.ReadOnly,
        ["rw"] = SqliteOpenMode.ReadWrite,
        ["rwc"] = SqliteOpenMode.ReadWriteCreate,
    };

    private SqliteTarget(string file, SqliteOpenMode mode, TimeSpan busyTimeout)
    {
        File = file;
        Mode = mode;
        BusyTimeout = busyTimeout;
    }

    public string File { get; }

    public SqliteOpenMode Mode { get; }

    /// <summary>How long to wait for another writer.</summary>
    public TimeSpan BusyTimeout { get; }

    /// <exception cref="FormatException">An option is unknown or not right; the message names it.</exception>
    public static SqliteTarget From(DatabaseUrl url, DatabaseOptions options)
    {
        SqliteOpenMode mode = SqliteOpenMode.ReadWriteCreate;
        TimeSpan timeout = options.CommandTimeout;
        foreach (UrlOption option in url.Options)
        {
            switch (option.Name)
            {
                case "timeout": timeout = option.AsSeconds(); break;
                case "mode": mode = option.OneOf(Modes); break;
                case "uri" or "cached_statements" or "check_same_thread" or "detect_types" or "isolation_level":
                    // How Python's module works inside.
                    break;
                default: throw option.Unknown("SQLite", Known);
            }
        }

        string file = url.Database!;
        return new SqliteTarget(Path.GetFullPath(file.StartsWith("file:", StringComparison.Ordinal) ? file["file:".Length..] : file), mode, timeout);
    }
}
