using LivenessEngine.ServiceGroups;
using LivenessEngine.Testing;
using Microsoft.Extensions.Time.Testing;

namespace LivenessEngine.Tests.ServiceGroups;

public sealed class StoreDriverTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly FakeStore _store;
    private readonly ServiceGroup _group;

    public StoreDriverTests()
    {
        _store = new FakeStore("store", _time);
        _group = new ServiceGroup(new ServiceGroupOptions { TimeProvider = _time }, null, (options, logger) => new StoreDriver(_store, options, logger));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _group.DisposeAsync();

    [Fact]
    public async Task Members_report_at_once_and_then_every_interval_together()
    {
        using Membership node1 = _group.Join("node1", "compute");
        using Membership node2 = _group.Join("node2", "compute");
        await CallsAsync("join 2");
        await PassAsync(TimeSpan.FromSeconds(9.5));
        Assert.Single(_store.Calls);
        await PassAsync(TimeSpan.FromSeconds(0.7));
        await CallsAsync("join 2", "beat 2");
        Assert.True(_group.IsUp("node1", "compute"));
        Assert.Equal(["compute"], _group.Groups);
    }

    [Fact]
    public async Task A_heartbeat_is_waited_for()
    {
        ValueTask beat = _group.HeartbeatAsync("node1", "compute", Cancel);
        await PassAsync(TimeSpan.FromMilliseconds(200));
        await Eventually.Done(beat.AsTask(), "the heartbeat is counted");
        Assert.Equal(MemberState.Up, (await _group.StatusAsync([new MemberName("node1", "compute"), new MemberName("node2", "compute")], Cancel))[0].State);
        Assert.Equal(MemberState.Unknown, _group.StateOf("node2", "compute"));
        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(MemberState.Down, _group.StateOf("node1", "compute"));
    }

    [Fact]
    public async Task Who_leaves_by_name_reports_no_more_though_he_has_a_handle()
    {
        using Membership node1 = _group.Join("node1", "compute");
        await CallsAsync("join 1");
        Assert.True(await _group.LeaveAsync("node1", "compute", Cancel));
        await PassAsync(TimeSpan.FromSeconds(30));
        Assert.Empty(_store.Members);
        Assert.False(node1.Heartbeat());
        using Membership again = _group.Join("node1", "compute");
        Assert.False(node1.Heartbeat());
        Assert.True(again.Heartbeat());
    }

    [Fact]
    public async Task Who_leaves_while_his_heartbeat_is_on_its_way_does_not_come_back()
    {
        _store.Hold();
        using Membership node1 = _group.Join("node1", "compute");
        await CallsAsync("join 1");
        Task<bool> leaving = _group.LeaveAsync("node1", "compute", Cancel).AsTask();
        Assert.False(leaving.IsCompleted);
        _store.Release();
        Assert.True(await Eventually.Of(leaving, "the member leaves"));
        Assert.Empty(_store.Members);
    }

    [Fact]
    public async Task A_store_that_hangs_does_not_stop_the_clock()
    {
        _store.Hold();
        using Membership node1 = _group.Join("node1", "compute");
        await CallsAsync("join 1");
        await PassAsync(TimeSpan.FromSeconds(5));
        await Eventually.True(() => _group.Timing.SinceLastTick < TimeSpan.FromSeconds(1), "the tick came");
        _store.Release();
    }

    [Fact]
    public async Task The_end_ends_every_wait_and_the_store()
    {
        _store.Hold();
        Task onItsWay = _group.HeartbeatAsync("node1", "compute", Cancel).AsTask();
        await CallsAsync("join 1");
        Task next = _group.HeartbeatAsync("node2", "compute", Cancel).AsTask();
        await _group.DisposeAsync();
        Assert.True(_store.IsDisposed);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Eventually.Done(onItsWay, "the wait ends"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Eventually.Done(next, "the wait ends"));
        Assert.Throws<ObjectDisposedException>(() => _group.Join("node1", "compute"));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await _group.HeartbeatAsync("node1", "compute", Cancel));
    }

    [Fact]
    public async Task Names_are_checked_before_anything_is_asked()
    {
        Assert.Throws<ArgumentException>(() => _group.Join("no de", "compute"));
        await Assert.ThrowsAsync<ArgumentException>(async () => await _group.StatusAsync([new MemberName("node1", "com:pute")], Cancel));
        Assert.Empty(_store.Calls);
    }

    [Fact]
    public async Task A_question_that_finds_no_store_is_an_error_that_names_it()
    {
        _store.IsAway = true;
        HeartbeatStoreException fault = await Assert.ThrowsAsync<HeartbeatStoreException>(async () => await _group.IsUpAsync("node1", "compute", Cancel));
        Assert.Equal("store is away", fault.Message);
        Assert.Throws<HeartbeatStoreException>(() => _group.IsUp("node1", "compute"));
    }

    private async Task CallsAsync(params string[] calls)
        => await Eventually.True(
            async () =>
            {
                await PassAsync(TimeSpan.FromMilliseconds(100));
                return _store.Calls.SequenceEqual(calls);
            },
            $"calls are {string.Join(", ", calls)}, and not {string.Join(", ", _store.Calls)}");

    // Tick by tick, with time for what runs by itself.
    private async Task PassAsync(TimeSpan time)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMilliseconds(100))
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(2, Cancel);
        }
    }
}
