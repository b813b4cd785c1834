namespace LivenessEngine.Time;

/// <summary>When patience ends with whoever was last seen by a reading of the liveness clock.</summary>
/// <param name="First">When the first of those ends that are kept as this one.</param>
/// <param name="Due">When.</param>
/// <param name="LastSeen">The reading.</param>
internal readonly record struct RealTimeLimit(long First, long Due, long LastSeen);
