using System.Data.Common;

namespace LivenessEngine.Database.Dialects;

/// <summary>What the databases say differently: how they are reached, a few forms of SQL, and what their errors mean.</summary>
/// <remarks>
/// Thread-safe. A method that returns SQL for a command adds the parameters that the text names to the command. Rows are
/// locked in the order of their ids, whoever locks them, so that two writers wait for each other and never in a circle.
/// </remarks>
internal interface ISqlDialect : IAsyncDisposable
{
    /// <summary>The database and where it is, never with a password.</summary>
    string Name { get; }

    /// <summary>Whether its client has no asynchronous calls, so that each of them holds a thread.</summary>
    bool Blocks { get; }

    /// <summary>Whether a statement that writes many rows had better take some of every page than all of a few.</summary>
    bool SpreadsRows { get; }

    /// <summary>The column <c>binary</c>, as it must be written.</summary>
    string BinaryColumn { get; }

    /// <summary>How the database compares the names of hosts.</summary>
    StringComparer HostComparer { get; }

    /// <summary>The end of an insert that passes over rows that are there already.</summary>
    string OnDuplicate { get; }

    /// <summary>A connection, from the pool if there is one. Waits for the connect time-out at the most.</summary>
    ValueTask<DbConnection> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Closes the connections of the pool: those behind a lost one are lost too.</summary>
    void ForgetConnections();

    /// <summary>The present, by the clock that counts, in Coordinated Universal Time.</summary>
    string Now(DbCommand command);

    /// <summary>A condition on the column <c>host</c>.</summary>
    string HostIn(DbCommand command, IReadOnlyList<string> hosts);

    /// <summary>A condition on the column <c>id</c>.</summary>
    string IdIn(DbCommand command, IReadOnlyList<long> ids);

    /// <summary>Counts a heartbeat of each row that is not deleted.</summary>
    /// <param name="ids">In ascending order.</param>
    string Beat(DbCommand command, IReadOnlyList<long> ids);

    /// <summary>
    /// Moves <c>last_seen_up</c> forward to so long ago, and never backwards, in each row that is not deleted.
    /// </summary>
    /// <param name="sightings">In ascending order of their ids.</param>
    string WriteThrough(DbCommand command, IReadOnlyList<(long Id, TimeSpan Age)> sightings);

    /// <summary>A time as the client reads it; null if there is none.</summary>
    DateTime? ReadTime(DbDataReader reader, int column);

    /// <summary>Says what a failure of the client or the database means; null if it is neither's.</summary>
    Fault? Explain(Exception failure);
}
