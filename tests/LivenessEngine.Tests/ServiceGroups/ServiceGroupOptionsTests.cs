namespace LivenessEngine.Tests.ServiceGroups;

public sealed class ServiceGroupOptionsTests
{
    [Fact]
    public void The_defaults_are_novas()
    {
        ServiceGroupOptions options = new ServiceGroupOptions().Validated();
        Assert.Equal(TimeSpan.FromSeconds(10), options.ReportInterval);
        Assert.Equal(TimeSpan.FromSeconds(60), options.ServiceDownTime);
        Assert.Equal(TimeSpan.FromMilliseconds(100), options.Tick);
        Assert.Same(TimeProvider.System, options.TimeProvider);
    }

    [Theory]
    [InlineData(10, 60, 60)]
    [InlineData(10, 10.001, 10.001)]
    [InlineData(10, 10, 25)]
    [InlineData(10, 5, 25)]
    [InlineData(60, 60, 150)]
    [InlineData(1, 1, 2)]
    [InlineData(3, 1, 7)]
    [InlineData(5, 5, 12)]
    [InlineData(7, 7, 17)]
    [InlineData(1.2, 1, 3)]
    public void A_down_time_not_longer_than_the_interval_becomes_int_of_2_5_intervals(double interval, double asked, double used)
    {
        var options = new ServiceGroupOptions
        {
            ReportInterval = TimeSpan.FromSeconds(interval),
            ServiceDownTime = TimeSpan.FromSeconds(asked),
        };
        Assert.Equal(TimeSpan.FromSeconds(used), options.Validated().ServiceDownTime);
        Assert.Equal(TimeSpan.FromSeconds(asked), options.ServiceDownTime);
    }

    [Theory]
    [InlineData(0.1, 0.25)]
    [InlineData(0.3, 0.75)]
    [InlineData(0.4, 1)]
    public void Where_whole_seconds_would_be_too_short_the_fraction_stays(double interval, double used)
        => Assert.Equal(
            TimeSpan.FromSeconds(used), ServiceGroupOptions.DownTime(TimeSpan.FromSeconds(interval), TimeSpan.FromSeconds(interval)));

    public static TheoryData<string, object, object, object, object> Ranges => new()
    {
        { "ReportInterval", TimeSpan.FromTicks(1), TimeSpan.FromDays(1), TimeSpan.Zero, TimeSpan.FromDays(1) + TimeSpan.FromTicks(1) },
        { "ServiceDownTime", TimeSpan.FromTicks(1), TimeSpan.FromDays(365), TimeSpan.Zero, TimeSpan.FromDays(365) + TimeSpan.FromTicks(1) },
        { "Tick", TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10), TimeSpan.FromTicks(9_999), TimeSpan.FromTicks(100_000_001) },
        { "MemoryLimit", 1L << 20, 1L << 41, (1L << 20) - 1, (1L << 41) + 1 },
        { "EventBuffer", 1, 1 << 20, 0, (1 << 20) + 1 },
        { "MaxCredit", TimeSpan.Zero, TimeSpan.FromDays(365), TimeSpan.FromTicks(-1), TimeSpan.FromDays(365) + TimeSpan.FromTicks(1) },
        { "BrakeShare", 0.0, 1.0, -0.1, 1.1 },
    };

    [Theory]
    [MemberData(nameof(Ranges))]
    public void An_option_out_of_its_range_is_named_with_its_value_and_what_is_allowed(
        string option, object least, object most, object tooSmall, object tooLarge)
    {
        With(option, least).Validated();
        With(option, most).Validated();
        foreach (object wrong in new[] { tooSmall, tooLarge })
        {
            var refusal = Assert.Throws<ArgumentOutOfRangeException>(option, () => With(option, wrong).Validated());
            Assert.StartsWith($"{option} is {wrong}; allowed is {least} to {most}.", refusal.Message, StringComparison.Ordinal);
            Assert.Equal(wrong, refusal.ActualValue);
            Assert.Throws<ArgumentOutOfRangeException>(option, () => new ServiceGroup(With(option, wrong)));
        }
    }

    [Fact]
    public void The_brake_can_have_any_size_but_less_than_nothing()
    {
        With("BrakeSize", 0).Validated();
        With("BrakeSize", int.MaxValue).Validated();
        Assert.Throws<ArgumentOutOfRangeException>("BrakeSize", () => With("BrakeSize", -1).Validated());
        Assert.Throws<ArgumentOutOfRangeException>("BrakeShare", () => With("BrakeShare", double.NaN).Validated());
    }

    private static ServiceGroupOptions With(string option, object value)
    {
        var options = new ServiceGroupOptions();
        typeof(ServiceGroupOptions).GetProperty(option)!.SetValue(options, value);
        return options;
    }

    [Fact]
    public void There_has_to_be_a_source_of_time()
        => Assert.Throws<ArgumentNullException>("TimeProvider", () => new ServiceGroupOptions { TimeProvider = null! }.Validated());

    [Fact]
    public void The_most_memory_there_may_be_can_be_had()
    {
        using var group = new ServiceGroup(new ServiceGroupOptions { MemoryLimit = 1L << 41 });
        group.Heartbeat("node1", "compute");
        Assert.True(group.IsUp("node1", "compute"));
    }

    [Theory]
    [InlineData(10, 60, 100, 100)]
    [InlineData(0.01, 0.05, 100, 10)]
    [InlineData(10, 10.05, 100, 25)]
    [InlineData(0.002, 0.0021, 100, 1)]
    [InlineData(10, 60, 5, 5)]
    public void The_tick_is_short_enough_for_the_interval(double interval, double downTime, double tick, double used)
    {
        var options = new ServiceGroupOptions
        {
            ReportInterval = TimeSpan.FromSeconds(interval),
            ServiceDownTime = TimeSpan.FromSeconds(downTime),
            Tick = TimeSpan.FromMilliseconds(tick),
        };
        Assert.Equal(TimeSpan.FromMilliseconds(used), options.Validated().Tick);
    }
}
