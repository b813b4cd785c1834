using LivenessEngine.Time;

namespace LivenessEngine.Tests.Time;

public sealed class ExpiryTests
{
    private const long Now = 1_800_000_000_123;
    private const long ThirtyDays = 2_592_000;

    [Fact]
    public void Exptime_0_is_never()
        => Assert.Equal(Expiry.Never, Expiry.ToDeadline(0, Now));

    [Theory]
    [InlineData(-1)]
    [InlineData(-1_800_000_000)]
    [InlineData(long.MinValue)]
    public void A_negative_exptime_has_passed(long exptime)
    {
        Assert.Equal(Expiry.AlreadyExpired, Expiry.ToDeadline(exptime, Now));
        Assert.True(Expiry.AlreadyExpired <= Now);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    [InlineData(ThirtyDays - 1)]
    [InlineData(ThirtyDays)]
    public void Up_to_30_days_inclusive_it_counts_from_now(long exptime)
        => Assert.Equal(Now + (exptime * 1000), Expiry.ToDeadline(exptime, Now));

    [Theory]
    [InlineData(ThirtyDays + 1)]
    [InlineData(1_700_000_000)]
    [InlineData(1_900_000_000)]
    [InlineData(uint.MaxValue)]
    public void Beyond_30_days_it_is_a_unix_time(long exptime)
        => Assert.Equal(exptime * 1000, Expiry.ToDeadline(exptime, Now));

    [Fact]
    public void A_unix_time_in_the_past_has_passed()
        => Assert.True(Expiry.ToDeadline(ThirtyDays + 1, Now) <= Now);

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MaxValue / 1000)]
    [InlineData((long.MaxValue / 1000) + 1)]
    public void A_unix_time_that_milliseconds_cannot_hold_is_never(long exptime)
        => Assert.Equal(Expiry.Never, Expiry.ToDeadline(exptime, Now));

    [Fact]
    public void The_last_unix_time_that_they_can_hold_is_itself()
        => Assert.Equal(((long.MaxValue / 1000) - 1) * 1000, Expiry.ToDeadline((long.MaxValue / 1000) - 1, Now));
}
