using LivenessEngine.Tools.FleetSim.Backends.Wire;
using LivenessEngine.Tools.FleetSim.Judging;

namespace LivenessEngine.Interop.FleetSim;

public sealed class NovaVerdictTests
{
    private static readonly DateTime Now = new(2026, 11, 23, 12, 0, 0, DateTimeKind.Utc);
    private static readonly TimeSpan DownTime = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(60, true)]
    [InlineData(60.001, false)]
    [InlineData(-60, true)]
    [InlineData(-60.001, false)]
    public void A_row_is_up_within_the_service_down_time_ahead_or_behind(double age, bool isUp)
        => Assert.Equal(isUp, NovaVerdict.OfRow(Now.AddSeconds(-age), null, null, false, Now, DownTime));

    [Fact]
    public void A_row_without_a_report_goes_by_its_other_times()
    {
        DateTime old = Now.AddHours(-1);
        Assert.True(NovaVerdict.OfRow(null, Now, old, false, Now, DownTime));
        Assert.False(NovaVerdict.OfRow(old, Now, Now, false, Now, DownTime));
        Assert.True(NovaVerdict.OfRow(null, null, Now, false, Now, DownTime));
        Assert.False(NovaVerdict.OfRow(null, null, null, false, Now, DownTime));
    }

    [Fact]
    public void A_row_that_is_forced_down_is_down() => Assert.False(NovaVerdict.OfRow(Now, Now, Now, true, Now, DownTime));

    [Theory]
    [InlineData(60, true)]
    [InlineData(60.001, false)]
    [InlineData(-3600, true)]
    public void A_value_is_up_until_it_is_older_than_the_service_down_time(double age, bool isUp)
        => Assert.Equal(isUp, NovaVerdict.OfValue(Pickle(Now.AddSeconds(-age)), NovaPickle.Flags, Now, DownTime));

    [Fact]
    public void Another_value_is_an_error()
        => Assert.Throws<InvalidDataException>(() => NovaVerdict.OfValue("1"u8, 0, Now, DownTime));

    private static byte[] Pickle(DateTime time)
    {
        var value = new byte[NovaPickle.MostBytes];
        return value[..NovaPickle.Write(time, value)];
    }
}
