using System.CommandLine;
using LivenessEngine.Tools.Faults.Reporting;
using LivenessEngine.Tools.Faults.Scenarios;
using LivenessEngine.Tools.Faults.Servers;

namespace LivenessEngine.Tools.Faults.CommandLine;

/// <summary>faults random: schedules by seed.</summary>
internal static class RandomCommand
{
    public static Command Create(CommonOptions common)
    {
        var seed = new Option<int>("--seed") { Description = "The first seed", DefaultValueFactory = _ => 1 };
        var count = new Option<int>("--count") { Description = "How many seeds, one after the other", DefaultValueFactory = _ => 200 };
        var parallel = new Option<int>("--parallel") { Description = "How many at a time", DefaultValueFactory = _ => 8 };
        var stock = new Option<bool>("--stock") { Description = "Try them on memcached, not on our daemon" };
        var command = new Command("random", "Try random schedules of faults; each has a seed and can be tried again.") { seed, count, parallel, stock };
        common.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            ServerProgram program = parsed.GetValue(stock) ? common.MemcachedOf(parsed) : common.LivenessOf(parsed);
            RunOptions options = common.RunOf(parsed, program, 50, 10);
            IEnumerable<int> seeds = Enumerable.Range(parsed.GetValue(seed), parsed.GetValue(count));
            IReadOnlyList<RunResult> results = await RandomRuns.RunAsync(seeds, options, parsed.GetValue(parallel), Console.WriteLine);
            RunTable.Show(results);
            int[] wrong = [.. results.Index().Where(result => !result.Item.IsRight).Select(result => parsed.GetValue(seed) + result.Index)];
            Console.WriteLine(wrong.Length == 0 ? $"{results.Count} schedules, no false down, no missed death" : $"wrong: seeds {string.Join(", ", wrong)}");
            return wrong.Length == 0 ? 0 : 1;
        });
        return command;
    }
}
