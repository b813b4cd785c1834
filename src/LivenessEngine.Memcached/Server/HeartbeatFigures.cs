using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Memcached.Server;

/// <summary>What there is to tell of heartbeats on the wire: the clocks of the nodes, and flushes that left heartbeats standing.</summary>
/// <remarks>Thread-safe. The figures of clocks are counted when they are asked for, over the members that are up.</remarks>
internal sealed class HeartbeatFigures
{
    /// <summary>A clock that is off by more is worth a look.</summary>
    public static readonly TimeSpan SkewLimit = TimeSpan.FromSeconds(5);

    private readonly Engine _engine;
    private long _flushesIgnored;
    private Skewness? _lastLook;

    /// <summary>Adds them to those of the engine.</summary>
    public HeartbeatFigures(Engine engine)
    {
        _engine = engine;
        engine.Figures.Add("skew_max", "s", "The clock that is off the most, of nodes that are up: arrival less ct.", () => Skews().Largest.TotalSeconds);
        engine.Figures.Add("skewed_members", "{member}", "Members that are up and whose clocks are off by more than 5 s.", () => Skews().Skewed);
        engine.Figures.AddTotal("flushes_ignored", "{flush}", "Flushes that have left heartbeats standing.", () => FlushesIgnored);
    }

    /// <summary>How many flushes have left the items of members standing.</summary>
    public long FlushesIgnored => Volatile.Read(ref _flushesIgnored);

    /// <summary>A flush is made that spares members.</summary>
    public void FlushSpares()
    {
        MemberColumns columns = _engine.Table.Members.Columns;
        int end = columns.End;
        for (int row = 1; row < end; row++)
        {
            if (columns.Group(row) >= 0)
            {
                Interlocked.Increment(ref _flushesIgnored);
                return;
            }
        }
    }

    /// <summary>The largest skew of a member that is up, with its sign, and how many are beyond <see cref="SkewLimit"/>.</summary>
    /// <remarks>Of the last tick or two: both figures are asked for together, and each look is at every member.</remarks>
    public (TimeSpan Largest, int Skewed) Skews()
    {
        long present = _engine.Clock.Read().UnixMilliseconds;
        if (Volatile.Read(ref _lastLook) is { } last && present - last.UnixMilliseconds <= _engine.Options.Tick.TotalMilliseconds && present >= last.UnixMilliseconds)
        {
            return (last.Largest, last.Skewed);
        }

        (TimeSpan largest, int skewed) = Look();
        Volatile.Write(ref _lastLook, new Skewness(present, largest, skewed));
        return (largest, skewed);
    }

    private (TimeSpan Largest, int Skewed) Look()
    {
        MemberColumns columns = _engine.Table.Members.Columns;
        Moment now = _engine.Clock.Read();
        long largest = 0;
        int skewed = 0;
        int end = columns.End;
        for (int row = 1; row < end; row++)
        {
            if (columns.Skew(row) is { } skew && columns.Group(row) >= 0 && columns.IsUp(row, now.DownBefore))
            {
                largest = Math.Abs((long)skew) > Math.Abs(largest) ? skew : largest;
                skewed += Math.Abs((long)skew) > SkewLimit.TotalMilliseconds ? 1 : 0;
            }
        }

        return (TimeSpan.FromMilliseconds(largest), skewed);
    }

    private sealed record Skewness(long UnixMilliseconds, TimeSpan Largest, int Skewed);
}
