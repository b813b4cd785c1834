namespace LivenessEngine.Tools.Faults.Judging;

/// <summary>The times of a run. Nova's are 10 s and 60 s.</summary>
/// <param name="ReportInterval">Between two heartbeats of a member.</param>
/// <param name="ServiceDownTime">How long a member may be silent.</param>
internal sealed record Scale(TimeSpan ReportInterval, TimeSpan ServiceDownTime)
{
    /// <summary>The engine looks at its members ten times a second.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    public static readonly Scale Small = new(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(3));

    /// <summary>A death is found within this, and what is allowed for besides.</summary>
    public TimeSpan FoundWithin => ServiceDownTime + (2 * Tick);
}
