namespace LivenessEngine.Time;

/// <summary>A gap that members may still be credited with.</summary>
/// <param name="From">The last reading of the liveness clock before it.</param>
/// <param name="Before">What had not been counted before it, in ticks of 100 ns.</param>
internal readonly record struct CreditGap(long From, long Before);
