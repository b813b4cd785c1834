using LivenessEngine.Memcached.Client;
using LivenessEngine.ServiceGroups;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers memcached servers as a place for heartbeats.</summary>
public static class MemcachedServiceCollectionExtensions
{
    /// <summary>Lets <c>AddNovaServiceGroup</c> use memcached servers: <c>servicegroup_driver = mc</c> with servers.</summary>
    /// <param name="services">The collection to add to.</param>
    /// <returns>The same collection.</returns>
    public static IServiceCollection AddMemcachedServiceGroup(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddSingleton<IHeartbeatStoreFactory, MemcachedStoreFactory>();
    }
}
