using LivenessEngine.Tools.Faults.Judging;
using LivenessEngine.Tools.Faults.Scenarios;

namespace LivenessEngine.Interop.Faults;

/// <summary>Every fault, tried once on the daemon, some of them at a time; the tests look at the results.</summary>
public sealed class FaultRuns : IAsyncLifetime
{
    private const int Members = 300;
    private const int ManyMembers = 1000;
    private const int Parallel = 5;

    private readonly Comparison _comparison = new(
        FaultList.Of(Scale.Small),
        [Programs.Daemon],
        (program, fault) => new RunOptions { Program = program, Members = fault.IsLarge ? ManyMembers : Members, Connections = 30 });

    /// <summary>The faults' names.</summary>
    public static IEnumerable<TheoryDataRow<string>> Names => FaultList.Of(Scale.Small).Select(fault => new TheoryDataRow<string>(fault.Name));

    public async ValueTask InitializeAsync() => await _comparison.RunAsync(Parallel, _ => { });

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal RunResult Of(string fault) => _comparison.Of(FaultList.Of(Scale.Small).Single(known => known.Name == fault), Programs.Daemon);
}
