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
        => Create(configuration.DatabaseUrl ?? DefaultUrl, configuration.DatabasePlace ?? "[database] connection", options.TimeProvider);

    /// <param name="url">Where the table is.</param>
    /// <param name="place">Where the URL was found, for messages.</param>
    /// <param name="time">This host's clock.</param>
    /// <exception cref="ServiceGroupConfigurationException">The URL is wrong; the message says how.</exception>
    public static ServicesTableStore Create(string url, string place, TimeProvider time)
    {
        try
        {
            return new ServicesTableStore(new DatabaseOptions { ConnectionUrl = url }, time);
        }
        catch (ArgumentException fault)
        {
            throw new ServiceGroupConfigurationException($"{place}: {Cause(fault)}", fault);
        }
    }

    // Whoever reads this has never heard of the option's name in code.
    private static string Cause(ArgumentException fault) => fault.InnerException is FormatException wrong ? wrong.Message : fault.Message;
}
