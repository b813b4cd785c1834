using LivenessEngine.Table;

namespace LivenessEngine.Tests.Table;

public sealed class ThreadCountersTests
{
    private readonly ThreadCounters _counters = new(20);

    [Fact]
    public void A_sum_is_over_all_threads_that_ever_counted()
    {
        _counters.Add(0);
        _counters.Add(19, 5);
        var other = new Thread(() =>
        {
            _counters.Add(0, 10);
            _counters.Row[19] -= 2;
        });
        other.Start();
        other.Join();
        Assert.Equal(11, _counters.Sum(0));
        Assert.Equal(3, _counters.Sum(19));
        Assert.Equal(0, _counters.Sum(1));
    }

    [Fact]
    public void A_row_has_every_counter()
        => Assert.Equal(20, _counters.Row.Length);

    [Theory]
    [InlineData(-1)]
    [InlineData(20)]
    public void There_is_no_other_counter(int counter)
        => Assert.Throws<ArgumentOutOfRangeException>(() => _counters.Sum(counter));
}
