using LivenessEngine.Time;

namespace LivenessEngine.Tests.Evaluation;

public sealed class LivenessEvaluatorTests
{
    private static readonly TimeSpan DownTime = TimeSpan.FromSeconds(60);
    private static readonly DateTimeOffset Now = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, MemberState.Up)]
    [InlineData(599_999_999, MemberState.Up)]
    [InlineData(600_000_000, MemberState.Up)]
    [InlineData(600_000_001, MemberState.Down)]
    [InlineData(-600_000_000, MemberState.Up)]
    [InlineData(-600_000_001, MemberState.Down)]
    [InlineData(long.MaxValue / 4, MemberState.Down)]
    public void Up_is_seen_within_the_service_down_time_inclusive_before_or_after(long elapsedTicks, MemberState expected)
    {
        Assert.Equal(expected, LivenessEvaluator.Evaluate(Now - TimeSpan.FromTicks(Math.Min(elapsedTicks, Now.Ticks)), Now, DownTime));
        Assert.Equal(expected, LivenessEvaluator.Evaluate(LivenessClock.Origin, LivenessClock.Origin + elapsedTicks, DownTime.Ticks));
    }

    [Fact]
    public void Never_seen_is_unknown()
    {
        Assert.Equal(MemberState.Unknown, LivenessEvaluator.Evaluate(null, Now, DownTime));
        Assert.Equal(MemberState.Unknown, LivenessEvaluator.Evaluate(0L, LivenessClock.Origin, DownTime.Ticks));
    }

    [Fact]
    public void Forced_down_wins_over_everything()
    {
        Assert.Equal(MemberState.Down, LivenessEvaluator.Evaluate(Now, Now, DownTime, forcedDown: true));
        Assert.Equal(MemberState.Down, LivenessEvaluator.Evaluate(null, Now, DownTime, forcedDown: true));
        Assert.Equal(MemberState.Down, LivenessEvaluator.Evaluate(0L, LivenessClock.Origin, DownTime.Ticks, forcedDown: true));
    }

    [Fact]
    public void Times_of_different_offsets_are_compared_in_utc()
    {
        DateTimeOffset elsewhere = new(2026, 7, 1, 17, 59, 30, TimeSpan.FromHours(6));
        Assert.Equal(MemberState.Up, LivenessEvaluator.Evaluate(elsewhere, Now, DownTime));
    }

    [Fact]
    public void The_ends_of_the_calendar_are_down()
    {
        Assert.Equal(MemberState.Down, LivenessEvaluator.Evaluate(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, DownTime));
        Assert.Equal(MemberState.Down, LivenessEvaluator.Evaluate(DateTimeOffset.MaxValue, DateTimeOffset.MinValue, DownTime));
    }
}
