using LivenessEngine.Time;

namespace LivenessEngine.Tests.Time;

public sealed class IntakeWatchTests
{
    private static readonly TimeSpan TickTime = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan DownTime = TimeSpan.FromSeconds(60);

    private readonly TestTime _time = new();
    private readonly LivenessClock _clock;
    private readonly IntakeWatch _watch;

    public IntakeWatchTests()
    {
        _clock = new LivenessClock(_time, TickTime, DownTime);
        _watch = new IntakeWatch(_clock, _time, DownTime);
    }

    private void Tick(TimeSpan after)
    {
        _time.Advance(after);
        _watch.Tick();
        _clock.Tick();
    }

    private void Tick(int count = 1)
    {
        for (int i = 0; i < count; i++)
        {
            Tick(TickTime);
        }
    }

    [Fact]
    public void Time_counts_while_intakes_answer()
    {
        var intake = new TestIntake { Answers = true };
        _watch.Add(intake);
        Tick(100);
        Assert.Equal((100, 0L), (intake.Questions, _clock.Uncounted));
    }

    [Fact]
    public void Time_does_not_count_while_one_does_not_answer_and_is_asked_once()
    {
        var silent = new TestIntake();
        _watch.Add(new TestIntake { Answers = true });
        _watch.Add(silent);
        Tick(11);
        Assert.False(_clock.IsSuspended);
        Tick(89);
        Assert.Equal((1, 1), (silent.Questions, _watch.Behind));
        Assert.True(_clock.IsSuspended);
        Assert.InRange(_clock.Uncounted, 85 * TickTime.Ticks, 89 * TickTime.Ticks);

        long uncounted = _clock.Uncounted;
        silent.Answers = true;
        silent.Answer();
        Tick(100);
        Assert.Equal((101, 0, false), (silent.Questions, _watch.Behind, _clock.IsSuspended));
        Assert.InRange(_clock.Uncounted, uncounted, uncounted + TickTime.Ticks);
    }

    [Theory]
    [InlineData(3600, 1000)]
    [InlineData(60, 1000)]
    [InlineData(3.2, 100)]
    [InlineData(0.5, 50)]
    public void How_long_it_may_be_behind_goes_by_the_service_down_time(double downTime, int milliseconds)
    {
        var watch = new IntakeWatch(_clock, _time, TimeSpan.FromSeconds(downTime));
        watch.Add(new TestIntake());
        watch.Tick();
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        watch.Tick();
        Assert.Equal(0, watch.Behind);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        watch.Tick();
        Assert.Equal(1, watch.Behind);
    }

    [Fact]
    public void Who_is_removed_is_not_waited_for()
    {
        var silent = new TestIntake();
        _watch.Add(silent);
        Tick(12);
        Assert.True(_clock.IsSuspended);
        _watch.Remove(silent);
        Tick();
        Assert.False(_clock.IsSuspended);
        silent.Answer();
        Tick(12);
        Assert.Equal(1, silent.Questions);
    }

    private sealed class TestIntake : IIntake
    {
        private Action? _answer;

        public bool Answers { get; set; }

        public int Questions { get; private set; }

        public void Ask(Action answer)
        {
            Questions++;
            _answer = answer;
            if (Answers)
            {
                answer();
            }
        }

        public void Answer() => _answer!();
    }
}
