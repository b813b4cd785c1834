namespace LivenessEngine.Tools.FleetSim.Fleets;

/// <summary>Who dies and when: half of them early, and half an interval later.</summary>
internal sealed class Deaths
{
    private readonly (TimeSpan At, int[] Nodes)[] _plan;
    private int _next;

    /// <param name="nodes">How many nodes there are.</param>
    /// <param name="share">How many of them die, 0 to 1; at least one where it is more than 0.</param>
    /// <param name="interval">The report interval.</param>
    /// <param name="seed">Chooses who.</param>
    public Deaths(int nodes, double share, TimeSpan interval, int seed)
    {
        int[] all = [.. Enumerable.Range(0, nodes)];
        new Random(seed).Shuffle(all);
        int[] dying = all[..Math.Min(nodes, (int)Math.Ceiling(nodes * share))];
        Count = dying.Length;
        _plan = [(First(interval), dying[..(dying.Length / 2)]), (Last(interval), dying[(dying.Length / 2)..])];
    }

    /// <summary>How many die.</summary>
    public int Count { get; }

    /// <summary>When the last of them die, from the begin of the time that is measured.</summary>
    public static TimeSpan Last(TimeSpan interval) => First(interval) + interval;

    /// <summary>Those who die by now, each told once.</summary>
    /// <param name="now">Since the begin of the time that is measured.</param>
    public int[] Due(TimeSpan now) => _next < _plan.Length && _plan[_next].At <= now ? _plan[_next++].Nodes : [];

    private static TimeSpan First(TimeSpan interval) => interval / 2;
}
