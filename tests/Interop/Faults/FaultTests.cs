using LivenessEngine.Testing;
using LivenessEngine.Tools.Faults.Reporting;
using LivenessEngine.Tools.Faults.Scenarios;

namespace LivenessEngine.Interop.Faults;

/// <summary>
/// The daemon stopped, killed, restarted, flushed and filled, and clocks that are wrong: no reader is told that a living member
/// is down, and the dead are found in time. Times are scaled down; no figure here depends on the machine, whose lateness is
/// measured and allowed for.
/// </summary>
public sealed class FaultTests(FaultRuns runs) : IClassFixture<FaultRuns>
{
    [Theory]
    [MemberData(nameof(FaultRuns.Names), MemberType = typeof(FaultRuns))]
    public void No_living_member_is_called_down_and_the_dead_are_found(string fault)
    {
        RunResult result = runs.Of(fault);
        if (result.Skipped is { } reason)
        {
            Installed.Missing(reason);
        }

        TestContext.Current.TestOutputHelper!.WriteLine(ResultText.CsvHeader + "\n" + ResultText.Csv(result));
        Assert.True(result.IsRight, string.Join('\n', result.Examples));
        Assert.True(result.Answers > 0 && result.Deaths > 0, "nobody asked, or nobody died");
    }
}
