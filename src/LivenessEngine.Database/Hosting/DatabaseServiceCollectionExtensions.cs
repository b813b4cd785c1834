using LivenessEngine.Database.Services;
using LivenessEngine.ServiceGroups;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers Nova's services table as a place for heartbeats.</summary>
public static class DatabaseServiceCollectionExtensions
{
    /// <summary>
    /// Lets <c>AddNovaServiceGroup</c> use the database of <c>[database] connection</c>: <c>servicegroup_driver = db</c>, and the
    /// fallback of <c>mc</c>.
    /// </summary>
    /// <param name="services">The collection to add to.</param>
    /// <returns>The same collection.</returns>
    public static IServiceCollection AddDatabaseServiceGroup(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddSingleton<IHeartbeatStoreFactory, ServicesTableStoreFactory>();
    }
}
