using System.Net.Sockets;
using Npgsql;

namespace LivenessEngine.Database.Dialects;

/// <summary>What PostgreSQL's and Npgsql's errors mean.</summary>
internal static class PostgreSqlFaults
{
    public static Fault? Explain(Exception failure) => failure switch
    {
        PostgresException error => Explain(error),
        NpgsqlException { InnerException: TimeoutException } or TimeoutException
            => new Fault(FaultKind.Away, "it does not answer in time"),
        NpgsqlException { InnerException: PostgresException error } => Explain(error),
        NpgsqlException { InnerException: SocketException cause } => new Fault(FaultKind.Away, $"it cannot be reached ({cause.Message})"),
        NpgsqlException { InnerException: IOException cause } => new Fault(FaultKind.ConnectionLost, $"the connection was lost ({cause.Message})"),
        NpgsqlException => new Fault(failure.InnerException is null ? FaultKind.ConnectionLost : FaultKind.Away, failure.Message),
        SocketException => new Fault(FaultKind.Away, $"it cannot be reached ({failure.Message})"),
        IOException => new Fault(FaultKind.ConnectionLost, $"the connection was lost ({failure.Message})"),
        _ => null,
    };

    private static Fault Explain(PostgresException error) => error.SqlState switch
    {
        PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure
            => new Fault(FaultKind.Conflict, $"another writer was in the way each time ({error.MessageText})"),
        PostgresErrorCodes.LockNotAvailable => new Fault(FaultKind.Locked, "another transaction holds a row of the table 'services' for too long"),
        PostgresErrorCodes.QueryCanceled => new Fault(FaultKind.Locked, $"a statement was ended by the server ({error.MessageText})"),
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or "57P05" or "25P03"
            => new Fault(FaultKind.ConnectionLost, $"the connection was closed ({error.MessageText})"),
        PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections
            => new Fault(FaultKind.Away, $"it takes no connection ({error.MessageText})"),
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification
            => new Fault(FaultKind.Lasting, $"user or password are not right ({error.MessageText})"),
        PostgresErrorCodes.InvalidCatalogName => new Fault(FaultKind.Lasting, error.MessageText),
        PostgresErrorCodes.UndefinedTable
            => new Fault(FaultKind.Lasting, "it has no table 'services', which 'nova-manage db sync' makes"),
        PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.DatatypeMismatch
            => new Fault(FaultKind.Lasting, $"the table 'services' is not of Nova's shape ({error.MessageText})"),
        PostgresErrorCodes.ReadOnlySqlTransaction => new Fault(FaultKind.Lasting, "it is read-only"),
        PostgresErrorCodes.InsufficientPrivilege => new Fault(FaultKind.Lasting, $"the user may not do this ({error.MessageText})"),
        PostgresErrorCodes.DiskFull => new Fault(FaultKind.Lasting, $"its disk is full ({error.MessageText})"),
        _ when error.SqlState.StartsWith("08", StringComparison.Ordinal)
            => new Fault(FaultKind.ConnectionLost, $"the connection was lost ({error.MessageText})"),
        _ when error.SqlState.StartsWith("22", StringComparison.Ordinal) || error.SqlState.StartsWith("23", StringComparison.Ordinal)
            => new Fault(FaultKind.BadValue, error.MessageText),
        _ => new Fault(FaultKind.Lasting, $"{error.MessageText} ({error.SqlState})"),
    };
}
