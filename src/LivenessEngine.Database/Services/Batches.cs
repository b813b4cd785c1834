namespace LivenessEngine.Database.Services;

/// <summary>Takes many rows apart into statements.</summary>
internal static class Batches
{
    /// <param name="rows">In ascending order.</param>
    /// <param name="size">How many rows a statement takes at the most.</param>
    /// <param name="spread">Neighbours go to different statements; otherwise to the same.</param>
    /// <returns>Each in ascending order.</returns>
    public static IEnumerable<T[]> Of<T>(IReadOnlyList<T> rows, int size, bool spread)
    {
        int count = (rows.Count + size - 1) / size;
        for (int i = 0; i < count; i++)
        {
            int batch = i;
            yield return spread
                ? [.. Enumerable.Range(0, (rows.Count - batch + count - 1) / count).Select(at => rows[batch + (at * count)])]
                : [.. rows.Skip(batch * size).Take(size)];
        }
    }
}
