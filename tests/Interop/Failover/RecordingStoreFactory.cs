using LivenessEngine.Configuration;
using LivenessEngine.ServiceGroups;
using Microsoft.Extensions.Logging;

namespace LivenessEngine.Interop.Failover;

/// <summary>Makes the real stores, each of which tells the crowd what it has taken.</summary>
internal sealed class RecordingStoreFactory(IHeartbeatStoreFactory factory, Crowd crowd) : IHeartbeatStoreFactory
{
    public ServiceGroupDriver Driver => factory.Driver;

    public IHeartbeatStore Create(ServiceGroupConfiguration configuration, ServiceGroupOptions options, ILogger logger)
        => new RecordingStore(factory.Create(configuration, options, logger), crowd);
}
