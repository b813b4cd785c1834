using LivenessEngine.Configuration;
using Microsoft.Extensions.Logging;

namespace LivenessEngine.ServiceGroups;

/// <summary>Makes stores of one kind as a configuration asks for them; each comes with the package that has the kind.</summary>
internal interface IHeartbeatStoreFactory
{
    /// <summary>The kind.</summary>
    ServiceGroupDriver Driver { get; }

    /// <exception cref="ServiceGroupConfigurationException">An option is wrong; the message names it and what is allowed.</exception>
    IHeartbeatStore Create(ServiceGroupConfiguration configuration, ServiceGroupOptions options, ILogger logger);
}
