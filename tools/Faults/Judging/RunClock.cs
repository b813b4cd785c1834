using System.Diagnostics;

namespace LivenessEngine.Tools.Faults.Judging;

/// <summary>The time of one run: monotonic, from its start. The oracle knows no other.</summary>
internal sealed class RunClock
{
    private readonly long _start = Stopwatch.GetTimestamp();

    public TimeSpan Now => Stopwatch.GetElapsedTime(_start);
}
