using LivenessEngine.Tests.Time;
using Microsoft.Extensions.Logging;

namespace LivenessEngine.Tests.ServiceGroups;

public sealed class ServiceGroupTests : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly TestTime _time = new();
    private readonly ServiceGroup _group;

    public ServiceGroupTests() => _group = new ServiceGroup(new ServiceGroupOptions { TimeProvider = _time });

    public void Dispose() => _group.Dispose();

    private void RunFor(TimeSpan time)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += Tick)
        {
            _time.Advance(Tick);
            _group.Engine.Tick();
        }
    }

    private async Task<List<string>> WatchedUntilTheEnd(IAsyncEnumerable<MemberEvent> watch)
    {
        _group.Dispose();
        var events = new List<string>();
        await foreach (MemberEvent memberEvent in watch)
        {
            events.Add(Evaluation.MonitorHarness.Brief(memberEvent));
        }

        return events;
    }

    [Fact]
    public void A_heartbeat_makes_a_member_that_is_up_for_the_service_down_time()
    {
        _group.Heartbeat("node1", "compute");
        Assert.True(_group.IsUp("node1", "compute"));
        RunFor(TimeSpan.FromSeconds(60));
        Assert.True(_group.IsUp("node1", "compute"));
        RunFor(Tick);
        Assert.False(_group.IsUp("node1", "compute"));
        Assert.Equal(MemberState.Down, _group.StateOf("node1", "compute"));
        _group.Heartbeat("node1", "compute");
        Assert.True(_group.IsUp("node1", "compute"));
    }

    [Fact]
    public async Task Suspects_are_told_as_such_and_count_as_up()
    {
        IAsyncEnumerable<MemberEvent> watch = _group.Watch("compute", TestContext.Current.CancellationToken);
        MemberName[] names = [.. Enumerable.Range(0, 10).Select(i => new MemberName($"node{i}", "compute"))];
        foreach (MemberName name in names)
        {
            _group.Heartbeat(name.Member, name.Group);
        }

        RunFor(TimeSpan.FromSeconds(61));
        Assert.Equal(MemberState.Suspect, _group.StateOf("node3", "compute"));
        Assert.True(_group.IsUp("node3", "compute"));
        Assert.True(await _group.IsUpAsync("node3", "compute", TestContext.Current.CancellationToken));
        Assert.All(_group.Members("compute"), member => Assert.Equal(MemberState.Suspect, member.State));
        Assert.All(await _group.StatusAsync(names, TestContext.Current.CancellationToken), member => Assert.Equal(MemberState.Suspect, member.State));
        RunFor(TimeSpan.FromSeconds(60));
        Assert.False(_group.IsUp("node3", "compute"));
        Assert.All(_group.Members("compute"), member => Assert.Equal(MemberState.Down, member.State));
        string[] nodes = [.. names.Select(name => name.ToString())];
        Assert.Equal(
            [.. nodes.Select(node => $"{node} up"), .. nodes.Select(node => $"{node} suspect"), .. nodes.Select(node => $"{node} down Silence")],
            await WatchedUntilTheEnd(watch));
    }

    [Fact]
    public async Task A_question_between_two_sweeps_is_answered_as_the_events_are()
    {
        using var group = new ServiceGroup(new ServiceGroupOptions { TimeProvider = _time, ReportInterval = TimeSpan.FromSeconds(1), ServiceDownTime = TimeSpan.FromSeconds(60) });
        group.Heartbeat("node1", "compute");
        for (int i = 0; i < 600; i++)
        {
            _time.Advance(Tick);
            group.Engine.Tick();
        }

        _time.Advance(Tick / 2);
        Assert.True(group.IsUp("node1", "compute"));
        Assert.Equal(MemberState.Up, Assert.Single(await group.MembersAsync(null, TestContext.Current.CancellationToken)).State);
        _time.Advance(Tick / 2);
        group.Engine.Tick();
        Assert.False(group.IsUp("node1", "compute"));
    }

    [Fact]
    public void Who_was_never_seen_is_unknown_and_not_up()
    {
        Assert.Equal(MemberState.Unknown, _group.StateOf("node1", "compute"));
        Assert.False(_group.IsUp("node1", "compute"));
        Assert.Null(_group.LastSeen("node1", "compute"));
    }

    [Fact]
    public void Groups_are_worlds_apart()
    {
        _group.Heartbeat("node1", "compute");
        Assert.Equal(MemberState.Unknown, _group.StateOf("node1", "volume"));
        Assert.Equal(["compute"], _group.Groups);
        Assert.Empty(_group.Members("volume"));
    }

    [Fact]
    public void Last_seen_is_the_time_of_the_last_heartbeat()
    {
        _group.Heartbeat("node1", "compute");
        RunFor(TimeSpan.FromSeconds(30));
        _group.Heartbeat("node1", "compute");
        DateTimeOffset seen = _time.Utc;
        RunFor(TimeSpan.FromSeconds(7));
        Assert.Equal(seen, _group.LastSeen("node1", "compute"));
    }

    [Fact]
    public void Members_tell_state_and_age()
    {
        _group.Heartbeat("old", "compute");
        DateTimeOffset seen = _time.Utc;
        RunFor(TimeSpan.FromSeconds(61));
        _group.Heartbeat("new", "compute");
        Assert.Equal(
            [
                new MemberStatus("compute", "old", MemberState.Down, seen, TimeSpan.FromSeconds(61)),
                new MemberStatus("compute", "new", MemberState.Up, _time.Utc, TimeSpan.Zero),
            ],
            _group.Members("compute"));
    }

    [Fact]
    public void Who_has_left_is_unknown_and_in_no_group()
    {
        _group.Heartbeat("node1", "compute");
        Assert.True(_group.Leave("node1", "compute"));
        Assert.False(_group.Leave("node1", "compute"));
        Assert.Equal(MemberState.Unknown, _group.StateOf("node1", "compute"));
        Assert.Empty(_group.Members("compute"));
    }

    [Fact]
    public void A_member_that_joined_reports_by_itself()
    {
        _group.Join("node1", "compute");
        RunFor(TimeSpan.FromMinutes(5));
        Assert.True(_group.IsUp("node1", "compute"));
        Assert.InRange(_time.Utc - _group.LastSeen("node1", "compute")!.Value, TimeSpan.Zero, _group.ReportInterval);
    }

    [Fact]
    public async Task A_watch_hears_of_its_group_from_the_call_on()
    {
        _group.Heartbeat("before", "compute");
        RunFor(Tick);
        IAsyncEnumerable<MemberEvent> compute = _group.Watch("compute", TestContext.Current.CancellationToken);
        _group.Heartbeat("a", "compute");
        _group.Heartbeat("b", "volume");
        RunFor(Tick);
        _group.Leave("a", "compute");
        _group.Leave("b", "volume");
        RunFor(Tick);
        Assert.Equal(["compute:a up", "compute:a down Left"], await WatchedUntilTheEnd(compute));
    }

    [Fact]
    public async Task A_watch_without_a_group_hears_of_all()
    {
        IAsyncEnumerable<MemberEvent> all = _group.Watch(cancellationToken: TestContext.Current.CancellationToken);
        _group.Heartbeat("a", "compute");
        _group.Heartbeat("b", "volume");
        RunFor(TimeSpan.FromSeconds(61));
        Assert.Equal(
            ["compute:a up", "volume:b up", "compute:a down Silence", "volume:b down Silence"], await WatchedUntilTheEnd(all));
    }

    [Fact]
    public async Task A_group_may_be_watched_before_it_has_members()
    {
        IAsyncEnumerable<MemberEvent> watch = _group.Watch("later", TestContext.Current.CancellationToken);
        Assert.Empty(_group.Members("later"));
        _group.Heartbeat("a", "later");
        RunFor(Tick);
        Assert.Equal(["later:a up"], await WatchedUntilTheEnd(watch));
    }

    [Fact]
    public async Task A_watch_may_be_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        IAsyncEnumerable<MemberEvent> watch = _group.Watch("compute", cancellation.Token);
        Task watching = Task.Run(
            async () =>
            {
                await foreach (MemberEvent _ in watch)
                {
                }
            },
            TestContext.Current.CancellationToken);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
    }

    [Fact]
    public async Task A_watcher_that_reads_too_slowly_is_told_what_it_missed()
    {
        using var group = new ServiceGroup(new ServiceGroupOptions { TimeProvider = _time, EventBuffer = 3 });
        IAsyncEnumerable<MemberEvent> watch = group.Watch("compute", TestContext.Current.CancellationToken);
        for (int i = 0; i < 10; i++)
        {
            group.Heartbeat($"node{i}", "compute");
        }

        _time.Advance(Tick);
        group.Engine.Tick();
        await group.DisposeAsync();
        var missed = new List<long>();
        await foreach (MemberEvent memberEvent in watch)
        {
            missed.Add(memberEvent.Missed);
        }

        Assert.Equal([7, 0, 0], missed);
    }

    public static TheoryData<string> Methods => ["Join", "Heartbeat", "IsUp", "StateOf", "LastSeen", "Leave"];

    private static object? Call(ServiceGroup group, string method, string member, string name) => method switch
    {
        "Join" => group.Join(member, name),
        "IsUp" => group.IsUp(member, name),
        "StateOf" => group.StateOf(member, name),
        "LastSeen" => group.LastSeen(member, name),
        "Leave" => group.Leave(member, name),
        _ => Heartbeat(group, member, name),
    };

    private static object? Heartbeat(ServiceGroup group, string member, string name)
    {
        group.Heartbeat(member, name);
        return null;
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Every_method_refuses_names_that_are_not_allowed(string method)
    {
        Assert.Throws<ArgumentNullException>("member", () => Call(_group, method, null!, "g"));
        Assert.Throws<ArgumentNullException>("group", () => Call(_group, method, "m", null!));
        Assert.Throws<ArgumentException>("member", () => Call(_group, method, "", "g"));
        Assert.Throws<ArgumentException>("group", () => Call(_group, method, "m", "g:h"));
        Assert.Throws<ArgumentException>("member", () => Call(_group, method, "m n", "g"));
        Assert.Throws<ArgumentException>("member", () => Call(_group, method, new string('m', 249), "g"));
        Assert.Empty(_group.Groups);
    }

    [Fact]
    public void Members_and_watches_refuse_groups_that_are_not_allowed()
    {
        Assert.Throws<ArgumentNullException>("group", () => _group.Members(null!));
        Assert.Throws<ArgumentException>("group", () => _group.Members("a b"));
        Assert.Throws<ArgumentException>("group", () => _group.Watch("a:b", TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentException>("group", () => _group.Watch("", TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task When_disposed_every_method_says_so(string method)
    {
        Membership membership = _group.Join("node1", "compute");
        await _group.DisposeAsync();
        await _group.DisposeAsync();
        _group.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Call(_group, method, "node1", "compute"));
        Assert.Throws<ObjectDisposedException>(() => _group.Members("compute"));
        Assert.Throws<ObjectDisposedException>(() => _group.Watch(cancellationToken: TestContext.Current.CancellationToken));
        Assert.Throws<ObjectDisposedException>(() => membership.Heartbeat());
        Assert.Throws<ObjectDisposedException>(() => membership.Leave());
        membership.Dispose();
        Assert.Equal(["compute"], _group.Groups);
    }

    [Fact]
    public void When_memory_is_used_up_newcomers_are_refused_and_known_members_are_not()
    {
        using var group = new ServiceGroup(new ServiceGroupOptions { TimeProvider = _time, MemoryLimit = 1 << 20 });
        int members = 0;
        var refusal = Assert.Throws<InvalidOperationException>(() =>
        {
            for (; members < 100_000; members++)
            {
                group.Heartbeat($"node{members:D6}", "compute");
            }
        });
        Assert.Equal($"'node{members:D6}' cannot join 'compute': MemoryLimit (1048576 bytes) is used up.", refusal.Message);
        Assert.InRange(members, 5_000, 20_000);
        Assert.Throws<InvalidOperationException>(() => group.Join("node999999", "compute"));
        for (int i = 0; i < members; i++)
        {
            group.Heartbeat($"node{i:D6}", "compute");
        }

        Assert.Equal(members, group.Members("compute").Count);
        group.Leave("node000007", "compute");
        group.Engine.Tick();
        group.Heartbeat("node999999", "compute");
    }

    [Fact]
    public void A_group_too_many_is_refused()
    {
        for (int i = 0; i < 4096; i++)
        {
            _group.Heartbeat("m", $"group{i}");
        }

        Assert.Throws<InvalidOperationException>(() => _group.Heartbeat("m", "another"));
        Assert.Throws<InvalidOperationException>(() => _group.Watch("another", TestContext.Current.CancellationToken));
        _group.Heartbeat("n", "group0");
    }

    [Fact]
    public void Options_are_read_once()
    {
        var options = new ServiceGroupOptions { TimeProvider = _time };
        using var group = new ServiceGroup(options);
        options.ServiceDownTime = TimeSpan.FromSeconds(1000);
        options.ReportInterval = TimeSpan.FromSeconds(100);
        Assert.Equal(TimeSpan.FromSeconds(60), group.ServiceDownTime);
        Assert.Equal(TimeSpan.FromSeconds(10), group.ReportInterval);
    }

    [Fact]
    public void Without_options_it_runs_with_the_defaults()
    {
        using var group = new ServiceGroup();
        Assert.Equal(TimeSpan.FromSeconds(60), group.ServiceDownTime);
        group.Heartbeat("node1", "compute");
        Assert.True(group.IsUp("node1", "compute"));
    }

    [Fact]
    public void A_down_time_that_was_too_short_is_warned_of()
    {
        var log = new ListLogger();
        using var group = new ServiceGroup(
            new ServiceGroupOptions { TimeProvider = _time, ServiceDownTime = TimeSpan.FromSeconds(10) }, log);
        Assert.Equal(TimeSpan.FromSeconds(25), group.ServiceDownTime);
        Assert.Equal(
            ["Warning: ServiceDownTime (00:00:10) must be longer than ReportInterval (00:00:10); using 00:00:25 instead."], log.Lines);
        using var other = new ServiceGroup(new ServiceGroupOptions { TimeProvider = _time }, log);
        Assert.Single(log.Lines);
    }

    [Fact]
    public void Heartbeats_and_questions_allocate_nothing()
    {
        _group.Heartbeat("node-0000001", "compute");
        Membership membership = _group.Join("node-0000001", "compute");
        bool up = true;
        long before = 0;
        for (int i = 0; i < 2_000; i++)
        {
            // The second half counts.
            before = i == 1_000 ? GC.GetAllocatedBytesForCurrentThread() : before;
            _group.Heartbeat("node-0000001", "compute");
            up &= membership.Heartbeat();
            up &= _group.IsUp("node-0000001", "compute");
            up &= _group.StateOf("nobody", "compute") == MemberState.Unknown;
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.True(up);
    }

    [Fact]
    public void A_tick_in_which_nothing_changes_allocates_nothing()
    {
        for (int i = 0; i < 1000; i++)
        {
            _group.Join($"node{i}", "compute");
        }

        RunFor(TimeSpan.FromSeconds(20));
        long before = GC.GetAllocatedBytesForCurrentThread();
        RunFor(TimeSpan.FromSeconds(20));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200 * 200);
    }

    private sealed class ListLogger : ILogger<ServiceGroup>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => Lines.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
