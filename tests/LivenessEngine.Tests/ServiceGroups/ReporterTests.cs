using LivenessEngine.ServiceGroups;
using LivenessEngine.Testing;
using LivenessEngine.Tests.Time;

namespace LivenessEngine.Tests.ServiceGroups;

public sealed class ReporterTests : IAsyncDisposable
{
    private static readonly MemberName Node1 = new("node1", "compute");
    private static readonly MemberName Node2 = new("node2", "compute");
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(2);

    private readonly TestTime _time = new();
    private readonly ListLogger _log = new();
    private readonly FakeStore _store;
    private readonly Reporter _reporter;

    public ReporterTests()
    {
        _store = new FakeStore("store", _time);
        _reporter = new Reporter(_store, _time, _log);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task What_came_since_the_last_round_goes_together_and_each_once()
    {
        uint tenure = _reporter.Join(Node1).Tenure;
        _reporter.Join(Node2);
        Assert.True(_reporter.Beat(Node1, tenure));
        Assert.True(_reporter.Beat(Node1, tenure));
        await SendAsync();
        _ = _reporter.Beat(Node1);
        _ = _reporter.Beat(Node1);
        await SendAsync();
        await SendAsync();
        Assert.Equal(["join 2", "beat 1"], _store.Calls);
    }

    [Fact]
    public async Task A_wait_ends_when_the_round_is_taken()
    {
        Task taken = _reporter.Beat(Node1);
        _store.Hold();
        Task sending = SendAsync();
        Task next = _reporter.Beat(Node2);
        Assert.False(taken.IsCompleted);
        _store.Release();
        await taken;
        await sending;
        Assert.False(next.IsCompleted);
        await SendAsync();
        await next;
    }

    [Fact]
    public async Task What_was_not_taken_is_owed_and_told_once()
    {
        _store.IsAway = true;
        Task joined = _reporter.Join(Node1).Taken;
        await SendAsync();
        await Assert.ThrowsAsync<HeartbeatStoreException>(() => joined);
        Task beat = _reporter.Beat(Node2);
        _time.Advance(LongEnough);
        await SendAsync();
        await Assert.ThrowsAsync<HeartbeatStoreException>(() => beat);
        Assert.Equal(["Error: Heartbeats do not reach store: store is away; trying on."], _log.Lines);
        _store.IsAway = false;
        _time.Advance(LongEnough);
        await SendAsync();
        Assert.Equal("Information: Heartbeats reach store again.", _log.Lines[^1]);
        Assert.Equal(["join 1", "join 2", "join 2"], _store.Calls);
    }

    [Fact]
    public async Task It_tries_on_less_and_less_often_and_no_less_than_every_two_seconds()
    {
        _store.IsAway = true;
        _ = _reporter.Beat(Node1);
        await SendAsync();
        var waits = new List<TimeSpan>();
        for (int failures = 1; failures <= 12; failures++)
        {
            TimeSpan wait = TimeSpan.Zero;
            while (_store.Calls.Length == failures)
            {
                _time.Advance(TimeSpan.FromMilliseconds(10));
                wait += TimeSpan.FromMilliseconds(10);
                await SendAsync();
            }

            waits.Add(wait);
        }

        Assert.InRange(waits[0], TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(250));
        Assert.All(waits, wait => Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromMilliseconds(2020)));
        Assert.InRange(waits[^1], TimeSpan.FromMilliseconds(900), TimeSpan.FromMilliseconds(2020));
    }

    [Fact]
    public async Task Who_is_gone_is_told_of_and_reports_no_more_until_he_joins()
    {
        uint tenure = _reporter.Join(Node1).Tenure;
        await SendAsync();
        _store.Deleted.Add(Node1);
        Assert.True(_reporter.Beat(Node1, tenure));
        await SendAsync();
        Assert.Equal(["Warning: 'node1' is a member of 'compute' no more: store has it as deleted. Its reports end."], _log.Lines);
        Assert.False(_reporter.Beat(Node1, tenure));
        await SendAsync();
        Assert.Equal(["join 1", "beat 1"], _store.Calls);
        await _reporter.Beat(Node1);
        await SendAsync();
        Assert.Equal(["join 1", "beat 1"], _store.Calls);
        var gone = Assert.Throws<HeartbeatStoreException>(() => _reporter.ThrowIfGone(Node1));
        Assert.Contains("'node1' is a member of 'compute' no more: store has it as deleted", gone.Message, StringComparison.Ordinal);
        _ = _reporter.Join(Node1);
        await SendAsync();
        Assert.Equal(["join 1", "beat 1", "join 1"], _store.Calls);
        Assert.Empty(_store.Deleted);
        _reporter.ThrowIfGone(Node1);
    }

    [Fact]
    public async Task The_first_heartbeat_joins()
    {
        _store.Deleted.Add(Node1);
        _ = _reporter.Beat(Node1);
        await SendAsync();
        _ = _reporter.Beat(Node1);
        await SendAsync();
        Assert.Equal(["join 1", "beat 1"], _store.Calls);
        Assert.Empty(_store.Deleted);
    }

    [Fact]
    public async Task Who_joined_again_has_another_tenure_and_the_old_handle_none()
    {
        uint first = _reporter.Join(Node1).Tenure;
        Assert.Equal(first, _reporter.Join(Node1).Tenure);
        await _reporter.ForgetAsync(Node1);
        Assert.False(_reporter.Beat(Node1, first));
        uint second = _reporter.Join(Node1).Tenure;
        Assert.False(_reporter.Beat(Node1, first));
        Assert.True(_reporter.Beat(Node1, second));
    }

    [Fact]
    public async Task Who_was_taken_out_while_a_round_was_on_its_way_is_not_owed_anew()
    {
        _ = _reporter.Join(Node1);
        _store.Hold();
        _store.IsAway = true;
        Task sending = SendAsync();
        Task forgotten = _reporter.ForgetAsync(Node1);
        Assert.False(forgotten.IsCompleted);
        _store.Release();
        await sending;
        await forgotten;
        _store.IsAway = false;
        _time.Advance(LongEnough);
        await SendAsync();
        Assert.Empty(_store.Members);
    }

    [Fact]
    public async Task Whoever_waits_when_it_ends_is_told_so()
    {
        using var stop = new CancellationTokenSource();
        Task onItsWay = _reporter.Beat(Node1);
        _store.Hold();
        Task sending = _reporter.SendAsync(stop.Token);
        Task next = _reporter.Beat(Node2);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        _reporter.End();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => onItsWay);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => next);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _reporter.Beat(Node1));
        Assert.Empty(_log.Lines);
    }

    private Task SendAsync() => _reporter.SendAsync(TestContext.Current.CancellationToken);
}
