namespace LivenessEngine.Tools.Faults.Judging;

/// <summary>
/// The time that does not count for the server that answers: the first one, and from some time on the standby, which has
/// judged by its own clock all along.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class Credits(RunClock clock, Outages outages)
{
    // As ticks.
    private long _moved = long.MaxValue;

    public Credit First { get; } = new(outages);

    public Credit Standby { get; } = new(new Outages());

    /// <summary>
    /// Time in which the standby could not read the database: it is not counted against those who reported to the first
    /// server, and only to that.
    /// </summary>
    public Credit StandbyUnread { get; } = new(new Outages());

    /// <summary>Who reports or asks from now on does so at the standby.</summary>
    public void Move() => Volatile.Write(ref _moved, clock.Now.Ticks);

    /// <param name="from">When a member last reported.</param>
    /// <param name="to">When it was asked for.</param>
    public TimeSpan Within(TimeSpan from, TimeSpan to)
    {
        var moved = new TimeSpan(Volatile.Read(ref _moved));
        return to < moved ? First.Within(from, to)
            : Standby.Within(from, to) + (from < moved ? StandbyUnread.Within(from, to) : TimeSpan.Zero);
    }
}
