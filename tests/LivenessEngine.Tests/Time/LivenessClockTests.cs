using CsCheck;
using LivenessEngine.Time;

namespace LivenessEngine.Tests.Time;

public sealed class LivenessClockTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly TestTime _time = new();
    private readonly LivenessClock _clock;

    public LivenessClockTests() => _clock = new LivenessClock(_time, Tick, TimeSpan.FromSeconds(60));

    private TimeSpan Liveness => TimeSpan.FromTicks(_clock.Read().Liveness - LivenessClock.Origin);

    private void AdvanceByTicks(TimeSpan time)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += Tick)
        {
            _time.Advance(Tick);
            _clock.Tick();
        }
    }

    [Fact]
    public void A_clock_that_goes_on_from_another_process_counts_no_time_between()
    {
        long origin = LivenessClock.Origin + TimeSpan.TicksPerDay;
        DateTimeOffset start = _time.Utc;
        var clock = new LivenessClock(_time, Tick, TimeSpan.FromSeconds(60), origin, TimeSpan.FromHours(2));
        Assert.Equal(origin, clock.Read().Liveness);
        Assert.Equal(TimeSpan.FromHours(2).Ticks, clock.Uncounted);
        Assert.Equal(start, clock.ToUtc(origin));
        Assert.Equal(start - TimeSpan.FromHours(2) - TimeSpan.FromSeconds(1), clock.ToUtc(origin - TimeSpan.TicksPerSecond));
        _time.Advance(Tick);
        Assert.Equal(origin + Tick.Ticks, clock.Tick().Liveness);
    }

    [Fact]
    public void It_starts_at_its_origin_and_at_the_time_of_the_wall()
    {
        Assert.Equal((LivenessClock.Origin, _time.Utc.ToUnixTimeMilliseconds()), (_clock.Read().Liveness, _clock.Read().UnixMilliseconds));
        Assert.Equal(0, _clock.Uncounted);
    }

    [Fact]
    public void With_the_tick_both_clocks_go_with_time()
    {
        AdvanceByTicks(TimeSpan.FromMinutes(10));
        Assert.Equal(TimeSpan.FromMinutes(10), Liveness);
        Assert.Equal(_time.Utc.ToUnixTimeMilliseconds(), _clock.Read().UnixMilliseconds);
        Assert.Equal(0, _clock.Uncounted);
    }

    [Fact]
    public void What_was_seen_while_it_was_suspended_is_no_older_than_it_is()
    {
        AdvanceByTicks(TimeSpan.FromSeconds(1));
        _clock.Suspend();
        AdvanceByTicks(TimeSpan.FromSeconds(1));
        _time.Advance(0.9 * Tick);
        long seen = _clock.Read().Liveness;
        _clock.Resume();
        _time.Advance(0.1 * Tick);
        Assert.InRange(_clock.Tick().Liveness - seen, 0, 0.1 * Tick.Ticks);
    }

    [Fact]
    public void It_never_runs_faster_than_time()
        => Gen.Select(Gen.Int[0, 5], Gen.Int[0, 400]).Array[1, 80].Sample(steps =>
        {
            var time = new TestTime();
            var clock = new LivenessClock(time, Tick, TimeSpan.FromSeconds(60));
            int suspensions = 0;
            long last = clock.Read().Liveness;
            foreach ((int kind, int milliseconds) in steps)
            {
                TimeSpan passed = TimeSpan.FromMilliseconds(milliseconds);
                time.Advance(passed);
                switch (kind)
                {
                    case 0:
                        clock.Suspend();
                        suspensions++;
                        break;
                    case 1 when suspensions > 0:
                        clock.Resume();
                        suspensions--;
                        break;
                    case > 2:
                        clock.Tick();
                        break;
                    default:
                        break;
                }

                // A unit at every tick tells beats apart that come while it is suspended.
                long now = clock.Read().Liveness;
                Assert.InRange(now - last, 0, passed.Ticks + 1);
                last = now;
            }
        });

    [Fact]
    public void Between_ticks_readings_are_interpolated()
    {
        AdvanceByTicks(Tick);
        _time.Advance(TimeSpan.FromMilliseconds(33));
        Assert.Equal(TimeSpan.FromMilliseconds(133), Liveness);
    }

    [Fact]
    public void A_tick_that_is_late_by_its_jitter_counts()
    {
        _time.Advance(2 * Tick);
        Assert.Equal(2 * Tick, Liveness);
        Assert.Equal(LivenessClock.Origin + (2 * Tick).Ticks, _clock.Tick().Liveness);
        Assert.Equal(0, _clock.Uncounted);
    }

    [Fact]
    public void What_a_gap_has_over_the_longest_step_is_not_counted()
    {
        AdvanceByTicks(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(TimeSpan.FromSeconds(1) + (2 * Tick), Liveness);
        _clock.Tick();
        Assert.Equal(TimeSpan.FromSeconds(1) + (2 * Tick), Liveness);
        Assert.Equal((TimeSpan.FromMinutes(10) - (2 * Tick)).Ticks, _clock.Uncounted);
        AdvanceByTicks(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(2) + (2 * Tick), Liveness);
    }

    [Fact]
    public void Exptimes_run_on_over_a_gap()
    {
        _time.Advance(TimeSpan.FromMinutes(10));
        _clock.Tick();
        Assert.Equal(_time.Utc.ToUnixTimeMilliseconds(), _clock.Read().UnixMilliseconds);
    }

    [Fact]
    public void Steps_of_the_wall_clock_do_not_touch_it()
    {
        Moment before = _clock.Read();
        _time.Utc += TimeSpan.FromHours(1);
        Assert.Equal(before, _clock.Read());
        _time.Utc -= TimeSpan.FromHours(5);
        Assert.Equal(before, _clock.Tick());
    }

    [Fact]
    public void A_gap_that_ends_inside_a_reading_does_not_set_the_reading_back()
    {
        AdvanceByTicks(TimeSpan.FromSeconds(5));
        TimeSpan before = Liveness;
        _time.Meanwhile = () =>
        {
            // The reader has taken the time and is stopped with the whole process; the ticker runs first again.
            _time.Advance(TimeSpan.FromMinutes(10));
            _clock.Tick();
        };
        Assert.InRange(Liveness, before, before + (2 * Tick));
    }

    [Fact]
    public void A_tick_inside_a_reading_does_not_set_it_ahead()
    {
        TimeSpan read = default;
        _time.Meanwhile = () =>
        {
            _time.Advance(Tick);
            _clock.Tick();
            read = Liveness;
        };
        Assert.InRange(Liveness, TimeSpan.Zero, read);
    }

    [Fact]
    public void It_never_runs_backwards_and_never_faster_than_time()
        => Gen.Select(Gen.Int[0, 3], Gen.Int[0, 1000]).Array[1, 200].Sample(steps =>
        {
            var time = new TestTime();
            var clock = new LivenessClock(time, Tick, TimeSpan.FromSeconds(60));
            long last = clock.Read().Liveness;
            long most = last;
            foreach ((int kind, int milliseconds) in steps)
            {
                var step = TimeSpan.FromMilliseconds(kind == 2 ? 1 : milliseconds);
                most += kind == 0 ? 0 : step.Ticks;
                switch (kind)
                {
                    case 0:
                        clock.Tick();
                        break;
                    case 1 or 2:
                        time.Advance(step);
                        break;
                    default:
                        time.Meanwhile = () =>
                        {
                            time.Advance(step);
                            clock.Tick();
                        };
                        break;
                }

                long read = clock.Read().Liveness;
                Assert.InRange(read, last, most);
                last = read;
            }
        });

    [Fact]
    public void A_reading_is_told_in_utc_by_how_long_ago_it_was()
    {
        long seen = _clock.Read().Liveness;
        DateTimeOffset at = _time.Utc;
        AdvanceByTicks(TimeSpan.FromSeconds(30));
        Assert.Equal(at, _clock.ToUtc(seen));
        Assert.Equal(_time.Utc, _clock.ToUtc(_clock.Read().Liveness));
    }

    [Theory]
    [InlineData(1_000_000_000)]
    [InlineData(10_000_000)]
    [InlineData(3_579_545)]
    [InlineData(1_000)]
    public void Whatever_the_frequency_of_timestamps(long frequency)
    {
        var time = new TestTime(frequency);
        var clock = new LivenessClock(time, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60));
        time.Advance(TimeSpan.FromSeconds(15));
        Moment now = clock.Read();
        Assert.InRange(now.Liveness - LivenessClock.Origin, TimeSpan.FromSeconds(15).Ticks - 10, TimeSpan.FromSeconds(15).Ticks + 10);
    }

    [Fact]
    public void When_something_was_seen_stays_true_over_gaps_that_are_not_counted()
    {
        var seen = new List<(long Liveness, DateTimeOffset Utc)>();
        for (int i = 0; i < 100; i++)
        {
            AdvanceByTicks(TimeSpan.FromSeconds(1));
            seen.Add((_clock.Read().Liveness, _time.Utc));
            _time.Advance(TimeSpan.FromMinutes(1));
            _clock.Tick();
        }

        // So many pauses are remembered; of what was before them, the oldest is taken.
        Assert.All(seen.TakeLast(63), one => Assert.Equal(one.Utc, _clock.ToUtc(one.Liveness)));
        Assert.Equal(seen[^63].Utc - (seen[^63].Liveness - seen[0].Liveness) * TimeSpan.FromTicks(1), _clock.ToUtc(seen[0].Liveness));
    }

    [Fact]
    public void When_something_was_seen_follows_the_wall_clock()
    {
        AdvanceByTicks(TimeSpan.FromSeconds(1));
        long seen = _clock.Read().Liveness;
        DateTimeOffset utc = _time.Utc;
        _time.Utc += TimeSpan.FromHours(1);
        AdvanceByTicks(TimeSpan.FromSeconds(1));
        Assert.Equal(utc + TimeSpan.FromHours(1), _clock.ToUtc(seen));
    }
}
