namespace LivenessEngine.Time;

/// <summary>Time in which the engine was not listening, and which it credits to all members.</summary>
/// <param name="Total">All of it.</param>
/// <param name="LastGap">Of the last gap.</param>
/// <param name="Gaps">How many gaps there were.</param>
/// <param name="InForce">How much longer than the service down time a member may be silent at present, by the wall.</param>
internal readonly record struct Credits(TimeSpan Total, TimeSpan LastGap, long Gaps, TimeSpan InForce);
