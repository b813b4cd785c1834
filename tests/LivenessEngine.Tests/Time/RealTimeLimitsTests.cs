using LivenessEngine.Time;

namespace LivenessEngine.Tests.Time;

public sealed class RealTimeLimitsTests
{
    private readonly RealTimeLimits _limits = new(serviceDownTime: 3200);

    [Fact]
    public void A_limit_has_passed_when_its_time_is_over_and_not_at_it()
    {
        _limits.Add(1000, 7);
        Assert.False(_limits.TryPass(1000));
        Assert.Equal(long.MinValue, _limits.SeenSince);
        Assert.True(_limits.TryPass(1001));
        Assert.Equal(8, _limits.SeenSince);
        Assert.False(_limits.TryPass(5000));
    }

    [Fact]
    public void Those_that_lie_close_together_are_one_and_the_later()
    {
        _limits.Add(1000, 7);
        _limits.Add(1099, 8);
        _limits.Add(1100, 9);
        Assert.False(_limits.TryPass(1099));
        Assert.True(_limits.TryPass(1100));
        Assert.Equal(9, _limits.SeenSince);
        Assert.True(_limits.TryPass(1101));
        Assert.Equal(10, _limits.SeenSince);
    }

    [Fact]
    public void However_often_one_is_added_the_first_does_not_wait_for_ever()
    {
        for (int i = 0; i < 1000; i++)
        {
            _limits.Add(1000 + i, i);
        }

        Assert.True(_limits.TryPass(1100));
        Assert.Equal(100, _limits.SeenSince);
    }
}
