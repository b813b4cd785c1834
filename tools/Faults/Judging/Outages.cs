namespace LivenessEngine.Tools.Faults.Judging;

/// <summary>When the server was stopped, or killed and not yet back: it could take no heartbeat then, and answer nothing.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class Outages
{
    private readonly Lock _lock = new();
    private readonly List<(TimeSpan From, TimeSpan To)> _all = [];

    public void Begin(TimeSpan now)
    {
        lock (_lock)
        {
            _all.Add((now, TimeSpan.MaxValue));
        }
    }

    /// <summary>Ends the one that began last.</summary>
    public void End(TimeSpan now)
    {
        lock (_lock)
        {
            _all[^1] = (_all[^1].From, now);
        }
    }

    /// <summary>How much of a time was outage.</summary>
    public TimeSpan Within(TimeSpan from, TimeSpan to)
    {
        TimeSpan sum = TimeSpan.Zero;
        lock (_lock)
        {
            foreach ((TimeSpan begin, TimeSpan end) in _all)
            {
                TimeSpan overlap = (end < to ? end : to) - (begin > from ? begin : from);
                sum += overlap > TimeSpan.Zero ? overlap : TimeSpan.Zero;
            }
        }

        return sum;
    }
}
