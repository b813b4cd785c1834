using System.Diagnostics;

namespace LivenessEngine.Tools.FleetSim.Fleets;

/// <summary>The time of one run: monotonic, from its start.</summary>
internal sealed class FleetClock
{
    private readonly long _start = Stopwatch.GetTimestamp();

    public TimeSpan Now => Stopwatch.GetElapsedTime(_start);
}
