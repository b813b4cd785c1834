using LivenessEngine.Tools.Faults.Scenarios;

namespace LivenessEngine.Interop.Faults;

/// <summary>
/// Random schedules of faults, each from its seed: twenty, or with LIVENESS_FAULTS=all two hundred.
/// <c>faults random --seed N --count 1</c> tries one again.
/// </summary>
public sealed class RandomScheduleTests
{
    private const int Parallel = 8;

    [Fact]
    public async Task No_living_member_is_called_down_and_the_dead_are_found()
    {
        int count = Environment.GetEnvironmentVariable("LIVENESS_FAULTS") == "all" ? 200 : 20;
        ITestOutputHelper output = TestContext.Current.TestOutputHelper!;
        IReadOnlyList<RunResult> results = await RandomRuns.RunAsync(
            Enumerable.Range(1, count), new RunOptions { Program = Programs.Daemon, Members = 50, Connections = 10 }, Parallel, output.WriteLine);
        Assert.All(results, result => Assert.True(result.IsRight, $"{result.Fault}:\n{string.Join('\n', result.Examples)}"));
    }
}
