using LivenessEngine.Tools.FleetSim.Fleets;
using LivenessEngine.Tools.FleetSim.Judging;
using LivenessEngine.Tools.FleetSim.Runs;

namespace LivenessEngine.Tools.FleetSim.Backends;

/// <summary>What a backend knows of the run that it is for.</summary>
internal sealed class Fleet
{
    /// <summary>Nova's topic of those who report.</summary>
    public const string Group = "compute";

    public Fleet(FleetOptions options)
    {
        Options = options;
        Oracle = new Oracle(options.Nodes, options.ServiceDownTime) { AllBeat = options.BeatsByItself };
        Book = new BeatBook(options.Nodes, FleetOptions.Tick, Oracle, Clock);
    }

    public FleetOptions Options { get; }

    public FleetClock Clock { get; } = new();

    public Oracle Oracle { get; }

    public BeatBook Book { get; }
}
