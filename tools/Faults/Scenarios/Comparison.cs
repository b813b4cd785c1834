using LivenessEngine.Tools.Faults.Servers;

namespace LivenessEngine.Tools.Faults.Scenarios;

/// <summary>The same faults for several servers, those with very many members or much traffic one after the other, the others side by side.</summary>
internal sealed class Comparison(IReadOnlyList<Fault> faults, IReadOnlyList<ServerProgram> programs, Func<ServerProgram, Fault, RunOptions> options)
{
    private readonly Dictionary<(string Fault, string Program), RunResult> _results = [];
    private readonly Lock _lock = new();

    /// <summary>What a fault did to a program.</summary>
    public RunResult Of(Fault fault, ServerProgram program) => _results[(fault.Name, program.Name)];

    /// <summary>All results, fault by fault.</summary>
    public IReadOnlyList<RunResult> All => [.. faults.SelectMany(fault => programs.Select(program => Of(fault, program)))];

    /// <param name="parallel">How many runs with few members at a time.</param>
    /// <param name="say">Told each result.</param>
    public async Task RunAsync(int parallel, Action<RunResult> say)
    {
        await RunAsync(faults.Where(fault => fault.IsLarge || fault.IsAlone), 1, say);
        await RunAsync(faults.Where(fault => !fault.IsLarge && !fault.IsAlone), parallel, say);
    }

    private Task RunAsync(IEnumerable<Fault> some, int parallel, Action<RunResult> say) => Parallel.ForEachAsync(
        some.SelectMany(fault => programs.Select(program => (Fault: fault, Program: program))),
        new ParallelOptions { MaxDegreeOfParallelism = parallel },
        async (pair, _) =>
        {
            RunResult result = await FaultRun.RunAsync(pair.Fault, options(pair.Program, pair.Fault));
            lock (_lock)
            {
                _results.Add((pair.Fault.Name, pair.Program.Name), result);
                say(result);
            }
        });
}
