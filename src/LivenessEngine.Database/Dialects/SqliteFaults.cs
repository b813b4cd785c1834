using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace LivenessEngine.Database.Dialects;

/// <summary>What SQLite's errors mean.</summary>
internal static class SqliteFaults
{
    public static Fault? Explain(Exception failure) => failure switch
    {
        SqliteException error => Explain(error),
        IOException or UnauthorizedAccessException => new Fault(FaultKind.Away, failure.Message),
        _ => null,
    };

    private static Fault Explain(SqliteException error) => error.SqliteErrorCode switch
    {
        SQLITE_BUSY or SQLITE_LOCKED => new Fault(FaultKind.Locked, "another process holds the file's lock for too long"),
        SQLITE_READONLY => new Fault(FaultKind.Lasting, "it is read-only"),
        SQLITE_FULL => new Fault(FaultKind.Lasting, "the disk is full"),
        SQLITE_IOERR => new Fault(FaultKind.Lasting, $"it cannot be read or written ({error.Message})"),
        SQLITE_CANTOPEN => new Fault(FaultKind.Lasting, "it cannot be opened; is the folder there, and may this user write in it?"),
        SQLITE_NOTADB or SQLITE_CORRUPT => new Fault(FaultKind.Lasting, $"it is no SQLite database, or a broken one ({error.Message})"),
        SQLITE_CONSTRAINT or SQLITE_MISMATCH or SQLITE_TOOBIG => new Fault(FaultKind.BadValue, error.Message),
        SQLITE_PERM or SQLITE_AUTH => new Fault(FaultKind.Lasting, $"this user may not do this ({error.Message})"),
        SQLITE_ERROR when error.Message.Contains("no such table", StringComparison.Ordinal)
            => new Fault(FaultKind.Lasting, "it has other tables and no 'services', which 'nova-manage db sync' makes"),
        SQLITE_ERROR when error.Message.Contains("no such column", StringComparison.Ordinal) || error.Message.Contains("no column", StringComparison.Ordinal)
            => new Fault(FaultKind.Lasting, $"the table 'services' is not of Nova's shape ({error.Message})"),
        _ => new Fault(FaultKind.Lasting, error.Message),
    };
}
