namespace LivenessEngine.Time;

/// <summary>One reading of both clocks, taken once for a batch of requests.</summary>
/// <param name="Liveness">The liveness clock (<see cref="LivenessClock"/>), in ticks of 100 ns.</param>
/// <param name="UnixMilliseconds">The clock that exptimes run on: Unix time in milliseconds.</param>
internal readonly record struct Moment(long Liveness, long UnixMilliseconds)
{
    /// <summary>Who was last seen before this, on the liveness clock, has been silent for too long.</summary>
    public long DownBefore { get; init; }
}
