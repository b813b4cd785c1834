using LivenessEngine.Configuration;
using LivenessEngine.ServiceGroups;
using Microsoft.Extensions.Logging;

namespace LivenessEngine.Memcached.Client;

/// <summary>The memcached servers that Nova's options name, with the placement of the client that Nova's backend uses.</summary>
internal sealed class MemcachedStoreFactory : IHeartbeatStoreFactory
{
    public ServiceGroupDriver Driver => ServiceGroupDriver.Memcached;

    public IHeartbeatStore Create(ServiceGroupConfiguration configuration, ServiceGroupOptions options, ILogger logger)
    {
        MemcachedConfiguration servers = configuration.Memcached!;
        var memcached = new MemcachedOptions
        {
            Placement = PlacementOf(servers),
            SocketTimeout = servers.SocketTimeout,
            DeadRetry = servers.DeadRetry,
            PoolSize = Math.Min(servers.PoolSize, 1024),
        };
        foreach (string server in servers.Servers)
        {
            memcached.Servers.Add(server);
        }

        try
        {
            memcached.Validate();
            return new MemcachedStore(memcached, options, logger);
        }
        catch (ArgumentException fault)
        {
            throw new ServiceGroupConfigurationException($"{servers.Place}: {Cause(fault)}", fault);
        }
    }

    // Whoever reads this has never heard of the parameter's name in code.
    private static string Cause(ArgumentException fault)
        => fault.InnerException is FormatException wrong ? wrong.Message
            : fault.Message.Replace($" (Parameter '{fault.ParamName}')", "", StringComparison.Ordinal);

    private static MemcachedPlacement PlacementOf(MemcachedConfiguration servers) => servers.Backend switch
    {
        "oslo_cache.memcache_pool" or "dogpile.cache.memcached" => MemcachedPlacement.Crc32,
        "dogpile.cache.pymemcache" => MemcachedPlacement.Rendezvous,
        _ when servers.Servers.Count == 1 => MemcachedPlacement.Crc32,
        _ => throw new ServiceGroupConfigurationException(
            $"{servers.Place}: several servers, and [cache] backend is '{servers.Backend}', whose way of choosing one of them is not known here; allowed is one server, "
            + "or oslo_cache.memcache_pool, dogpile.cache.memcached or dogpile.cache.pymemcache."),
    };
}
