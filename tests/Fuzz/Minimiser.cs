using System.Diagnostics;

namespace LivenessEngine.Fuzz;

/// <summary>Makes a failing input shorter for as long as it still fails: first by halves, then by ever smaller pieces.</summary>
internal static class Minimiser
{
    // For each list: there may be several to a failure.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>The shortest list that was found to fail.</summary>
    /// <param name="parts">Fails.</param>
    /// <param name="fails">Whether a shorter one fails too; what it throws is taken for no.</param>
    public static List<T> Shorten<T>(IReadOnlyList<T> parts, Func<IReadOnlyList<T>, bool> fails)
    {
        List<T> shortest = [.. parts];
        var watch = Stopwatch.StartNew();
        for (int size = Math.Max(1, shortest.Count / 2); size >= 1; size /= 2)
        {
            for (int at = 0; at < shortest.Count && watch.Elapsed < Patience;)
            {
                List<T> shorter = [.. shortest[..at], .. shortest[Math.Min(at + size, shortest.Count)..]];
                if (fails(shorter))
                {
                    shortest = shorter;
                }
                else
                {
                    at += size;
                }
            }
        }

        return shortest;
    }
}
