namespace LivenessEngine.Time;

/// <summary>
/// Sees to it that time which is not counted does not keep the dead up for ever. Who has been credited with more of it in a
/// row than <paramref name="most"/> has one more service down time of real time from the end of the last gap to report;
/// then it is down, whatever else is not counted. Nothing is kept for a member: gaps are remembered by the readings of the
/// liveness clock at which they began, and a limit is one reading for all.
/// </summary>
/// <remarks>
/// The ticker's own. One long pause kills nobody at its end; an engine that is stopped or starved again and again still
/// finds the dead. Of one gap no more than a quarter of the service down time counts towards a limit, so that a second
/// pause right after the first does not use up the time in which members could have reported.
/// </remarks>
/// <param name="most">The most uncounted time in a row that a member is credited with, in ticks of 100 ns.</param>
/// <param name="serviceDownTime">In ticks of 100 ns.</param>
internal sealed class CreditLimit(long most, long serviceDownTime)
{
    // Gaps closer together than a share of what is allowed are one, the oldest: with that they are few.
    private const int Shares = 64;

    private readonly RealTimeLimits _down = new(serviceDownTime);
    private readonly RealTimeLimits _declared = new(serviceDownTime);

    // The reading at which a gap began, and what had not been counted before it.
    private readonly List<(long From, long Before)> _gaps = [];

    private long _uncounted;
    private long _spared;

    /// <summary>Who was last seen before this has used up his credit, and is down.</summary>
    public long DownBefore => _down.SeenSince;

    /// <summary>The same, a service down time later: who was held back since then is so no longer.</summary>
    public long DeclareBefore => _declared.SeenSince;

    /// <summary>A gap has ended.</summary>
    /// <param name="from">The last reading of the liveness clock before it.</param>
    /// <param name="excess">What of it was not counted.</param>
    /// <param name="elapsed">Real time at its end.</param>
    public void Add(long from, long excess, long elapsed)
    {
        if (_gaps.Count == 0 || excess >= most / Shares || _uncounted - _gaps[^1].Before >= most / Shares)
        {
            _gaps.Add((from, _uncounted));
        }

        _uncounted += excess;
        _spared += Math.Max(excess - (serviceDownTime / 4), 0);
        int over = _gaps.FindLastIndex(gap => _uncounted - gap.Before > most);
        if (over >= 0)
        {
            _down.Add(elapsed - _spared + serviceDownTime, _gaps[over].From);

            // A later gap is over at least with those that are over now.
            _gaps.RemoveRange(0, over);
        }
    }

    public void Advance(long elapsed)
    {
        long now = elapsed - _spared;
        _declared.TryPass(now);
        if (_down.TryPass(now))
        {
            _declared.Add(now + serviceDownTime, _down.SeenSince - 1);
        }
    }
}
