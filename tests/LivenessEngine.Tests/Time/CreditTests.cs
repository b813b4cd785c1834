using LivenessEngine.Time;

namespace LivenessEngine.Tests.Time;

/// <summary>How long uncounted time keeps the silent up.</summary>
public sealed class CreditTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan DownTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TestTime _time = new();
    private LivenessClock _clock;

    public CreditTests() => _clock = new LivenessClock(_time, Tick, DownTime);

    private long Beat() => _clock.Read().Liveness;

    private bool IsUp(long lastSeen) => lastSeen >= _clock.Read().DownBefore;

    private void Run(TimeSpan time)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += Tick)
        {
            _time.Advance(Tick);
            _clock.Tick();
        }
    }

    private void Stop(TimeSpan time)
    {
        _time.Advance(time);
        _clock.Tick();
    }

    /// <summary>How long it takes in real time until whoever was seen then is down.</summary>
    private TimeSpan UntilDown(long lastSeen, Action step)
    {
        DateTimeOffset start = _time.Utc;
        while (IsUp(lastSeen))
        {
            step();
            Assert.True(_time.Utc - start < TimeSpan.FromDays(1), "never down");
        }

        return _time.Utc - start;
    }

    [Fact]
    public void Without_gaps_the_service_down_time_decides_to_the_tick()
    {
        long seen = Beat();
        Run(DownTime);
        Assert.True(IsUp(seen));
        Run(Tick);
        Assert.False(IsUp(seen));
        Assert.Equal(new Credits(default, default, 0, default), _clock.Credits);
    }

    [Fact]
    public void One_long_pause_of_whatever_length_kills_nobody_at_its_end()
    {
        Run(30 * Second);
        long seen = Beat();
        Run(20 * Second);
        Stop(TimeSpan.FromHours(5));
        Assert.True(IsUp(seen));

        // It had been silent for 20 s already, and has what was left.
        Assert.InRange(UntilDown(seen, () => Run(Tick)), 39 * Second, 41 * Second);
    }

    [Fact]
    public void Whoever_reports_after_the_pause_is_up()
    {
        Run(30 * Second);
        Stop(TimeSpan.FromHours(5));
        for (int i = 0; i < 30; i++)
        {
            Run(10 * Second);
            Assert.True(IsUp(Beat()));
        }

        long seen = Beat();
        Run(DownTime);
        Assert.True(IsUp(seen));
    }

    [Fact]
    public void An_engine_that_is_starved_again_and_again_finds_the_dead_in_real_time()
    {
        // It counts 0.2 s of each 2 s: without a limit the silent would be up for ten minutes.
        Run(Second);
        long seen = Beat();
        TimeSpan found = UntilDown(seen, () => Stop(2 * Second));
        Assert.InRange(found, 3 * DownTime, (3.5 * DownTime) + (10 * Second));
    }

    [Fact]
    public void And_keeps_up_who_reports_to_it()
    {
        Run(Second);
        for (int i = 0; i < 2000; i++)
        {
            long seen = Beat();
            for (int j = 0; j < 10; j++)
            {
                Stop(2 * Second);
                Assert.True(IsUp(seen));
            }
        }
    }

    [Fact]
    public void Pauses_one_after_the_other_do_not_use_up_the_time_to_report()
    {
        Run(Second);
        long seen = Beat();
        for (int i = 0; i < 3; i++)
        {
            Stop(TimeSpan.FromMinutes(10));
            Run(Second);
            Assert.True(IsUp(seen));
        }

        Assert.InRange(UntilDown(seen, () => Run(Tick)), 10 * Second, DownTime);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(600)]
    public void The_bound_can_be_chosen(int seconds)
    {
        _clock = new LivenessClock(_time, Tick, DownTime, maxCredit: seconds * Second);
        Run(Second);
        long seen = Beat();
        TimeSpan found = UntilDown(seen, () => Stop(Second));
        Assert.InRange(found, DownTime, TimeSpan.FromSeconds(Math.Min(seconds * 1.3, 240) + 65));
    }

    [Fact]
    public void Who_was_held_back_has_one_more_service_down_time()
    {
        long seen = Beat();
        Run((2 * DownTime) + Tick);
        Assert.Equal(seen + Tick.Ticks, _clock.DeclareBefore);

        Stop(TimeSpan.FromMinutes(10));
        seen = Beat();
        UntilDown(seen, () => Stop(2 * Second));
        Assert.True(seen >= _clock.DeclareBefore);
        DateTimeOffset down = _time.Utc;
        while (seen >= _clock.DeclareBefore)
        {
            Stop(2 * Second);
        }

        Assert.InRange(_time.Utc - down, DownTime, DownTime + (5 * Second));
    }

    [Fact]
    public void DownBefore_never_goes_back()
    {
        var random = new Random(4);
        long last = long.MinValue;
        for (int i = 0; i < 20_000; i++)
        {
            Stop(random.Next(20) == 0 ? random.Next(200) * Second : random.Next(400) * TimeSpan.FromMilliseconds(1));
            long now = _clock.Read().DownBefore;
            Assert.InRange(now, last, _clock.Read().Liveness);
            last = now;
        }
    }

    [Fact]
    public void While_it_is_suspended_nothing_is_counted()
    {
        Run(Second);
        long before = Beat();
        _clock.Suspend();
        _clock.Suspend();
        Run(DownTime);
        _clock.Resume();
        Run(DownTime - Second);
        Assert.True(_clock.IsSuspended);
        Assert.InRange(TimeSpan.FromTicks(Beat() - before), TimeSpan.Zero, 3 * Tick);
        _clock.Resume();
        Run(10 * Second);
        Assert.InRange(TimeSpan.FromTicks(Beat() - before), 10 * Second, (10 * Second) + (4 * Tick));
        Credits credits = _clock.Credits;
        Assert.Equal(1, credits.Gaps);
        Assert.Equal(credits.Total, credits.LastGap);
        Assert.InRange(credits.Total, (2 * DownTime) - (2 * Second), 2 * DownTime);
    }

    [Fact]
    public void Who_is_heard_while_it_is_suspended_stays_up_and_who_is_not_goes_down_in_real_time()
    {
        Run(Second);
        long silent = Beat();
        _clock.Suspend();
        int seconds = 0;
        while (IsUp(silent))
        {
            long heard = Beat();
            Run(10 * Second);
            seconds += 10;
            Assert.True(IsUp(heard));
            Assert.True(seconds < 1000, "never down");
        }

        Assert.InRange(seconds, 180, 200);
    }

    [Fact]
    public void When_something_was_seen_in_a_long_suspension_is_told_to_some_seconds()
    {
        _clock.Suspend();
        var seen = new List<(long Liveness, DateTimeOffset Utc)>();
        for (int i = 0; i < 30; i++)
        {
            Run(5 * Second);
            seen.Add((Beat(), _time.Utc));
        }

        Assert.All(seen, one => Assert.InRange((_clock.ToUtc(one.Liveness) - one.Utc).Duration(), TimeSpan.Zero, 4 * Second));
    }

    [Fact]
    public void A_suspension_is_one_however_often_it_begins()
    {
        var one = new Suspension(_clock);
        var other = new Suspension(_clock);
        one.Begin();
        one.Begin();
        other.Begin();
        one.End();
        one.End();
        Assert.True(_clock.IsSuspended);
        other.End();
        Assert.False(_clock.IsSuspended);
    }

    [Fact]
    public void After_a_restart_the_time_before_it_counts_against_nobody_and_is_told()
    {
        Run(30 * Second);
        long seen = Beat();
        DateTimeOffset at = _time.Utc;
        Run(20 * Second);
        long origin = Beat() + 1;
        TimeSpan away = TimeSpan.FromMinutes(10);
        _time.Advance(away);
        _clock = new LivenessClock(_time, Tick, DownTime, origin: origin, uncountedBefore: away);
        Assert.Equal(origin, Beat());

        // One unit of 100 ns, by which the origin is later than every reading before it.
        Assert.Equal(at.AddTicks(-1), _clock.ToUtc(seen));
        Assert.Equal(_time.Utc, _clock.ToUtc(origin));
        Assert.Equal((away, 1), (_clock.Credits.Total, _clock.Credits.Gaps));
        Assert.Equal(away, _clock.Credits.InForce);
        Assert.InRange(UntilDown(seen, () => Run(Tick)), 39 * Second, 41 * Second);
    }

    [Fact]
    public void A_restart_is_a_gap_that_the_limit_knows()
    {
        _clock = new LivenessClock(_time, Tick, DownTime, uncountedBefore: TimeSpan.FromMinutes(10));
        TimeSpan found = UntilDown(LivenessClock.Origin - 1, () => Stop(2 * Second));
        Assert.InRange(found, DownTime, DownTime + (5 * Second));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-5)]
    public void Steps_of_the_wall_clock_by_hours_change_no_verdict(int hours)
    {
        long seen = Beat();
        for (int i = 0; i < 6; i++)
        {
            Run(10 * Second);
            _time.Utc += TimeSpan.FromHours(i % 2 == 0 ? hours : -hours);
            Assert.True(IsUp(seen));
        }

        Run(Tick);
        Assert.False(IsUp(seen));
        Assert.Equal(0, _clock.Uncounted);
    }
}
