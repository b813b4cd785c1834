using LivenessEngine.Database.Services;
using LivenessEngine.ServiceGroups;
using Microsoft.Extensions.Logging;

namespace LivenessEngine.Database;

/// <summary>Makes service groups whose heartbeats are kept in Nova's <c>services</c> table: Nova's driver <c>db</c>.</summary>
public static class DatabaseServiceGroup
{
    /// <summary>
    /// Makes a service group over the table. It returns at once: nothing is connected to before the first report or
    /// question. A database that is away is told of once, and tried until it is back.
    /// </summary>
    /// <param name="database">Where the table is, and how it is spoken to.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="logger">Where a database that is away is told of; null for nowhere.</param>
    /// <returns>The service group; dispose it when nobody uses it any more.</returns>
    /// <exception cref="ArgumentException">An option is not allowed; the message names it and what is.</exception>
    public static ServiceGroup Create(DatabaseOptions database, ServiceGroupOptions? options = null, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(database);
        return new ServiceGroup(
            options,
            logger,
            (valid, log) => new StoreDriver(new ServicesTableStore(database, valid.TimeProvider), valid, log));
    }
}
