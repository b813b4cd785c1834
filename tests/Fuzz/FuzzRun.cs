using System.Diagnostics;
using System.Globalization;
using LivenessEngine.Testing;

namespace LivenessEngine.Fuzz;

/// <summary>
/// Rounds with a seed each, until time is up, or so many requests were answered. A failure names its seed; with that in
/// <c>LIVENESS_FUZZ_SEED</c> the next run begins with the round that failed. <c>LIVENESS_FUZZ_SECONDS</c> is for how long; 6
/// where it says nothing. <c>LIVENESS_FUZZ_REQUESTS</c> is how many requests all tests together have to see answered, however
/// long it takes. <c>LIVENESS_FUZZ_REPORT</c> names a file to which each test adds a line.
/// </summary>
internal static class FuzzRun
{
    private const double DefaultSeconds = 6;

    /// <param name="name">For the report.</param>
    /// <param name="share">How much of the requests of a long run are this one's.</param>
    /// <param name="round">One round; returns how many requests were answered in it.</param>
    public static async Task RepeatAsync(string name, double share, Func<Random, Task<long>> round)
    {
        var length = TimeSpan.FromSeconds(Number("LIVENESS_FUZZ_SECONDS") ?? DefaultSeconds);
        double? requests = share > 0 ? share * Number("LIVENESS_FUZZ_REQUESTS") : null;
        int first = (int)(Number("LIVENESS_FUZZ_SEED") ?? Environment.TickCount & int.MaxValue);
        var watch = Stopwatch.StartNew();
        int rounds = 0;
        long answered = 0;
        do
        {
            int seed = first + rounds;
            try
            {
                // On a thread of its own, so that a round that never ends is a failure too.
                answered += await Eventually.Of(Task.Run(() => round(new Random(seed))), "the round ends");
            }
            catch (FailedInput input)
            {
                throw new InvalidOperationException($"LIVENESS_FUZZ_SEED={seed} after {rounds} rounds: {input.Message}; {await input.ShortenAsync()}", input);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"LIVENESS_FUZZ_SEED={seed} after {rounds} rounds: {failure.Message}", failure);
            }

            rounds++;
        }
        while (requests is { } wanted ? answered < wanted : watch.Elapsed < length);

        string what = share > 0 ? "requests" : "inputs";
        Report(string.Create(CultureInfo.InvariantCulture, $"{name}: {answered} {what} in {rounds} rounds, seeds from {first}, {watch.Elapsed.TotalSeconds:F1} s"));
    }

    private static void Report(string line)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        if (Environment.GetEnvironmentVariable("LIVENESS_FUZZ_REPORT") is { Length: > 0 } path)
        {
            File.AppendAllText(path, line + "\n");
        }
    }

    private static double? Number(string variable)
        => double.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out double number) ? number : null;
}
