using LivenessEngine.Tools.FleetSim.Backends;
using LivenessEngine.Tools.FleetSim.Runs;

namespace LivenessEngine.Interop.FleetSim;

public sealed class FleetOptionsTests
{
    private static readonly FleetOptions Default = new() { Backend = BackendKind.Embedded };

    [Fact]
    public void By_itself_it_is_long_enough_for_the_dead_to_be_found()
    {
        Assert.Same(Default, Default.Validated());
        Assert.True(Default.Measured >= Default.ServiceDownTime + (2 * Default.ReportInterval));
    }

    [Fact]
    public void Names_what_is_not_allowed()
    {
        Refused("--nodes", Default with { Nodes = 0 });
        Refused("--report-interval", Default with { ReportInterval = TimeSpan.FromMilliseconds(10) });
        Refused("--service-down-time", Default with { ServiceDownTime = TimeSpan.FromSeconds(10) });
        Refused("--jitter", Default with { Jitter = 1 });
        Refused("--dead-share", Default with { DeadShare = 0.5 });
        Refused("--seconds", Default with { Time = TimeSpan.FromSeconds(30) });
        Refused("--pool", Default with { Pool = 0 });
        Refused("--database", Default with { Database = "oracle" });
    }

    private static void Refused(string option, FleetOptions options)
        => Assert.Contains(option, Assert.Throws<InvalidDataException>(() => options.Validated()).Message, StringComparison.Ordinal);
}
