namespace LivenessEngine.Tools.Faults.Judging;

/// <summary>The slowest reply to anybody while the server was not stopped.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ReplyTimes(RunClock clock, Outages outages)
{
    private long _slowest;
    private long _unanswered;
    private long _refused;

    public TimeSpan Slowest => new(Volatile.Read(ref _slowest));

    /// <summary>Requests given up, outages aside.</summary>
    public long Unanswered => Volatile.Read(ref _unanswered);

    /// <summary>Connections that were refused, whenever that was.</summary>
    public long Refused => Volatile.Read(ref _refused);

    public void Take(TimeSpan asked)
    {
        TimeSpan now = clock.Now;
        if (outages.Within(asked, now) > TimeSpan.Zero)
        {
            return;
        }

        long seen;
        while ((seen = Volatile.Read(ref _slowest)) < (now - asked).Ticks
            && Interlocked.CompareExchange(ref _slowest, (now - asked).Ticks, seen) != seen)
        {
        }
    }

    /// <summary>There was no reply. A connection that breaks is no slow reply; one that stays silent is.</summary>
    public void GiveUp(TimeSpan asked, bool isSilent)
    {
        if (outages.Within(asked, clock.Now) == TimeSpan.Zero)
        {
            Interlocked.Increment(ref _unanswered);
        }

        if (isSilent)
        {
            Take(asked);
        }
    }

    public void Refuse() => Interlocked.Increment(ref _refused);
}
