namespace LivenessEngine.ServiceGroups;

/// <summary>
/// When the members of this process report: a timing wheel with one slot a tick, so that a million of them cost a
/// hundred thousand stores a second and no timer each.
/// </summary>
/// <remarks>Turned by a tick; a late one turns it by all the slots that time has passed. Thread-safe.</remarks>
internal sealed class ReportSchedule
{
    private readonly Lock _gate = new();
    private readonly List<Membership>?[] _slots;
    private readonly double _slotMilliseconds;
    private readonly long _start;
    private long _turned;

    /// <param name="reportInterval">One round.</param>
    /// <param name="tick">The least time that a slot stands for.</param>
    /// <param name="start">The time, in milliseconds, at which the first slot begins.</param>
    public ReportSchedule(TimeSpan reportInterval, TimeSpan tick, long start)
    {
        int slots = (int)Math.Clamp(reportInterval.Ticks / tick.Ticks, 1, 1_000_000);
        _slots = new List<Membership>?[slots];
        _slotMilliseconds = reportInterval.TotalMilliseconds / slots;
        _start = start;
    }

    /// <summary>Has a member report one interval from now, and then every interval.</summary>
    public void Add(Membership membership)
    {
        lock (_gate)
        {
            // The slot that was turned last: it comes again after a whole round.
            (_slots[_turned % _slots.Length] ??= []).Add(membership);
        }
    }

    /// <summary>Has those report whose time has come.</summary>
    /// <param name="now">The time, in milliseconds on the clock of the start.</param>
    /// <param name="report">Makes one report; false if it is a member no more.</param>
    public void Tick(long now, Func<Membership, bool> report)
    {
        long due = (long)((now - _start) / _slotMilliseconds);
        lock (_gate)
        {
            _turned = Math.Max(_turned, due - _slots.Length);
            while (_turned < due)
            {
                _turned++;
                _slots[_turned % _slots.Length]?.RemoveAll(member => !member.Reports || !report(member));
            }
        }
    }
}
