using LivenessEngine.Table;
using LivenessEngine.Tests.Time;
using LivenessEngine.Time;
using Microsoft.Extensions.Time.Testing;

namespace LivenessEngine.Tests;

public sealed class EngineTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private static Engine NewEngine(TimeProvider time) => new(new EngineOptions { TimeProvider = time, Tick = Tick }, new TableOptions());

    [Fact]
    public async Task The_tick_comes_with_the_timer()
    {
        var time = new FakeTimeProvider();
        await using Engine engine = NewEngine(time);
        var ticks = new List<Moment>();
        engine.BeforeSweep(ticks.Add);
        for (int i = 1; i <= 10; i++)
        {
            time.Advance(Tick);
            Assert.Equal(i, ticks.Count);
            Assert.Equal(LivenessClock.Origin + (i * Tick.Ticks), ticks[^1].Liveness);
            Assert.Equal(TimeSpan.Zero, engine.SinceLastTick);
        }

        time.Advance(Tick / 2);
        Assert.Equal(10, ticks.Count);
        Assert.Equal(Tick / 2, engine.SinceLastTick);
    }

    [Fact]
    public async Task Whatever_is_to_be_done_before_the_sweep_is_done_in_order_and_before_it()
    {
        var time = new TestTime();
        await using Engine engine = NewEngine(time);
        var done = new List<string>();
        engine.BeforeSweep(_ => done.Add($"first, {engine.Monitor.WentUp} up"));
        engine.BeforeSweep(_ => done.Add("second"));
        using (EpochGuard guard = engine.Table.Enter())
        {
            engine.Table.Members.Join(guard, "g:m"u8, engine.Groups.GetOrAdd("g"), engine.Read(), out _);
        }

        time.Advance(Tick);
        engine.Tick();
        Assert.Equal(["first, 0 up", "second"], done);
        Assert.Equal(1, engine.Monitor.WentUp);
    }

    [Fact]
    public async Task A_tick_inside_a_tick_does_nothing()
    {
        var time = new TestTime();
        await using Engine engine = NewEngine(time);
        int ticks = 0;
        engine.BeforeSweep(_ =>
        {
            ticks++;
            engine.Tick();
        });
        engine.Tick();
        Assert.Equal(1, ticks);
        engine.Tick();
        Assert.Equal(2, ticks);
    }

    [Fact]
    public async Task A_tick_that_failed_does_not_keep_the_next_from_coming()
    {
        await using Engine engine = NewEngine(new TestTime());
        int ticks = 0;
        engine.BeforeSweep(_ => throw new InvalidOperationException($"{++ticks}"));
        Assert.Throws<InvalidOperationException>(engine.Tick);
        Assert.Throws<InvalidOperationException>(engine.Tick);
        Assert.Equal(2, ticks);
    }

    [Fact]
    public async Task The_tick_takes_back_what_has_expired_and_keeps_appointments()
    {
        var time = new TestTime();
        await using Engine engine = NewEngine(time);
        Store(engine, "short"u8, engine.Read().UnixMilliseconds + 50);
        Store(engine, "flushed"u8, Expiry.Never);
        engine.Table.FlushAt(engine.Read().UnixMilliseconds + 150);
        time.Advance(Tick);
        engine.Tick();
        Assert.Equal(1, engine.Table.Counters.Sum(TableCounter.Items));
        time.Advance(Tick);
        engine.Tick();
        Assert.Equal(0, engine.Table.Counters.Sum(TableCounter.Items));
    }

    [Fact]
    public async Task Reading_the_time_keeps_appointments_too()
    {
        var time = new TestTime();
        await using Engine engine = NewEngine(time);
        Store(engine, "k"u8, Expiry.Never);
        engine.Table.FlushAt(engine.Read().UnixMilliseconds + 1);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Moment now = engine.Read();
        using EpochGuard guard = engine.Table.Enter();
        Assert.Equal(LookupResult.Flushed, engine.Table.TryGet(guard, "k"u8, now, out _));
    }

    [Fact]
    public async Task Members_are_listed_by_group_or_all_with_their_ages()
    {
        var time = new TestTime();
        await using Engine engine = NewEngine(time);
        DateTimeOffset joined = time.Utc;
        Join(engine, "compute:a", "compute");
        Join(engine, "volume:b", "volume");
        Join(engine, "compute:host:with:colons", "compute");
        time.Advance(Tick);
        engine.Tick();
        MemberStatus[] compute = [.. engine.Members(engine.Groups.Find("compute"u8))];
        Assert.Equal(
            [new("compute", "a", MemberState.Up, joined, Tick), new("compute", "host:with:colons", MemberState.Up, joined, Tick)], compute);
        Assert.Equal(3, engine.Members(null).Count());
        Assert.Empty(engine.Members(99));
    }

    [Fact]
    public async Task Someone_who_has_left_is_listed_no_more()
    {
        await using Engine engine = NewEngine(new TestTime());
        Join(engine, "compute:a", "compute");
        using (EpochGuard guard = engine.Table.Enter())
        {
            engine.Table.Members.TryRemove(guard, "compute:a"u8);
        }

        Assert.Empty(engine.Members(null));
        engine.Tick();
        Assert.Empty(engine.Members(null));
    }

    [Fact]
    public async Task A_disposed_engine_ticks_no_more()
    {
        var time = new FakeTimeProvider();
        Engine engine = NewEngine(time);
        int ticks = 0;
        engine.BeforeSweep(_ => ticks++);
        time.Advance(Tick);
        await engine.DisposeAsync();
        time.Advance(10 * Tick);
        Assert.Equal(1, ticks);
    }

    private static void Join(Engine engine, string key, string group)
    {
        using EpochGuard guard = engine.Table.Enter();
        engine.Table.Members.Join(guard, System.Text.Encoding.UTF8.GetBytes(key), engine.Groups.GetOrAdd(group), engine.Read(), out _);
    }

    private static void Store(Engine engine, ReadOnlySpan<byte> key, long deadline)
    {
        Moment now = engine.Read();
        using EpochGuard guard = engine.Table.Enter();
        engine.Table.Writer.TryBegin(guard, key, 0, deadline, 0, now, out NewItem item);
        engine.Table.Writer.Append(guard, ref item, "\r\n"u8, now);
        engine.Table.Writer.Commit(guard, ref item, StoreMode.Set, 0, -1, now, out _);
    }
}
