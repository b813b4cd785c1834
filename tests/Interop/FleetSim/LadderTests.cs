using LivenessEngine.Tools.FleetSim.Judging;
using LivenessEngine.Tools.FleetSim.Runs;
using LivenessEngine.Tools.FleetSim.Scaling;

namespace LivenessEngine.Interop.FleetSim;

public sealed class LadderTests
{
    private readonly Ladder _ladder = new([1, 2, 3, 4, 5]);

    [Fact]
    public void Goes_up_to_the_last_size()
    {
        Assert.Equal([1, 2, 3, 4, 5], Climb(_ => Row()));
        Assert.Null(_ladder.End);
    }

    [Fact]
    public void Ends_with_the_second_size_that_live_nodes_are_called_dead_at()
    {
        Assert.Equal([1, 2, 3, 4], Climb(size => Row(falselyDown: size is 2 or 4 ? 1 : 0)));
        Assert.Contains("called dead", _ladder.End, StringComparison.Ordinal);
    }

    [Fact]
    public void Ends_with_the_third_size_that_falls_short()
    {
        Assert.Equal([1, 2, 3], Climb(_ => Row(achieved: 90)));
        Assert.Contains("short", _ladder.End, StringComparison.Ordinal);
    }

    [Fact]
    public void Ends_where_the_simulator_does()
    {
        Assert.Equal([1, 2], Climb(size => Row(lag: size == 2 ? 0.6 : 0.1)));
        Assert.Contains("simulator", _ladder.End, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_late_simulator_says_is_not_held_against_a_backend() => Assert.False(Row(falselyDown: 1, lag: 0.6).IsWrong);

    [Fact]
    public void Ends_where_a_run_came_to_nothing()
    {
        _ladder.Break("no memory");
        Assert.Null(_ladder.Next);
        Assert.Equal("no memory", _ladder.End);
    }

    private static FleetRow Row(int falselyDown = 0, double achieved = 99, double lag = 0) => new()
    {
        Backend = "one",
        Nodes = 1,
        ReportInterval = TimeSpan.FromSeconds(1),
        AskedPerSecond = 100,
        AchievedPerSecond = achieved,
        LagP99 = TimeSpan.FromSeconds(lag),
        Outcome = new Outcome { Live = 1, FalselyDown = falselyDown },
    };

    private List<int> Climb(Func<int, FleetRow> run)
    {
        var sizes = new List<int>();
        while (_ladder.Next is { } size)
        {
            sizes.Add(size);
            _ladder.Take(run(size));
        }

        return sizes;
    }
}
