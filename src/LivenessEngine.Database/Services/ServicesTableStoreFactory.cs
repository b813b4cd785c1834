using LivenessEngine.Configuration;
using LivenessEngine.ServiceGroups;
using Microsoft.Extensions.Logging;

namespace LivenessEngine.Database.Services;

/// <summary>The services table of the database that Nova's options name.</summary>
internal sealed class ServicesTableStoreFactory : IHeartbeatStoreFactory
{
    /// <summary>Without <c>[database] connection</c>: a file in the folder that the process runs in.</summary>
    private const string DefaultUrl = "sqlite:///liveness.sqlite";

    public ServiceGroupDriver Driver => ServiceGroupDriver.Database;

    public IHeartbeatStore Create(ServiceGroupConfiguration configuration, ServiceGroupOptions options, ILogger logger)
        => Create(configuration.DatabaseUrl ?? DefaultUrl, options.TimeProvider);

    /// <exception cref="ServiceGroupConfigurationException">The URL is wrong; the message says how.</exception>
    public static ServicesTableStore Create(string url, TimeProvider time)
    {
        try
        {
            return new ServicesTableStore(new DatabaseOptions { ConnectionUrl = url }, time);
        }
        catch (ArgumentException fault)
        {
            throw new ServiceGroupConfigurationException($"[database] connection: {fault.Message}", fault);
        }
    }
}
