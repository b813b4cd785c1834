using LivenessEngine.Tools.Faults.Judging;
using LivenessEngine.Tools.Faults.Scenarios;

namespace LivenessEngine.Interop.Faults;

/// <summary>The oracle bites: memcached, which forgets, and lets the nodes' clocks decide, is caught at it.</summary>
public sealed class OracleTests
{
    [Theory]
    [InlineData("stopped for 2x service_down_time")]
    [InlineData("killed, back after 2x service_down_time")]
    [InlineData("six in ten silent for 1.6x service_down_time")]
    [InlineData("reader 61 s ahead")]
    public async Task Memcached_calls_living_members_down(string fault)
        => Assert.NotEqual(0, (await RunAsync(fault)).FalseDowns);

    [Fact]
    public async Task Memcached_misses_deaths_where_writers_are_ahead()
    {
        RunResult result = await RunAsync("writers 10 min behind and ahead");
        Assert.NotEqual(0, result.FalseDowns);
        Assert.NotEqual(0, result.MissedDeaths);
    }

    [Fact]
    public async Task Memcached_is_right_when_nothing_is_wrong()
    {
        RunResult result = await RunAsync("none");
        Assert.True(result.IsRight, string.Join('\n', result.Examples));
        Assert.NotEqual(0, result.Deaths);
    }

    private static Task<RunResult> RunAsync(string fault) => FaultRun.RunAsync(
        FaultList.Of(Scale.Small).Single(known => known.Name == fault), new RunOptions { Program = Programs.Memcached, Members = 100, Connections = 10 });
}
