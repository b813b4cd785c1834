using LivenessEngine.Evaluation;
using LivenessEngine.ServiceGroups;
using LivenessEngine.Testing;
using Microsoft.Extensions.Time.Testing;

namespace LivenessEngine.Tests.ServiceGroups;

public sealed class StorePollTests : IAsyncDisposable
{
    private static readonly MemberName Node1 = new("node1", "compute");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly CancellationTokenSource _stop = new();
    private readonly FakeStore _store;
    private readonly IAsyncEnumerator<MemberEvent> _events;
    private readonly Task _running;
    private Task<bool>? _next;

    public StorePollTests()
    {
        _store = new FakeStore("store", _time);
        _store.JoinAsync([Node1], CancellationToken.None).Wait(TestContext.Current.CancellationToken);
        var stream = new EventStream(null, 16);
        _events = stream.ReadAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        _running = new StorePoll(_store, "compute", TimeSpan.FromSeconds(60), _time, stream).RunAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        if (_next is not null)
        {
            await _next;
        }

        await _events.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task Silence_is_found_and_its_end()
    {
        DateTimeOffset beat = _time.GetUtcNow();
        MemberDown down = Assert.IsType<MemberDown>(await NextAsync());
        Assert.Equal(("node1", "compute", beat, DownReason.Silence), (down.Member, down.Group, down.LastSeen, down.Reason));
        Assert.InRange(down.At - beat, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(62));
        await _store.BeatAsync([Node1], TestContext.Current.CancellationToken);
        Assert.IsType<MemberUp>(await NextAsync());
    }

    [Fact]
    public async Task Who_comes_and_who_leaves_is_found()
    {
        await PassAsync(3);
        await _store.JoinAsync([new MemberName("node2", "compute"), new MemberName("node3", "network")], TestContext.Current.CancellationToken);
        Assert.Equal("node2", Assert.IsType<MemberUp>(await NextAsync()).Member);
        await _store.RemoveAsync(Node1, TestContext.Current.CancellationToken);
        MemberDown left = Assert.IsType<MemberDown>(await NextAsync());
        Assert.Equal(("node1", DownReason.Left), (left.Member, left.Reason));
    }

    [Fact]
    public async Task A_question_that_fails_changes_nothing()
    {
        await PassAsync(3);
        _store.IsAway = true;
        await PassAsync(30);
        _store.IsAway = false;
        await PassAsync(3);
        await _store.BeatAsync([Node1], TestContext.Current.CancellationToken);
        await PassAsync(40);
        _next ??= _events.MoveNextAsync().AsTask();
        Assert.False(_next.IsCompleted);
    }

    [Fact]
    public async Task Who_is_forced_down_is_down_for_that()
    {
        await PassAsync(3);
        _store.Services[Node1] = new ServiceRecord(1, "node1", "nova-compute", "compute", null, 1, 1, false, null, IsForcedDown: true, null, null);
        Assert.Equal(DownReason.ForcedDown, Assert.IsType<MemberDown>(await NextAsync()).Reason);
    }

    private async Task<MemberEvent> NextAsync()
    {
        _next ??= _events.MoveNextAsync().AsTask();
        await Eventually.True(
            async () =>
            {
                await PassAsync(1);
                return _next.IsCompleted;
            },
            "an event comes");
        Assert.True(await _next);
        _next = null;
        return _events.Current;
    }

    private async Task PassAsync(int seconds)
    {
        for (int i = 0; i < seconds; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(3, TestContext.Current.CancellationToken);
        }
    }
}
