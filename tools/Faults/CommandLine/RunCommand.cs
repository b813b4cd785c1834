using System.CommandLine;
using LivenessEngine.Tools.Faults.Judging;
using LivenessEngine.Tools.Faults.Reporting;
using LivenessEngine.Tools.Faults.Scenarios;
using LivenessEngine.Tools.Faults.Servers;

namespace LivenessEngine.Tools.Faults.CommandLine;

/// <summary>faults run: faults of the list on one server.</summary>
internal static class RunCommand
{
    public static Command Create(CommonOptions common)
    {
        var faults = new Argument<string[]>("fault") { Description = "Parts of their names; all without any", Arity = ArgumentArity.ZeroOrMore };
        var stock = new Option<bool>("--stock") { Description = "Try them on memcached, not on our daemon" };
        var seed = new Option<int>("--seed") { Description = "Chooses who dies", DefaultValueFactory = _ => 1 };
        var command = new Command("run", "Try faults on one server.") { faults, stock, seed };
        common.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            ServerProgram program = parsed.GetValue(stock) ? common.MemcachedOf(parsed) : common.LivenessOf(parsed);
            RunOptions options = common.RunOf(parsed, program, 200, 20) with { Seed = parsed.GetValue(seed) };
            string[] names = parsed.GetValue(faults) ?? [];
            var results = new List<RunResult>();
            foreach (Fault fault in FaultList.Of(Scale.Small).Where(fault => names.Length == 0 || names.Any(fault.Name.Contains)))
            {
                results.Add(await FaultRun.RunAsync(fault, options));
            }

            RunTable.Show(results);
            return results.TrueForAll(result => result.IsRight) ? 0 : 1;
        });
        return command;
    }
}
