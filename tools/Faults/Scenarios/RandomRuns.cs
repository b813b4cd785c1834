using LivenessEngine.Tools.Faults.Servers;

namespace LivenessEngine.Tools.Faults.Scenarios;

/// <summary>Schedules of many seeds, some at a time, each on a server of its own.</summary>
internal static class RandomRuns
{
    /// <summary>The results, in the order of the seeds.</summary>
    public static async Task<IReadOnlyList<RunResult>> RunAsync(IEnumerable<int> seeds, RunOptions options, int parallel, Action<string> say)
    {
        int[] all = [.. seeds];
        var results = new RunResult[all.Length];
        await Parallel.ForEachAsync(all.Index(), new ParallelOptions { MaxDegreeOfParallelism = parallel }, async (seed, _) =>
        {
            var schedule = Schedule.Of(seed.Item, options.Scale, canSetClock: FakeClock.Library is not null);
            RunResult result = await FaultRun.RunAsync(schedule.ToFault(), options with { Seed = seed.Item });
            results[seed.Index] = result;
            say($"{(result.IsRight ? "right" : "WRONG")}  seed {seed.Item}: {schedule}");
        });
        return results;
    }
}
