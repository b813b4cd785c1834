using LivenessEngine.Table;

namespace LivenessEngine.Memcached.Server;

/// <summary>The table's counters as stats shows them: since the last "stats reset", but for those of what is there now.</summary>
internal sealed class ItemCounters(TableCounters table)
{
    private const int Columns = (int)TableCounter.Count;

    // What stood in each counter at the last "stats reset": the whole table's, and then each size class's. The table's own
    // go on, because its metrics never go back.
    private long[] _atReset = new long[Columns * (SizeClasses.Count + 1)];

    public long this[TableCounter counter] => table.Sum(counter) - Volatile.Read(ref _atReset)[(int)counter];

    public long this[TableCounter counter, int sizeClass]
        => table.Sum(counter, sizeClass) - Volatile.Read(ref _atReset)[IndexOf(counter, sizeClass)];

    /// <summary>Begins the counts anew.</summary>
    public void Reset()
    {
        long[] now = new long[_atReset.Length];
        for (TableCounter counter = 0; counter < TableCounter.Count; counter++)
        {
            if (counter is TableCounter.Items or TableCounter.Bytes or TableCounter.Blocks)
            {
                continue;
            }

            now[(int)counter] = table.Sum(counter);
            for (int sizeClass = 0; sizeClass < SizeClasses.Count; sizeClass++)
            {
                now[IndexOf(counter, sizeClass)] = table.Sum(counter, sizeClass);
            }
        }

        Volatile.Write(ref _atReset, now);
    }

    private static int IndexOf(TableCounter counter, int sizeClass) => ((sizeClass + 1) * Columns) + (int)counter;
}
