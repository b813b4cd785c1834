namespace LivenessEngine.Time;

/// <summary>
/// Sees to it that time which is not counted does not keep the dead up for ever. Who has been credited with more of it in a
/// row than <paramref name="most"/> has one more service down time of real time from the end of the last gap to report;
/// then it is down, whatever else is not counted. Nothing is kept for a member: gaps are remembered by the readings of the
/// liveness clock at which they began, and a limit is one reading for all. That the process ends changes nothing: it is one
/// more gap.
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
    private readonly RealTimeLimits _down = new(serviceDownTime);
    private readonly RealTimeLimits _declared = new(serviceDownTime);
    private readonly List<CreditGap> _gaps = new(SavedGaps.Capacity + 1);

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
        Remember(new CreditGap(from, _uncounted));
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

    /// <param name="elapsed">Real time now.</param>
    public SavedCredit Save(long elapsed)
    {
        var saved = new SavedCredit { Uncounted = _uncounted, DownBefore = DownBefore, DeclareBefore = DeclareBefore };
        _gaps.CopyTo(saved.Gaps);
        _down.Save(saved.Down, elapsed - _spared);
        _declared.Save(saved.Declared, elapsed - _spared);
        return saved;
    }

    /// <summary>Goes on from another process, before anything is added.</summary>
    /// <param name="saved">What it knew.</param>
    /// <param name="since">How long ago that was when the elapsed time was 0.</param>
    public void Resume(in SavedCredit saved, long since)
    {
        _uncounted = saved.Uncounted;
        _spared = -since;
        foreach (CreditGap gap in saved.Gaps)
        {
            if (gap != default)
            {
                _gaps.Add(gap);
            }
        }

        _down.Resume(saved.Down, saved.DownBefore);
        _declared.Resume(saved.Declared, saved.DeclareBefore);
    }

    // Of too many the one goes whose neighbours are closest to each other: those that it is for wait for the next.
    private void Remember(CreditGap added)
    {
        _gaps.Add(added);
        if (_gaps.Count > SavedGaps.Capacity)
        {
            int closest = 1;
            for (int i = 2; i < _gaps.Count - 1; i++)
            {
                if (_gaps[i + 1].Before - _gaps[i - 1].Before < _gaps[closest + 1].Before - _gaps[closest - 1].Before)
                {
                    closest = i;
                }
            }

            _gaps.RemoveAt(closest);
        }
    }
}
