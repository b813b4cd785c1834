using LivenessEngine.Time;

namespace LivenessEngine.Table.State;

/// <summary>When the members of a state file were last seen, and where the clock that says so goes on.</summary>
internal sealed unsafe class SavedTimes
{
    /// <summary>How far a beat may be ahead of the last tick that was written: more than a tick is ever late.</summary>
    private const long MostAhead = 5 * TimeSpan.TicksPerSecond;

    private readonly StateImage _image;
    private readonly long _saved;

    public SavedTimes(StateImage image, Claims rows)
    {
        _image = image;
        _saved = Math.Max(image.Running.Present.Liveness, LivenessClock.Origin);
        long newest = _saved;
        for (int row = image.Running.Present.RowsEnd - 1; row > 0; row--)
        {
            long lastSeen = image.LastSeen[row];
            if (lastSeen > newest && lastSeen - _saved <= MostAhead && rows.Contains(row))
            {
                newest = lastSeen;
            }
        }

        Newest = newest;
    }

    /// <summary>The last reading of the clock that is known.</summary>
    public long Newest { get; }

    /// <summary>The reading that the clock starts with: no time from before is as late.</summary>
    public long Liveness => Newest + 1;

    /// <summary>
    /// When the member of a row was last seen; where that cannot be, at the last reading, so that nobody is down for a
    /// damaged word.
    /// </summary>
    public long Of(int row)
    {
        long lastSeen = _image.LastSeen[row];
        return lastSeen >= LivenessClock.Origin && lastSeen <= Newest ? lastSeen : Newest;
    }
}
