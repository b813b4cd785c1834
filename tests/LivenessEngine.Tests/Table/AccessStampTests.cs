using LivenessEngine.Table;

namespace LivenessEngine.Tests.Table;

public sealed class AccessStampTests
{
    [Fact]
    public void A_stamp_is_16_milliseconds()
    {
        Assert.Equal(AccessStamp.At(1_000_000), AccessStamp.At(1_000_015));
        Assert.Equal(1u, AccessStamp.Age(AccessStamp.At(1_000_000), AccessStamp.At(1_000_016)));
    }

    [Fact]
    public void A_stamp_ahead_of_now_has_no_age()
        => Assert.Equal(0u, AccessStamp.Age(10, 9));

    [Fact]
    public void Ages_go_over_the_wrap()
        => Assert.Equal(3u, AccessStamp.Age(uint.MaxValue - 1, 1));

    [Fact]
    public void Seconds_of_an_age()
    {
        long now = 1_800_000_000_000;
        Assert.Equal(3600, AccessStamp.ToSeconds(AccessStamp.Age(AccessStamp.At(now - 3_600_000), AccessStamp.At(now))));
        for (int at = 0; at < 16; at++)
        {
            Assert.Equal(3, AccessStamp.ToSeconds(AccessStamp.Age(AccessStamp.At(now + at), AccessStamp.At(now + at + 3000))));
            Assert.Equal(2, AccessStamp.ToSeconds(AccessStamp.Age(AccessStamp.At(now + at), AccessStamp.At(now + at + 2975))));
        }

        Assert.Equal(68_719_476, AccessStamp.ToSeconds(uint.MaxValue));
    }
}
