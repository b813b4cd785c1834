using System.CommandLine;
using System.Globalization;
using LivenessEngine.Tools.Faults.Judging;
using LivenessEngine.Tools.Faults.Reporting;
using LivenessEngine.Tools.Faults.Scenarios;
using LivenessEngine.Tools.Faults.Servers;

namespace LivenessEngine.Tools.Faults.CommandLine;

/// <summary>faults compare: the whole list, on memcached and on our daemon.</summary>
internal static class CompareCommand
{
    private const int ManyMembers = 10_000;
    private const int FewMembers = 200;

    public static Command Create(CommonOptions common)
    {
        var folder = new Option<string>("--out") { Description = "Where faults.csv and faults.md go", DefaultValueFactory = _ => "." };
        var commit = new Option<string>("--commit") { Description = "What this was built from", DefaultValueFactory = _ => "unknown" };
        var parallel = new Option<int>("--parallel") { Description = "Runs with few members at a time", DefaultValueFactory = _ => 6 };
        var command = new Command("compare", "Try all faults on memcached and on our daemon, and write down what came of them.") { folder, commit, parallel };
        common.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            ServerProgram stock = common.MemcachedOf(parsed);
            ServerProgram ours = common.LivenessOf(parsed);
            IReadOnlyList<Fault> faults = FaultList.Of(Scale.Small);
            var comparison = new Comparison(faults, [stock, ours], (program, fault) => fault.IsLarge
                ? common.RunOf(parsed, program, ManyMembers, 50)
                : common.RunOf(parsed, program, FewMembers, 20) with { Members = FewMembers });
            await comparison.RunAsync(parsed.GetValue(parallel), result => Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"  {result.Fault,-46} {result.Program,-10} {ResultText.Wrong(result)}")));
            var report = new ComparisonReport(comparison, faults, stock, ours);
            report.Show();
            report.Write(parsed.GetValue(folder)!, "faults compare", parsed.GetValue(commit)!);
            RunResult[] wrong = [.. faults.Select(fault => comparison.Of(fault, ours)).Where(result => !result.IsRight)];
            foreach (string example in wrong.SelectMany(result => result.Examples.Select(example => $"{result.Fault}: {example}")))
            {
                Console.WriteLine(example);
            }

            return wrong.Length == 0 ? 0 : 1;
        });
        return command;
    }
}
