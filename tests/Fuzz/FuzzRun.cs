using System.Diagnostics;
using System.Globalization;
using LivenessEngine.Testing;

namespace LivenessEngine.Fuzz;

/// <summary>
/// Rounds with a seed each, until time is up. A failure names its seed; with that in <c>LIVENESS_FUZZ_SEED</c> the next
/// run begins with the round that failed. <c>LIVENESS_FUZZ_SECONDS</c> is for how long; 10 where it says nothing.
/// </summary>
internal static class FuzzRun
{
    private const double DefaultSeconds = 10;

    public static async Task RepeatAsync(Func<Random, Task> round)
    {
        var length = TimeSpan.FromSeconds(Number("LIVENESS_FUZZ_SECONDS") ?? DefaultSeconds);
        int seed = (int)(Number("LIVENESS_FUZZ_SEED") ?? Environment.TickCount & int.MaxValue);
        var watch = Stopwatch.StartNew();
        int rounds = 0;
        do
        {
            int current = seed;
            try
            {
                // On a thread of its own, so that a round that never ends is a failure too.
                await Eventually.Done(Task.Run(() => round(new Random(current))), "the round ends");
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"LIVENESS_FUZZ_SEED={current} after {rounds} rounds: {failure.Message}", failure);
            }

            rounds++;
            seed++;
        }
        while (watch.Elapsed < length);

        TestContext.Current.TestOutputHelper?.WriteLine($"{rounds} rounds");
    }

    private static double? Number(string variable)
        => double.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out double number) ? number : null;
}
