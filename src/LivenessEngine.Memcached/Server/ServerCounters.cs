using System.Runtime.CompilerServices;
using LivenessEngine.Table;

namespace LivenessEngine.Memcached.Server;

/// <summary>The server's counters, counted by each thread for itself.</summary>
internal sealed class ServerCounters
{
    private const int PerClass = (int)ClassCounter.Count;
    private const int FirstClassCounter = (int)WireCounter.Count;

    private readonly ThreadCounters _counters = new(FirstClassCounter + (SizeClasses.Count * PerClass));

    // What stood in each counter at the last "stats reset", so that no thread's row has to be written by another.
    private long[] _atReset = new long[FirstClassCounter + (SizeClasses.Count * PerClass)];

    /// <summary>The running thread's counters; not to be kept over an await.</summary>
    public Row ForThisThread
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(_counters.Row);
    }

    public long this[WireCounter counter] => Sum((int)counter);

    public long this[ClassCounter counter, int sizeClass] => Sum(IndexOf(counter, sizeClass));

    /// <summary>Over all size classes.</summary>
    public long Total(ClassCounter counter)
    {
        long total = 0;
        for (int sizeClass = 0; sizeClass < SizeClasses.Count; sizeClass++)
        {
            total += this[counter, sizeClass];
        }

        return total;
    }

    public void Add(WireCounter counter, long value = 1) => _counters.Add((int)counter, value);

    /// <summary>Begins all counts anew.</summary>
    public void Reset()
    {
        long[] now = new long[_atReset.Length];
        for (int i = 0; i < now.Length; i++)
        {
            now[i] = _counters.Sum(i);
        }

        Volatile.Write(ref _atReset, now);
    }

    private long Sum(int index) => _counters.Sum(index) - Volatile.Read(ref _atReset)[index];

    private static int IndexOf(ClassCounter counter, int sizeClass) => FirstClassCounter + (sizeClass * PerClass) + (int)counter;

    internal readonly ref struct Row(Span<long> counters)
    {
        private readonly Span<long> _counters = counters;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(WireCounter counter, long value = 1) => _counters[(int)counter] += value;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(ClassCounter counter, int sizeClass) => _counters[IndexOf(counter, sizeClass)]++;
    }
}
