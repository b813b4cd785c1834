using System.Diagnostics;

namespace LivenessEngine.Interop.Failover;

/// <summary>
/// All members of a test, by number, and what is true of them: when the last heartbeat was that a place has taken, and
/// since when a member has been dead.
/// </summary>
/// <remarks>Thread-safe. Times are those of <see cref="Stopwatch"/>; 0 is never.</remarks>
internal sealed class Crowd
{
    private readonly long[] _beats;
    private readonly long[] _stops;
    private readonly Dictionary<MemberName, int> _numbers;

    public Crowd(int size)
    {
        Names = [.. Enumerable.Range(0, size).Select(i => new MemberName($"node{i}", "compute"))];
        _numbers = Names.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        _beats = new long[size];
        _stops = new long[size];
    }

    public MemberName[] Names { get; }

    public int[] Dead => [.. Enumerable.Range(0, Names.Length).Where(IsDead)];

    public int NumberOf(string member) => _numbers[new MemberName(member, "compute")];

    /// <summary>A place has taken their heartbeats, whose time is not before this.</summary>
    public void Taken(IEnumerable<MemberName> names, long time)
    {
        foreach (MemberName name in names)
        {
            ref long last = ref _beats[_numbers[name]];
            long seen;
            while ((seen = Volatile.Read(ref last)) < time && Interlocked.CompareExchange(ref last, time, seen) != seen)
            {
            }
        }
    }

    public void Stopped(int member) => Volatile.Write(ref _stops[member], Stopwatch.GetTimestamp());

    public bool IsDead(int member) => Volatile.Read(ref _stops[member]) != 0;

    /// <summary>When it died: as it stopped, or with a heartbeat that was on its way then.</summary>
    public long DeathOf(int member) => Math.Max(Volatile.Read(ref _stops[member]), LastBeatOf(member));

    public long LastBeatOf(int member) => Volatile.Read(ref _beats[member]);
}
