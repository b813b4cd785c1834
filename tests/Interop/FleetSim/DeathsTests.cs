using LivenessEngine.Tools.FleetSim.Fleets;

namespace LivenessEngine.Interop.FleetSim;

public sealed class DeathsTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(1000, 0.02, 20)]
    [InlineData(1000, 0, 0)]
    [InlineData(10, 0.01, 1)]
    [InlineData(3, 0.4, 2)]
    public void As_many_die_as_the_share_says(int nodes, double share, int dead)
    {
        var deaths = new Deaths(nodes, share, Interval, seed: 1);
        int[] died = [.. deaths.Due(Deaths.Last(Interval)), .. deaths.Due(Deaths.Last(Interval))];
        Assert.Equal((dead, dead), (deaths.Count, died.Distinct().Count()));
    }

    [Fact]
    public void Half_of_them_die_at_first_and_each_once()
    {
        var deaths = new Deaths(1000, 0.02, Interval, seed: 1);
        Assert.Empty(deaths.Due(TimeSpan.FromSeconds(4.9)));
        Assert.Equal(10, deaths.Due(TimeSpan.FromSeconds(5)).Length);
        Assert.Empty(deaths.Due(TimeSpan.FromSeconds(14.9)));
        Assert.Equal(10, deaths.Due(TimeSpan.FromSeconds(15)).Length);
        Assert.Empty(deaths.Due(TimeSpan.FromSeconds(100)));
    }
}
