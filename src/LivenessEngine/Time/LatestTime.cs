namespace LivenessEngine.Time;

/// <summary>
/// The latest time, in Unix milliseconds, that the wall clock of this engine or a writer of heartbeats has ever had: what
/// readers are told never goes back with a clock that is set back. Outlives the process in a state file.
/// </summary>
/// <param name="start">What an earlier process knew; 0 for nothing.</param>
internal sealed class LatestTime(long start)
{
    // Raised by anyone with a plain store; one that is lost is made up for by the next.
    private long _latest = start;

    /// <summary>The latest of all, this one included.</summary>
    public long Raise(long unixMilliseconds)
    {
        long latest = Volatile.Read(ref _latest);
        if (unixMilliseconds > latest)
        {
            Volatile.Write(ref _latest, unixMilliseconds);
            return unixMilliseconds;
        }

        return latest;
    }
}
