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
        _watch = new IntakeWatch(_clock, _time, TickTime);
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
        Tick(100);
        Assert.Equal(1, silent.Questions);
        Assert.True(_clock.IsSuspended);
        Assert.InRange(_clock.Uncounted, 95 * TickTime.Ticks, 99 * TickTime.Ticks);

        long uncounted = _clock.Uncounted;
        silent.Answers = true;
        silent.Answer();
        Tick(100);
        Assert.Equal((101, false), (silent.Questions, _clock.IsSuspended));
        Assert.InRange(_clock.Uncounted, uncounted, uncounted + TickTime.Ticks);
    }

    [Fact]
    public void A_tick_that_follows_a_late_one_soon_does_not_expect_the_answer()
    {
        _watch.Add(new TestIntake());
        Tick();
        Tick(TickTime / 4);
        Assert.False(_clock.IsSuspended);
        Tick();
        Assert.True(_clock.IsSuspended);
    }

    [Fact]
    public void Who_is_removed_is_not_waited_for()
    {
        var silent = new TestIntake();
        _watch.Add(silent);
        Tick(2);
        Assert.True(_clock.IsSuspended);
        _watch.Remove(silent);
        Tick();
        Assert.False(_clock.IsSuspended);
        silent.Answer();
        Tick(2);
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
