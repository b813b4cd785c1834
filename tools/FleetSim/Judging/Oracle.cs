namespace LivenessEngine.Tools.FleetSim.Judging;

/// <summary>Who is really alive, by what the nodes were made to do; and what readers were told of them.</summary>
/// <remarks>
/// <para>A node must be up while it lives and was made to beat on time: its evidence is when it last was, no later than the
/// service down time after the evidence before. A beat that the backend did not take in time counts all the same; one that
/// this simulator was too late for counts only once the backend has it.</para>
/// <para>The thread of beats calls <see cref="Start"/>, <see cref="Beat"/> and <see cref="Kill"/>; those who hear from the
/// backend <see cref="Taken"/>; one reader all else.</para>
/// </remarks>
internal sealed class Oracle(int nodes, TimeSpan serviceDownTime)
{
    // In ticks of a TimeSpan. The thread of beats writes, and those who hear that a beat was taken: any later one of both is
    // right. The reader reads, and a value of a moment ago is as good.
    private readonly long[] _evidence = new long[nodes];

    // When it died, 0 for a node that lives. The thread of beats writes it once, the reader reads.
    private readonly long[] _died = new long[nodes];

    // The reader's own: when a dead node was first down for good, 0 if it is not; and who was wrongly called down.
    private readonly long[] _found = new long[nodes];
    private readonly bool[] _falselyDown = new bool[nodes];

    /// <summary>Whether living nodes beat by themselves, always in time: then each of them must be up.</summary>
    public bool AllBeat { get; init; }

    /// <summary>Verdicts on living nodes that were down, and could not be called wrong: the simulator itself was late.</summary>
    public long Excused { get; private set; }

    /// <summary>All of them have been seen now.</summary>
    public void Start(TimeSpan now) => Array.Fill(_evidence, now.Ticks);

    /// <summary>A node is made to beat.</summary>
    public void Beat(int node, TimeSpan now)
    {
        if (now.Ticks - Volatile.Read(ref _evidence[node]) <= serviceDownTime.Ticks)
        {
            Volatile.Write(ref _evidence[node], now.Ticks);
        }
    }

    /// <summary>The backend has taken a beat.</summary>
    public void Taken(int node, TimeSpan begun)
    {
        if (begun.Ticks > Volatile.Read(ref _evidence[node]))
        {
            Volatile.Write(ref _evidence[node], begun.Ticks);
        }
    }

    public void Kill(int node, TimeSpan now) => Volatile.Write(ref _died[node], Math.Max(now.Ticks, 1));

    public bool IsAlive(int node) => Volatile.Read(ref _died[node]) == 0;

    /// <summary>A reader was told of a node.</summary>
    /// <param name="node">Which.</param>
    /// <param name="isUp">What.</param>
    /// <param name="asked">When it asked.</param>
    /// <param name="answered">When it knew.</param>
    public void Judge(int node, bool isUp, TimeSpan asked, TimeSpan answered)
    {
        long died = Volatile.Read(ref _died[node]);
        if (died != 0)
        {
            _found[node] = isUp ? 0 : died > asked.Ticks ? 0 : _found[node] != 0 ? _found[node] : answered.Ticks;
        }
        else if (!isUp && (AllBeat || answered.Ticks - Volatile.Read(ref _evidence[node]) <= serviceDownTime.Ticks))
        {
            _falselyDown[node] = true;
        }
        else if (!isUp)
        {
            Excused++;
        }
    }

    /// <summary>What came of it; when readers and beats have ended.</summary>
    public Outcome Conclude()
    {
        int[] dead = [.. Enumerable.Range(0, nodes).Where(node => _died[node] != 0)];
        int[] found = [.. dead.Where(node => _found[node] != 0)];
        return new Outcome(
            nodes - dead.Length,
            Enumerable.Range(0, nodes).Count(node => _falselyDown[node] && _died[node] == 0),
            dead.Length,
            found.Length,
            Percentiles.Of(found.Select(node => TimeSpan.FromTicks(_found[node] - _died[node]))),
            Excused);
    }
}
