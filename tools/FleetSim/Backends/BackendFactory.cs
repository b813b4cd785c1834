using LivenessEngine.Tools.FleetSim.Backends.Databases;
using LivenessEngine.Tools.FleetSim.Backends.Wire;

namespace LivenessEngine.Tools.FleetSim.Backends;

internal static class BackendFactory
{
    public static IBackend Create(Fleet fleet) => fleet.Options.Backend switch
    {
        BackendKind.NovaDb => new NovaBackend(fleet),
        BackendKind.Db => new DriverBackend(fleet),
        BackendKind.Embedded => new EmbeddedBackend(fleet),
        _ => new WireBackend(fleet),
    };
}
