using LivenessEngine.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace LivenessEngine.ServiceGroups;

/// <summary>
/// Makes the service group that a configuration asks for: driver mc without servers is the table of this process, with
/// servers memcached, and with a database besides, that as the fallback; driver db is the database.
/// </summary>
internal sealed class ServiceGroupFactory(IEnumerable<IHeartbeatStoreFactory> stores)
{
    /// <exception cref="ServiceGroupConfigurationException">An option is wrong; the message names it and what is allowed.</exception>
    public ServiceGroup Create(IConfiguration configuration, ServiceGroupOptions options, ILogger logger)
        => Create(ServiceGroupConfiguration.Read(configuration), options, logger);

    /// <inheritdoc cref="Create(IConfiguration, ServiceGroupOptions, ILogger)"/>
    public ServiceGroup Create(ServiceGroupConfiguration settings, ServiceGroupOptions options, ILogger logger)
    {
        options.ServiceDownTime = settings.ServiceDownTime;
        options.ReportInterval = settings.ReportInterval;
        return new ServiceGroup(options, logger, (options, logger) => Connect(settings, options, logger));
    }

    private IServiceGroupDriver Connect(ServiceGroupConfiguration settings, ServiceGroupOptions options, ILogger logger)
    {
        if (settings.Driver == ServiceGroupDriver.Database)
        {
            return new StoreDriver(Store(ServiceGroupDriver.Database), options, logger);
        }

        if (settings.Memcached is null)
        {
            return new InProcessDriver(options);
        }

        IHeartbeatStore memcached = Store(ServiceGroupDriver.Memcached);
        return new StoreDriver(
            settings.DatabaseUrl is null ? memcached : new FallbackStore(memcached, Store(ServiceGroupDriver.Database), options, logger),
            options,
            logger);

        IHeartbeatStore Store(ServiceGroupDriver driver)
            => (stores.FirstOrDefault(factory => factory.Driver == driver) ?? throw Missing(driver)).Create(settings, options, logger);
    }

    private static ServiceGroupConfigurationException Missing(ServiceGroupDriver driver)
        => new(driver == ServiceGroupDriver.Database
            ? "the database is in the package LivenessEngine.Database, which is not registered: call AddDatabaseServiceGroup()."
            : "memcached is in the package LivenessEngine.Memcached, which is not registered: call AddMemcachedServiceGroup().");
}
