using System.Data.Common;
using LivenessEngine.Database.Dialects;

namespace LivenessEngine.Database.Services;

/// <summary>
/// Runs statements, each a transaction of its own: tries again, a little later, what a deadlock or a lost connection
/// ended, and says in plain words why it gave up.
/// </summary>
internal sealed class StatementRunner(ISqlDialect dialect)
{
    private const int Attempts = 4;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);

    private int _connectionsLost;

    /// <summary>How often the database was lost: what was known of it before may be wrong.</summary>
    public int ConnectionsLost => Volatile.Read(ref _connectionsLost);

    /// <param name="statement">Made on a connection of its own; made anew if it fails.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HeartbeatStoreException">The last try failed.</exception>
    public async Task<T> RunAsync<T>(Func<DbConnection, CancellationToken, Task<T>> statement, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                // A client without asynchronous calls would hold the caller's thread.
                return dialect.Blocks
                    ? await Task.Run(() => OnceAsync(statement, cancellationToken), cancellationToken).ConfigureAwait(false)
                    : await OnceAsync(statement, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested && Explain(failure) is not null)
            {
                Fault fault = Explain(failure)!.Value;
                if (fault.Kind is FaultKind.ConnectionLost or FaultKind.Away or FaultKind.Lasting)
                {
                    // What was put right in the meantime (a primary that is one again) may show in new connections only.
                    Interlocked.Increment(ref _connectionsLost);
                    dialect.ForgetConnections();
                }

                if (attempt == Attempts || !IsWorthwhile(fault.Kind, attempt))
                {
                    throw new HeartbeatStoreException($"{dialect.Name}: {fault.Cause}", failure);
                }
            }

            // With jitter, so that those who were in each other's way are not so again.
            await Task.Delay(FirstPause * Math.Pow(2, attempt) * (0.25 + Random.Shared.NextDouble()), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Whether it was given up because of a lock or a value: then another statement may well succeed.</summary>
    public bool IsOfOneStatement(HeartbeatStoreException failure) => KindOf(failure) is FaultKind.Locked or FaultKind.Conflict or FaultKind.BadValue;

    public FaultKind? KindOf(HeartbeatStoreException failure) => failure.InnerException is { } inner ? Explain(inner)?.Kind : null;

    private static bool IsWorthwhile(FaultKind kind, int attempt) => kind switch
    {
        FaultKind.Conflict or FaultKind.ConnectionLost => true,

        // It has waited already.
        FaultKind.Locked => attempt == 1,
        _ => false,
    };

    private async Task<T> OnceAsync<T>(Func<DbConnection, CancellationToken, Task<T>> statement, CancellationToken cancellationToken)
    {
        DbConnection connection = await dialect.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            return await statement(connection, cancellationToken).ConfigureAwait(false);
        }
    }

    private Fault? Explain(Exception failure) => failure switch
    {
        FormatException or InvalidCastException or OverflowException
            => new Fault(FaultKind.Lasting, $"the table 'services' holds what cannot be read ({failure.Message})"),
        _ => dialect.Explain(failure),
    };
}
