namespace LivenessEngine.Tools.Faults.Judging;

/// <summary>The time of one run: monotonic, from its start. The oracle knows no other.</summary>
/// <param name="time">Where it is from; null for the system's.</param>
internal sealed class RunClock(TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly long _start = (time ?? TimeProvider.System).GetTimestamp();

    public TimeSpan Now => _time.GetElapsedTime(_start);
}
