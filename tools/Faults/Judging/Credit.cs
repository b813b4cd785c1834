namespace LivenessEngine.Tools.Faults.Judging;

/// <summary>
/// The time that need not be counted against the engine when it finds a death: outages, and what it says itself that it did
/// not count. Where both speak of the same time, only the longer is taken.
/// </summary>
/// <remarks>Thread-safe. Samples come from one thread, in order.</remarks>
internal sealed class Credit(Outages outages)
{
    private readonly Lock _lock = new();
    private readonly List<(TimeSpan Asked, TimeSpan At, TimeSpan Uncounted)> _samples = [default];

    /// <summary>So much more was not counted since the last sample.</summary>
    /// <param name="asked">When the engine was asked: what it said is not older, however late the answer was read.</param>
    /// <param name="now">When the answer was read.</param>
    /// <param name="more">How much.</param>
    public void Sample(TimeSpan asked, TimeSpan now, TimeSpan more)
    {
        lock (_lock)
        {
            _samples.Add((asked, now, _samples[^1].Uncounted + more));
        }
    }

    /// <summary>
    /// Another process answers than at the last sample: what the one before it did not count in its last moments nobody knows,
    /// so that all the time between the two samples is credited.
    /// </summary>
    public void Renew(TimeSpan asked, TimeSpan now) => Sample(asked, now, now - _samples[^1].At);

    /// <summary>The time between two moments that need not be counted; the engine may tell of it a little later.</summary>
    public TimeSpan Within(TimeSpan from, TimeSpan to)
    {
        TimeSpan sum = TimeSpan.Zero;
        lock (_lock)
        {
            TimeSpan covered = from;
            for (int i = 1; i < _samples.Count && _samples[i - 1].Asked < to + (3 * Scale.Tick); i++)
            {
                (_, TimeSpan begin, TimeSpan before) = _samples[i - 1];
                (_, TimeSpan end, TimeSpan after) = _samples[i];
                if (end <= from)
                {
                    continue;
                }

                TimeSpan outage = outages.Within(begin > from ? begin : from, end < to ? end : to);
                sum += after - before > outage ? after - before : outage;
                covered = end;
            }

            return covered < to ? sum + outages.Within(covered, to) : sum;
        }
    }
}
