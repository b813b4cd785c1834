using LivenessEngine.Tools.FleetSim.Backends;
using LivenessEngine.Tools.FleetSim.Runs;

namespace LivenessEngine.Interop.FleetSim;

/// <summary>With so little to do each backend is right, however slow the machine.</summary>
public sealed class FleetRunTests(FleetRuns runs) : IClassFixture<FleetRuns>
{
    public static IEnumerable<TheoryDataRow<string, string>> Backends
        => FleetRuns.Backends.Select(run => new TheoryDataRow<string, string>(run.Backend.ToString(), run.Database));

    [Theory]
    [MemberData(nameof(Backends))]
    public async Task The_living_are_up_and_the_dead_are_found(string backend, string database)
    {
        FleetRow row = await runs.OfAsync(Enum.Parse<BackendKind>(backend), database);
        TestContext.Current.TestOutputHelper!.WriteLine(FleetRow.CsvHeader + "\n" + row.ToCsv());
        Assert.True(row.Outcome.FalselyDown == 0 || row.IsSimulatorBehind, "a live node was called dead");
        Assert.Equal((36, 4, 4), (row.Outcome.Live, row.Outcome.Dead, row.Outcome.Found));
        Assert.True(row.AchievedPerSecond > 0 && row.Questions > 0 && row.MemoryBytes > 0 && row.Failures == 0);
    }
}
