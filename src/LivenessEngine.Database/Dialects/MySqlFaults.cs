using System.Net.Sockets;
using MySqlConnector;

namespace LivenessEngine.Database.Dialects;

/// <summary>What MySQL's, MariaDB's and MySqlConnector's errors mean.</summary>
internal static class MySqlFaults
{
    // Those that the client has no name for: Galera's "not prepared for application use", MariaDB's max_statement_time, ...
    private const int ClusterNotReady = 1047;
    private const int StatementTimeExceeded = 1969;
    private const int RecordChanged = 1020;
    private const int ConnectionKilled = 1927;
    private const int IllegalMixOfCollations = 1267;
    private const int IllegalMixOfManyCollations = 1271;
    private const int ReadOnlyMode = 1836;

    public static Fault? Explain(Exception failure) => failure switch
    {
        MySqlException error => Explain(error),
        TimeoutException => new Fault(FaultKind.Away, "it does not answer in time"),
        SocketException => new Fault(FaultKind.Away, $"it cannot be reached ({failure.Message})"),
        IOException => new Fault(FaultKind.ConnectionLost, $"the connection was lost ({failure.Message})"),
        _ => null,
    };

    private static Fault Explain(MySqlException error) => error.Number switch
    {
        (int)MySqlErrorCode.LockDeadlock or RecordChanged or ClusterNotReady
            => new Fault(FaultKind.Conflict, $"another writer was in the way each time ({error.Message})"),
        (int)MySqlErrorCode.LockWaitTimeout
            => new Fault(FaultKind.Locked, "another transaction holds a row of the table 'services' for too long"),
        (int)MySqlErrorCode.QueryInterrupted or (int)MySqlErrorCode.QueryTimeout or StatementTimeExceeded
            => error.InnerException is TimeoutException ? Silent : new Fault(FaultKind.Locked, $"a statement was ended by the server ({error.Message})"),
        (int)MySqlErrorCode.CommandTimeoutExpired => Silent,
        (int)MySqlErrorCode.ServerShutdown or ConnectionKilled or (int)MySqlErrorCode.NewAbortingConnection
            => new Fault(FaultKind.ConnectionLost, $"the connection was closed ({error.Message})"),
        (int)MySqlErrorCode.ConnectionCountError or (int)MySqlErrorCode.TooManyUserConnections
            => new Fault(FaultKind.Away, $"it takes no connection ({error.Message})"),
        (int)MySqlErrorCode.UnableToConnectToHost
            => error.Message.Contains("Timeout", StringComparison.OrdinalIgnoreCase)
                ? Silent
                : new Fault(FaultKind.Away, $"it cannot be reached ({error.InnerException?.Message ?? error.Message})"),
        (int)MySqlErrorCode.AccessDenied or (int)MySqlErrorCode.DatabaseAccessDenied
            => new Fault(FaultKind.Lasting, $"user or password are not right ({error.Message})"),
        (int)MySqlErrorCode.UnknownDatabase => new Fault(FaultKind.Lasting, error.Message),
        (int)MySqlErrorCode.NoSuchTable => new Fault(FaultKind.Lasting, "it has no table 'services', which 'nova-manage db sync' makes"),
        (int)MySqlErrorCode.BadFieldError => new Fault(FaultKind.Lasting, $"the table 'services' is not of Nova's shape ({error.Message})"),
        (int)MySqlErrorCode.OptionPreventsStatement or (int)MySqlErrorCode.CannotExecuteInReadOnlyTransaction or ReadOnlyMode
            => new Fault(FaultKind.Lasting, $"it is read-only ({error.Message})"),
        (int)MySqlErrorCode.DiskFull or (int)MySqlErrorCode.RecordFileFull => new Fault(FaultKind.Lasting, $"its disk is full ({error.Message})"),
        (int)MySqlErrorCode.TruncatedWrongValueForField or (int)MySqlErrorCode.DataTooLong or IllegalMixOfCollations or IllegalMixOfManyCollations
            => new Fault(FaultKind.BadValue, error.Message),
        0 when error.Message.StartsWith("Cannot find Unix Socket", StringComparison.Ordinal)
            => new Fault(FaultKind.Away, $"it cannot be reached ({error.Message})"),
        0 or 2006 or 2013 => Broken(error),
        _ => new Fault(FaultKind.Lasting, $"{error.Message} ({error.Number})"),
    };

    private static Fault Silent => new(FaultKind.Away, "it does not answer in time");

    // The client's own errors have no number.
    private static Fault Broken(MySqlException error)
    {
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is TimeoutException)
            {
                return Silent;
            }
        }

        return new Fault(FaultKind.ConnectionLost, $"the connection was lost ({error.Message})");
    }
}
