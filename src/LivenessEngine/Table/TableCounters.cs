namespace LivenessEngine.Table;

/// <summary>The table's counters, in total and for each size class.</summary>
internal sealed class TableCounters
{
    private const int Columns = (int)TableCounter.Count;

    private readonly ThreadCounters _counters = new(Columns * (SizeClasses.Count + 1));

    /// <summary>Counts for the whole table.</summary>
    public void Add(TableCounter counter, long value = 1) => _counters.Add((int)counter, value);

    /// <summary>Counts for the whole table and for a size class.</summary>
    public void AddByClass(TableCounter counter, int sizeClass, long value = 1)
    {
        Span<long> row = _counters.Row;
        row[(int)counter] += value;
        row[IndexOf(counter, sizeClass)] += value;
    }

    /// <summary>Counts, and returns what the running thread itself has counted so far.</summary>
    public long Next(TableCounter counter) => ++_counters.Row[(int)counter];

    public long Sum(TableCounter counter) => _counters.Sum((int)counter);

    public long Sum(TableCounter counter, int sizeClass) => _counters.Sum(IndexOf(counter, sizeClass));

    private static int IndexOf(TableCounter counter, int sizeClass) => ((sizeClass + 1) * Columns) + (int)counter;
}
