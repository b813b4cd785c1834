using System.CommandLine;
using LivenessEngine.Tools.FleetSim.Backends;
using LivenessEngine.Tools.FleetSim.Reporting;
using LivenessEngine.Tools.FleetSim.Runs;
using LivenessEngine.Tools.FleetSim.Scaling;

namespace LivenessEngine.Tools.FleetSim.CommandLine;

/// <summary>fleetsim scale: all backends, each with fleets that grow.</summary>
internal static class ScaleCommand
{
    // Enough for a server to be busy with sockets, and few enough for the simulator's one core.
    private const int UsualConnections = 1000;

    public static Command Create(CommonOptions common)
    {
        var folder = new Option<string>("--out") { Description = "Where fleet.csv and fleet.md go", DefaultValueFactory = _ => "." };
        var commit = new Option<string>("--commit") { Description = "What this was built from", DefaultValueFactory = _ => "unknown" };
        var quick = new Option<bool>("--quick") { Description = "A few points, in some twenty seconds" };
        var minutes = new Option<double>("--minutes") { Description = "No run begins later than this, but for those of the largest fleets", DefaultValueFactory = _ => 8 };
        var command = new Command("scale", "All backends, each with fleets that grow until it is plain where it ends.") { folder, commit, quick, minutes };
        common.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            common.Pin(parsed);
            var options = new FleetOptions
            {
                Backend = BackendKind.Embedded,
                Connections = parsed.GetValue(common.Connections) is > 0 and int connections ? connections : UsualConnections,
                Pool = parsed.GetValue(common.Pool),
                ServerCpu = parsed.GetValue(common.ServerCpu),
                Memcached = parsed.GetValue(common.Memcached)!,
                Liveness = parsed.GetValue(common.Liveness),
            };
            bool isQuick = parsed.GetValue(quick);
            var scale = new ScaleRun(isQuick ? ScalePlan.Quick(options) : ScalePlan.Full(options), TimeSpan.FromMinutes(parsed.GetValue(minutes)));
            await scale.RunAsync();
            FleetTable.Show(scale.Rows);
            new FleetReport(scale).Write(parsed.GetValue(folder)!, isQuick ? "fleetsim scale --quick" : "fleetsim scale", parsed.GetValue(commit)!);
            return 0;
        });
        return command;
    }
}
