namespace LivenessEngine.Tools.Faults.Judging;

/// <summary>
/// The time that need not be counted against the engine when it finds a death: outages, and what it says itself that it did
/// not count. Where both speak of the same time, only the longer is taken.
/// </summary>
/// <remarks>Thread-safe. Samples come from one thread, in order.</remarks>
internal sealed class Credit(Outages outages)
{
    private readonly Lock _lock = new();
    private readonly List<(TimeSpan At, TimeSpan Uncounted)> _samples = [(TimeSpan.Zero, TimeSpan.Zero)];

    /// <summary>All that the engine has said it did not count, its predecessors before a restart included.</summary>
    public TimeSpan Uncounted { get; private set; }

    /// <summary>The engine has not counted so much more since the last sample.</summary>
    public void Sample(TimeSpan now, TimeSpan more)
    {
        lock (_lock)
        {
            Uncounted += more;
            _samples.Add((now, Uncounted));
        }
    }

    /// <summary>The time between two moments that need not be counted; the engine may tell of it a little later.</summary>
    public TimeSpan Within(TimeSpan from, TimeSpan to)
    {
        TimeSpan sum = TimeSpan.Zero;
        lock (_lock)
        {
            TimeSpan covered = from;
            for (int i = 1; i < _samples.Count && _samples[i - 1].At < to + (3 * Scale.Tick); i++)
            {
                (TimeSpan begin, TimeSpan before) = _samples[i - 1];
                (TimeSpan end, TimeSpan after) = _samples[i];
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
