namespace LivenessEngine.Tools.FleetSim.Fleets;

/// <summary>
/// When each node beats, in ticks: on a grid of its own intervals, which begins at a random moment of the first, and each time
/// by a jitter later than that.
/// </summary>
/// <remarks>A wheel with a slot for each tick of an interval and a jitter. One thread uses it.</remarks>
internal sealed class BeatSchedule
{
    private readonly int _interval;
    private readonly int _jitter;
    private readonly uint _seed;
    private readonly int[] _phases;
    private readonly Slot[] _wheel;

    /// <param name="nodes">How many.</param>
    /// <param name="interval">Ticks from one beat to the next.</param>
    /// <param name="jitter">The most ticks that a beat comes later than on the grid. Less than the interval, so that beats stay in order.</param>
    /// <param name="seed">Chooses phases and jitters.</param>
    public BeatSchedule(int nodes, int interval, int jitter, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(jitter);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(jitter, interval);
        (_interval, _jitter, _seed) = (interval, jitter, (uint)seed);
        _wheel = new Slot[interval + jitter + 1];
        _phases = new int[nodes];
        var random = new Random(seed);
        for (int node = 0; node < nodes; node++)
        {
            _phases[node] = random.Next(interval);
            Add(node, 0);
        }
    }

    /// <summary>Hands over those that are due at a tick, and plans their next beats. Ticks are taken in turn, none left out.</summary>
    /// <param name="tick">Which.</param>
    /// <param name="beat">False for a node that beats no more.</param>
    public void Take(long tick, Func<int, bool> beat)
    {
        ref Slot slot = ref _wheel[tick % _wheel.Length];
        (int[]? due, int count) = (slot.Nodes, slot.Count);
        slot.Count = 0;
        for (int i = 0; i < count; i++)
        {
            // Never into the slot that is read: the next beat is 1 to interval + jitter ticks away.
            int node = due![i];
            if (beat(node))
            {
                Add(node, ((tick - _phases[node]) / _interval) + 1);
            }
        }
    }

    private void Add(int node, long beat)
    {
        long tick = _phases[node] + (beat * _interval) + JitterOf(node, beat);
        ref Slot slot = ref _wheel[tick % _wheel.Length];
        if (slot.Nodes is null || slot.Count == slot.Nodes.Length)
        {
            Array.Resize(ref slot.Nodes, Math.Max(4, 2 * slot.Count));
        }

        slot.Nodes[slot.Count++] = node;
    }

    private int JitterOf(int node, long beat)
    {
        ulong mixed = (((ulong)(uint)node << 32) ^ (ulong)beat ^ ((ulong)_seed << 17)) * 0x9E3779B97F4A7C15;
        mixed ^= mixed >> 29;
        mixed *= 0xBF58476D1CE4E5B9;
        return (int)((mixed >> 33) % (ulong)(_jitter + 1));
    }

    private struct Slot
    {
        public int[]? Nodes;
        public int Count;
    }
}
