using HdrHistogram;
using LivenessEngine.Tools.FleetSim.Judging;

namespace LivenessEngine.Tools.FleetSim.Fleets;

/// <summary>Which beats were due, when they went out, and which of them the backend has taken.</summary>
/// <remarks>
/// A node is as Nova's reporting loop is: while a beat of it is under way it sends no other, and the one that was due is left
/// out. <see cref="TryBegin"/> is called by the thread of beats, the others by any.
/// </remarks>
internal sealed class BeatBook(int nodes, TimeSpan tick, Oracle oracle, FleetClock clock)
{
    private const long Longest = 3_600_000_000;

    // When the beat that is under way was begun, in ticks of a TimeSpan; 0 for none. The thread of beats sets it, whoever hears
    // that it was taken or lost clears it: never both at a time, for the thread of beats leaves it alone until it is 0 again.
    private readonly long[] _begun = new long[nodes];
    private readonly long[] _due = new long[nodes];
    private readonly LongHistogram _lag = new(1, Longest, 3);
    private readonly LongConcurrentHistogram _lateness = new(1, Longest, 3);
    private readonly LongConcurrentHistogram _takenAfter = new(1, Longest, 3);

    // Each by Interlocked, whoever writes.
    private long _asked;
    private long _taken;
    private long _sent;
    private long _late;
    private long _failures;
    private long _underWay;
    private volatile bool _isMeasuring;

    /// <summary>Whether beats count. Set by the thread of beats, at the begin and the end of the time that is measured.</summary>
    public bool IsMeasuring
    {
        get => _isMeasuring;
        set => _isMeasuring = value;
    }

    public long Asked => Interlocked.Read(ref _asked);

    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>Beats that the backend refused or lost, ever.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>Beats that nobody knows yet what became of.</summary>
    public long UnderWay => Interlocked.Read(ref _underWay);

    /// <summary>Of those that were sent, how many were sent more than a tick after they were due.</summary>
    public double LateShare => Interlocked.Read(ref _sent) is var sent and > 0 ? Interlocked.Read(ref _late) / (double)sent : 0;

    /// <summary>From when it was due until this simulator came to it: what no backend can help.</summary>
    public TimeSpan LagP99 => P99(_lag);

    /// <summary>From when it was due until it was sent.</summary>
    public TimeSpan LatenessP99 => P99(_lateness);

    /// <summary>From when it was due until the backend had taken it.</summary>
    public TimeSpan TakenAfterP99 => P99(_takenAfter);

    /// <summary>A node is made to beat; false if it has a beat under way, and therefore sends none.</summary>
    public bool TryBegin(int node, TimeSpan due)
    {
        TimeSpan now = clock.Now;
        if (_isMeasuring)
        {
            Interlocked.Increment(ref _asked);
            Record(_lag, now - due);
        }

        oracle.Beat(node, now);
        if (Volatile.Read(ref _begun[node]) != 0)
        {
            return false;
        }

        _due[node] = due.Ticks;
        Volatile.Write(ref _begun[node], Math.Max(now.Ticks, 1));
        Interlocked.Increment(ref _underWay);
        return true;
    }

    /// <summary>It has gone out.</summary>
    public void Sent(int node)
    {
        if (_isMeasuring)
        {
            TimeSpan late = clock.Now - TimeSpan.FromTicks(_due[node]);
            Interlocked.Increment(ref _sent);
            if (late > tick)
            {
                Interlocked.Increment(ref _late);
            }

            Record(_lateness, late);
        }
    }

    /// <summary>The backend has it.</summary>
    public void Accept(int node)
    {
        if (_isMeasuring)
        {
            Interlocked.Increment(ref _taken);
            Record(_takenAfter, clock.Now - TimeSpan.FromTicks(_due[node]));
        }

        oracle.Taken(node, TimeSpan.FromTicks(Volatile.Read(ref _begun[node])));
        End(node);
    }

    /// <summary>The backend does not have it.</summary>
    public void Fail(int node)
    {
        Interlocked.Increment(ref _failures);
        End(node);
    }

    /// <summary>Nobody wants to know any more: the node has died before it could send.</summary>
    public void Drop(int node) => End(node);

    private static TimeSpan P99(HistogramBase histogram)
        => histogram.TotalCount == 0 ? TimeSpan.Zero : TimeSpan.FromMicroseconds(histogram.GetValueAtPercentile(99));

    private static void Record(HistogramBase histogram, TimeSpan time)
        => histogram.RecordValue(Math.Clamp((long)time.TotalMicroseconds, 0, Longest));

    private void End(int node)
    {
        Interlocked.Decrement(ref _underWay);
        Volatile.Write(ref _begun[node], 0);
    }
}
