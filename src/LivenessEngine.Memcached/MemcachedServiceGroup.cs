using LivenessEngine.Memcached.Client;
using LivenessEngine.ServiceGroups;
using Microsoft.Extensions.Logging;

namespace LivenessEngine.Memcached;

/// <summary>Service groups whose heartbeats are kept on memcached servers: Nova's driver <c>mc</c>.</summary>
public static class MemcachedServiceGroup
{
    /// <summary>
    /// A service group over memcached servers. No server has to be there yet: reports go out when one is, and a question that
    /// finds none is a <see cref="HeartbeatStoreException"/>.
    /// </summary>
    /// <param name="servers">Which servers, and how they are spoken to.</param>
    /// <param name="options">Options of the group; null for the defaults.</param>
    /// <param name="logger">Where warnings go; null for nowhere.</param>
    /// <exception cref="ArgumentException">An option is not allowed; the message names it, its value and what is allowed.</exception>
    public static ServiceGroup Create(MemcachedOptions servers, ServiceGroupOptions? options = null, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(servers);
        servers.Validate();
        return new ServiceGroup(
            options,
            logger,
            (options, logger) => new StoreDriver(new MemcachedStore(servers, options, logger), options, logger));
    }
}
