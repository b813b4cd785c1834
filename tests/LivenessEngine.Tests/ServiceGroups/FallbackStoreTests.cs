using LivenessEngine.ServiceGroups;
using LivenessEngine.Testing;
using LivenessEngine.Tests.Time;

namespace LivenessEngine.Tests.ServiceGroups;

public sealed class FallbackStoreTests : IAsyncDisposable
{
    private static readonly MemberName Node1 = new("node1", "compute");
    private static readonly TimeSpan DownTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly TestTime _time = new();
    private readonly ListLogger _log = new();
    private readonly FakeStore _first;
    private readonly FakeStore _second;
    private readonly FallbackStore _both;

    public FallbackStoreTests()
    {
        _first = new FakeStore("first", _time);
        _second = new FakeStore("second", _time);
        _both = new FallbackStore(_first, _second, new ServiceGroupOptions { TimeProvider = _time }.Validated(), _log);
    }

    public ValueTask DisposeAsync() => _both.DisposeAsync();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_joins_joins_in_both_and_beats_in_the_second_now_and_then()
    {
        await _both.JoinAsync([Node1], Cancel);
        for (int i = 0; i < 12; i++)
        {
            _time.Advance(Interval);
            await BeatAsync();
        }

        Assert.Equal(12, _first.Calls.Count(call => call == "beat 1"));
        Assert.Equal(3, _second.Calls.Count(call => call == "beat 1"));
        Assert.Equal("first and second", _both.Name);
    }

    // Whenever the first place goes, the second one knows enough; and whenever it comes back, empty.
    [Theory]
    [InlineData(60, 10)]
    [InlineData(60, 20)]
    [InlineData(60, 29)]
    [InlineData(25, 10)]
    [InlineData(600, 10)]
    [InlineData(11, 10)]
    public async Task No_live_member_is_down_at_either_switch(int downTime, int interval)
    {
        var options = new ServiceGroupOptions
        {
            TimeProvider = _time,
            ServiceDownTime = TimeSpan.FromSeconds(downTime),
            ReportInterval = TimeSpan.FromSeconds(interval),
        };
        var random = new Random(downTime + interval);
        for (int round = 0; round < 20; round++)
        {
            _first.Clear();
            _second.Clear();
            var both = new FallbackStore(_first, _second, options.Validated(), _log);
            await both.JoinAsync([Node1], Cancel);
            int goes = random.Next(1, 20 * interval);
            int comes = goes + random.Next(1, 20 * interval);
            for (int second = 1; second < comes + (5 * interval); second++)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                if (second == comes)
                {
                    _first.Clear();
                }

                _first.IsAway = second >= goes && second < comes;
                Evidence before = (await both.ReadAsync([Node1], Cancel))[0];
                Assert.True(before.Verdict(options.ServiceDownTime) == MemberState.Up, $"round {round}: goes {goes}, comes {comes}, at {second}: {before.Age}");
                if (second % interval == 0)
                {
                    await both.BeatAsync([Node1], Cancel);
                }
            }
        }
    }

    // As a Nova does that knows of no database to fall back on.
    [Fact]
    public async Task Who_reports_to_the_first_alone_is_up_until_that_is_too_old()
    {
        await _first.BeatAsync([Node1], Cancel);
        _time.Advance(Interval);
        Assert.Equal(MemberState.Up, await VerdictAsync());
        _first.IsAway = true;
        _time.Advance(DownTime - Interval);
        Assert.Equal(MemberState.Up, await VerdictAsync());
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(MemberState.Down, await VerdictAsync());
    }

    [Fact]
    public async Task Who_is_registered_in_the_second_and_never_beat_there_is_unknown_while_the_first_is_away()
    {
        _second.Services[Node1] = Service(forcedDown: false);
        _second.AgeOfTheSilent = 2 * DownTime;
        Assert.Equal(MemberState.Down, await VerdictAsync());
        _first.IsAway = true;
        Assert.Equal(MemberState.Unknown, await VerdictAsync());
    }

    [Fact]
    public async Task A_true_death_is_found_whichever_is_away()
    {
        await _both.JoinAsync([Node1], Cancel);
        _time.Advance(DownTime);
        Assert.Equal(MemberState.Up, await VerdictAsync());
        _first.IsAway = true;
        Assert.Equal(MemberState.Up, await VerdictAsync());
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(MemberState.Down, await VerdictAsync());
        _first.IsAway = false;
        Assert.Equal(MemberState.Down, await VerdictAsync());
    }

    [Fact]
    public async Task Each_is_told_of_once_when_it_goes_and_once_when_it_comes_back()
    {
        await _both.JoinAsync([Node1], Cancel);
        for (int i = 0; i < 60; i++)
        {
            _first.IsAway = i is >= 10 and < 20;
            _second.IsAway = i is >= 30 and < 50;
            _time.Advance(TimeSpan.FromSeconds(1));
            await _both.ReadAsync([Node1, new MemberName("nobody", "compute")], Cancel);
            await _both.ReadAsync([Node1], Cancel);
            await BeatAsync();
        }

        Assert.Equal(
            [
                "Error: Heartbeats do not reach first: first is away; trying on.",
                "Information: Heartbeats reach first again.",
                "Error: Heartbeats do not reach second: second is away; trying on.",
                "Information: Heartbeats reach second again.",
            ],
            _log.Lines);
    }

    [Fact]
    public async Task A_second_that_is_away_is_not_told_back_by_questions_that_do_not_reach_it()
    {
        await _both.JoinAsync([Node1], Cancel);
        _second.IsAway = true;
        for (int i = 0; i < 100; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await _both.ReadAsync([Node1], Cancel);
            await BeatAsync();
        }

        Assert.Single(_log.Lines);
    }

    [Fact]
    public async Task Both_away_is_an_error_that_names_both()
    {
        await _both.JoinAsync([Node1], Cancel);
        _first.IsAway = _second.IsAway = true;
        Func<Task>[] calls =
        [
            () => _both.JoinAsync([Node1], Cancel),
            () => _both.BeatAsync([Node1], Cancel),
            () => _both.ReadAsync([Node1], Cancel),
            () => _both.ListAsync(null, Cancel),
        ];
        foreach (Func<Task> call in calls)
        {
            Assert.Equal("first is away; and second is away", (await Assert.ThrowsAsync<HeartbeatStoreException>(call)).Message);
        }
    }

    [Fact]
    public async Task Forced_down_wins_and_stays_in_force_when_the_second_place_goes()
    {
        await _both.JoinAsync([Node1], Cancel);
        _second.Services[Node1] = Service(forcedDown: true);
        Assert.Equal(MemberState.Down, await VerdictAsync());
        _second.IsAway = true;
        for (int i = 0; i < 30; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await _first.BeatAsync([Node1], Cancel);
            Assert.Equal(MemberState.Down, await VerdictAsync());
        }

        _second.IsAway = false;
        _second.Services[Node1] = Service(forcedDown: false);
        _time.Advance(RegisterCache.Age);
        await _first.BeatAsync([Node1], Cancel);
        Assert.Equal(MemberState.Up, await VerdictAsync());
    }

    [Fact]
    public async Task What_is_registered_is_not_read_with_every_question()
    {
        await _both.JoinAsync([Node1], Cancel);
        for (int i = 0; i < 100; i++)
        {
            await VerdictAsync();
        }

        Assert.Equal(1, _second.Calls.Count(call => call == "list 0"));
        Assert.Equal(0, _second.Calls.Count(call => call == "read 1"));
        _time.Advance(RegisterCache.Age);
        await VerdictAsync();
        Assert.Equal(2, _second.Calls.Count(call => call == "list 0"));
    }

    [Fact]
    public async Task A_second_place_that_hangs_holds_up_one_question_and_not_the_others()
    {
        await _both.JoinAsync([Node1], Cancel);
        await VerdictAsync();
        _time.Advance(RegisterCache.Age);
        _second.Hold();
        Task<IReadOnlyList<Evidence>> one = _both.ReadAsync([Node1], Cancel);
        Assert.Equal(MemberState.Up, await Eventually.Of(VerdictAsync(), "another question is answered"));
        Assert.False(one.IsCompleted);
        _second.Release();
        await one;
    }

    [Fact]
    public async Task The_list_is_of_both_and_nobody_leaves_it_because_one_is_away()
    {
        var node2 = new MemberName("node2", "compute");
        await _first.JoinAsync([Node1], Cancel);
        _second.Services[node2] = Service(forcedDown: false);
        Assert.Equal([Node1, node2], await ListAsync());
        _first.IsAway = true;
        _time.Advance(Interval);
        Assert.Equal([Node1, node2], await ListAsync());
        (_, Evidence evidence) = (await _both.ListAsync("compute", Cancel)).Single(member => member.Name == Node1);
        Assert.Equal(Interval, evidence.Age);
        _first.IsAway = false;
        _second.IsAway = true;
        Assert.Equal([Node1, node2], await ListAsync());
    }

    [Fact]
    public async Task Who_leaves_leaves_both()
    {
        await _both.JoinAsync([Node1], Cancel);
        Assert.True(await _both.RemoveAsync(Node1, Cancel));
        Assert.Empty(_first.Members);
        Assert.Empty(_second.Members);
        Assert.False(await _both.RemoveAsync(Node1, Cancel));

        // What can be done is done, and the rest is an error.
        await _both.JoinAsync([Node1], Cancel);
        _second.IsAway = true;
        await Assert.ThrowsAsync<HeartbeatStoreException>(() => _both.RemoveAsync(Node1, Cancel));
        Assert.Empty(_first.Members);
    }

    [Fact]
    public async Task Who_is_deleted_in_the_second_place_is_gone()
    {
        await _both.JoinAsync([Node1], Cancel);
        _second.Deleted.Add(Node1);
        _time.Advance(DownTime);
        Assert.Equal([Node1], await _both.BeatAsync([Node1], Cancel));
    }

    [Fact]
    public async Task Both_end_with_it()
    {
        await _both.DisposeAsync();
        Assert.True(_first.IsDisposed && _second.IsDisposed);
    }

    private static ServiceRecord Service(bool forcedDown)
        => new(1, "node1", "nova-compute", "compute", null, 1, 1, false, null, forcedDown, null, null);

    private async Task BeatAsync() => await _both.BeatAsync([Node1], Cancel);

    private async Task<MemberState> VerdictAsync() => (await _both.ReadAsync([Node1], Cancel))[0].Verdict(DownTime);

    private async Task<MemberName[]> ListAsync()
        => [.. (await _both.ListAsync("compute", Cancel)).Select(member => member.Name).OrderBy(name => name.Member, StringComparer.Ordinal)];
}
