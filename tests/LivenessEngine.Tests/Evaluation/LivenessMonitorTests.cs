using CsCheck;
using LivenessEngine.Evaluation;
using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Tests.Evaluation;

public sealed class LivenessMonitorTests
{
    private readonly MonitorHarness _harness = new();

    private static IEnumerable<string> Brief(IEnumerable<MemberEvent> events) => events.Select(MonitorHarness.Brief);

    [Fact]
    public async Task A_member_that_joins_is_up_at_the_next_sweep_and_said_so_once()
    {
        EventStream stream = _harness.Subscribe();
        _harness.Join("compute:node1");
        DateTimeOffset joined = _harness.Time.Utc;
        _harness.SweepFor(TimeSpan.FromSeconds(10));
        MemberEvent only = Assert.Single(await _harness.EventsOf(stream));
        var up = Assert.IsType<MemberUp>(only);
        Assert.Equal("compute", up.Group);
        Assert.Equal("node1", up.Member);
        Assert.Equal(joined, up.LastSeen);
        Assert.Equal(joined + MonitorHarness.Tick, up.At);
        Assert.Equal(0, up.Missed);
        Assert.Equal(1, _harness.Monitor.WentUp);
    }

    [Fact]
    public async Task It_is_up_at_exactly_the_service_down_time_and_down_at_the_sweep_after_it()
    {
        EventStream stream = _harness.Subscribe();
        _harness.Join("compute:node1");
        DateTimeOffset joined = _harness.Time.Utc;
        _harness.SweepFor(MonitorHarness.DownTime);
        Assert.Equal(joined + MonitorHarness.DownTime, _harness.Time.Utc);
        Assert.Equal(0, _harness.Monitor.WentDown);
        Assert.Equal(MemberState.Up, _harness.StateOf("compute:node1"));
        _harness.Sweep();
        Assert.Equal(1, _harness.Monitor.WentDown);
        Assert.Equal(MemberState.Down, _harness.StateOf("compute:node1"));
        _harness.SweepFor(TimeSpan.FromSeconds(10));
        List<MemberEvent> events = await _harness.EventsOf(stream);
        Assert.Equal(["compute:node1 up", "compute:node1 down Silence"], Brief(events));
        Assert.Equal(joined, events[1].LastSeen);
        Assert.Equal(joined + MonitorHarness.DownTime + MonitorHarness.Tick, events[1].At);
    }

    [Fact]
    public async Task A_question_and_an_event_never_disagree()
    {
        EventStream stream = _harness.Subscribe();
        _harness.Join("compute:node1");
        var asked = new List<MemberState>();
        for (int i = 0; i < 1500; i++)
        {
            if (i is > 300 and < 400)
            {
                _harness.Beat("compute:node1");
            }

            _harness.Sweep();
            asked.Add(_harness.StateOf("compute:node1"));
            Assert.Equal(asked[^1] == MemberState.Up ? 0 : 1, _harness.Monitor.WentDown);
        }

        Assert.Equal(["compute:node1 up", "compute:node1 down Silence"], Brief(await _harness.EventsOf(stream)));
    }

    [Fact]
    public async Task A_member_that_is_heard_again_is_up_again()
    {
        EventStream stream = _harness.Subscribe();
        _harness.Join("compute:node1");
        _harness.SweepFor(TimeSpan.FromSeconds(61));
        _harness.Beat("compute:node1");
        _harness.SweepFor(TimeSpan.FromSeconds(61));
        Assert.Equal(
            ["compute:node1 up", "compute:node1 down Silence", "compute:node1 up", "compute:node1 down Silence"],
            Brief(await _harness.EventsOf(stream)));
    }

    [Fact]
    public async Task A_member_that_leaves_is_down_at_once_and_once()
    {
        EventStream stream = _harness.Subscribe();
        _harness.Join("compute:node1");
        _harness.Sweep();
        DateTimeOffset seen = _harness.Time.Utc;
        _harness.Beat("compute:node1");
        _harness.Leave("compute:node1");
        _harness.SweepFor(TimeSpan.FromSeconds(70));
        List<MemberEvent> events = await _harness.EventsOf(stream);
        Assert.Equal(["compute:node1 up", "compute:node1 down Left"], Brief(events));
        Assert.Equal(seen, events[1].LastSeen);
        Assert.Equal(seen + MonitorHarness.Tick, events[1].At);
    }

    [Fact]
    public async Task Who_is_down_already_or_was_never_said_to_be_up_leaves_in_silence()
    {
        EventStream stream = _harness.Subscribe();
        _harness.Join("compute:silent");
        _harness.SweepFor(TimeSpan.FromSeconds(61));
        _harness.Leave("compute:silent");
        _harness.Join("compute:short");
        _harness.Leave("compute:short");
        _harness.SweepFor(TimeSpan.FromSeconds(5));
        Assert.Equal(["compute:silent up", "compute:silent down Silence"], Brief(await _harness.EventsOf(stream)));
    }

    [Fact]
    public async Task Leaving_and_rejoining_inside_one_tick_is_a_down_and_an_up()
    {
        EventStream stream = _harness.Subscribe();
        _harness.Join("compute:node1");
        _harness.Sweep();
        _harness.Leave("compute:node1");
        _harness.Join("compute:node1");
        _harness.SweepFor(TimeSpan.FromSeconds(5));
        Assert.Equal(
            ["compute:node1 up", "compute:node1 down Left", "compute:node1 up"], Brief(await _harness.EventsOf(stream)));
    }

    [Fact]
    public async Task Leaving_and_rejoining_while_down_is_an_up()
    {
        EventStream stream = _harness.Subscribe();
        _harness.Join("compute:node1");
        _harness.SweepFor(TimeSpan.FromSeconds(61));
        _harness.Leave("compute:node1");
        _harness.Join("compute:node1");
        _harness.SweepFor(TimeSpan.FromSeconds(5));
        Assert.Equal(
            ["compute:node1 up", "compute:node1 down Silence", "compute:node1 up"], Brief(await _harness.EventsOf(stream)));
    }

    [Fact]
    public async Task Leaving_and_rejoining_while_the_sweep_runs_is_a_down_before_it_is_an_up()
    {
        // More than one word of rows: the one that is got on rejoining lies before the sweep.
        EventStream stream = _harness.Subscribe();
        for (int i = 0; i < 70; i++)
        {
            _harness.Join($"compute:node{i}");
        }

        _harness.Sweep();
        _harness.Leave("compute:node5");
        Moment now = _harness.Clock.Tick();
        _harness.Time.Meanwhile = () =>
        {
            _harness.Leave("compute:node3");
            _harness.Join("compute:node3");
        };
        _harness.Monitor.Sweep(now);
        _harness.Sweep();
        List<MemberEvent> events = await _harness.EventsOf(stream);
        Assert.Equal(["compute:node5 down Left", "compute:node3 down Left", "compute:node3 up"], Brief(events).Skip(70));
    }

    [Fact]
    public void Nobody_goes_up_while_somebody_is_leaving_who_may_be_the_same()
    {
        // A thread that is stopped between taking a member out of the index and telling so.
        _harness.Table.Members.Columns.StartToLeave();
        _harness.Join("compute:node1");
        _harness.Sweep();
        Assert.Equal(0, _harness.Monitor.WentUp);
        _harness.Table.Members.Columns.Stay();
        _harness.Sweep();
        Assert.Equal(1, _harness.Monitor.WentUp);
    }

    [Fact]
    public async Task Another_member_in_the_row_of_one_that_left_is_another_member()
    {
        EventStream stream = _harness.Subscribe();
        int row = _harness.Join("compute:node1");
        _harness.Sweep();
        _harness.Leave("compute:node1");
        _harness.Sweep();
        _harness.Table.Crawl(0, _harness.Clock.Read());
        Assert.Equal(row, _harness.Join("volume:node2"));
        _harness.Sweep();
        Assert.Equal(["compute:node1 up", "compute:node1 down Left", "volume:node2 up"], Brief(await _harness.EventsOf(stream)));
    }

    [Fact]
    public async Task In_one_sweep_those_who_left_come_first_and_the_others_by_their_rows()
    {
        EventStream stream = _harness.Subscribe();
        string[] keys = [.. Enumerable.Range(0, 200).Select(i => $"compute:node{i}")];
        foreach (string key in keys)
        {
            _harness.Join(key);
        }

        _harness.Sweep();
        _harness.Leave(keys[150]);
        _harness.Leave(keys[3]);
        _harness.SweepFor(MonitorHarness.DownTime);
        _harness.Sweep();
        string[] left = [$"{keys[150]} down Left", $"{keys[3]} down Left"];
        string[] silent = [.. keys.Except([keys[150], keys[3]]).Select(key => $"{key} down Silence")];
        Assert.Equal([.. keys.Select(key => $"{key} up"), .. left, .. silent], Brief(await _harness.EventsOf(stream)));
    }

    // The sweep compares 64 rows with one word, 4 or 8 with one instruction.
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(639)]
    public async Task Of_all_rows_just_the_one_that_is_silent_goes_down(int silentRow)
    {
        string[] keys = new string[640];
        for (int i = 1; i < keys.Length; i++)
        {
            string key = $"compute:node{i}";
            keys[_harness.Join(key)] = key;
        }

        _harness.Sweep();
        EventStream stream = _harness.Subscribe();
        for (int i = 0; i < 13; i++)
        {
            _harness.SweepFor(TimeSpan.FromSeconds(5));
            foreach (string key in keys[1..])
            {
                if (key != keys[silentRow])
                {
                    _harness.Beat(key);
                }
            }
        }

        Assert.Equal([$"{keys[silentRow]} down Silence"], Brief(await _harness.EventsOf(stream)));
    }

    [Fact]
    public async Task All_of_a_large_fleet_go_up_and_down_in_one_sweep_each()
    {
        const int fleet = 20_000;
        EventStream stream = _harness.Subscribe();
        for (int i = 0; i < fleet; i++)
        {
            _harness.Join($"compute:node{i}");
        }

        _harness.Sweep();
        Assert.Equal(fleet, _harness.Monitor.WentUp);
        _harness.SweepFor(MonitorHarness.DownTime - MonitorHarness.Tick);
        Assert.Equal(0, _harness.Monitor.WentDown);
        _harness.Sweep();
        Assert.Equal(fleet, _harness.Monitor.WentDown);
        List<MemberEvent> events = await _harness.EventsOf(stream);
        Assert.Equal(2 * fleet, events.Count);
        Assert.Equal(2 * fleet, Brief(events).Distinct().Count());
    }

    [Fact]
    public async Task A_gap_of_the_process_counts_against_nobody()
    {
        EventStream stream = _harness.Subscribe();
        _harness.Join("compute:node1");
        _harness.SweepFor(TimeSpan.FromSeconds(30));
        _harness.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(MemberState.Up, _harness.StateOf("compute:node1"));
        _harness.SweepFor(TimeSpan.FromSeconds(29));
        Assert.Equal(0, _harness.Monitor.WentDown);
        _harness.SweepFor(TimeSpan.FromSeconds(2));
        Assert.Equal(["compute:node1 up", "compute:node1 down Silence"], Brief(await _harness.EventsOf(stream)));
    }

    [Fact]
    public void A_time_too_far_ahead_is_down_for_the_sweep_too()
    {
        int row = _harness.Join("compute:node1");
        _harness.Table.Members.Columns.Touch(row, _harness.Clock.Read().Liveness + TimeSpan.FromSeconds(70).Ticks);
        _harness.Sweep();
        Assert.Equal(0, _harness.Monitor.WentUp);
        Assert.Equal(MemberState.Down, _harness.StateOf("compute:node1"));
        _harness.SweepFor(TimeSpan.FromSeconds(10));
        Assert.Equal(1, _harness.Monitor.WentUp);
    }

    [Fact]
    public async Task A_subscriber_of_a_group_hears_of_that_group()
    {
        EventStream compute = _harness.Subscribe("compute");
        EventStream all = _harness.Subscribe();
        _harness.Join("compute:a");
        _harness.Join("volume:b");
        _harness.Sweep();
        Assert.Equal(["compute:a up"], Brief(await _harness.EventsOf(compute)));
        Assert.Equal(["compute:a up", "volume:b up"], Brief(await _harness.EventsOf(all)));
    }

    [Fact]
    public async Task Every_subscriber_hears_everything_from_its_beginning_to_its_end()
    {
        EventStream first = _harness.Subscribe();
        _harness.Join("compute:a");
        _harness.Sweep();
        EventStream second = _harness.Subscribe();
        _harness.Join("compute:b");
        _harness.Sweep();
        List<MemberEvent> ofFirst = await _harness.EventsOf(first);
        _harness.Join("compute:c");
        _harness.Sweep();
        Assert.Equal(["compute:a up", "compute:b up"], Brief(ofFirst));
        Assert.Equal(["compute:b up", "compute:c up"], Brief(await _harness.EventsOf(second)));
    }

    [Fact]
    public async Task A_slow_subscriber_loses_the_oldest_and_is_told_how_many_and_holds_up_nobody()
    {
        EventStream slow = _harness.Subscribe(capacity: 4);
        EventStream other = _harness.Subscribe();
        for (int i = 0; i < 10; i++)
        {
            _harness.Join($"compute:node{i}");
            _harness.Sweep();
        }

        List<MemberEvent> events = await _harness.EventsOf(slow);
        Assert.Equal(["compute:node6 up", "compute:node7 up", "compute:node8 up", "compute:node9 up"], Brief(events));
        Assert.Equal([6, 0, 0, 0], events.Select(lost => lost.Missed));
        Assert.Equal(10, (await _harness.EventsOf(other)).Count);
    }

    [Fact]
    public async Task When_the_engine_ends_so_does_every_subscription()
    {
        EventStream stream = _harness.Subscribe();
        _harness.Join("compute:a");
        _harness.Sweep();
        _harness.Monitor.Complete();
        _harness.Join("compute:b");
        _harness.Sweep();
        var events = new List<MemberEvent>();
        await foreach (MemberEvent memberEvent in stream.ReadAsync(TestContext.Current.CancellationToken))
        {
            events.Add(memberEvent);
        }

        Assert.Equal(["compute:a up"], Brief(events));
    }

    [Fact]
    public void Nobody_in_row_0_is_unknown()
        => Assert.Equal(MemberState.Unknown, _harness.Monitor.StateOf(0, _harness.Clock.Read()));

    [Fact]
    public async Task A_member_evicted_when_dead_had_gone_down_before()
    {
        var harness = new MonitorHarness(memoryLimit: 1 << 20);
        EventStream stream = harness.Subscribe();
        harness.Join("compute:node1");
        harness.SweepFor(TimeSpan.FromSeconds(61));
        for (int i = 0; i < 20_000; i++)
        {
            using EpochGuard guard = harness.Table.Enter();
            harness.Table.Writer.TryBegin(guard, BitConverter.GetBytes(i), 0, long.MaxValue, 0, harness.Clock.Read(), out NewItem item);
            harness.Table.Writer.Append(guard, ref item, "\r\n"u8, harness.Clock.Read());
            harness.Table.Writer.Commit(guard, ref item, StoreMode.Set, 0, -1, harness.Clock.Read(), out _);
        }

        harness.Sweep();
        Assert.Equal(MemberState.Unknown, harness.StateOf("compute:node1"));
        Assert.Equal(["compute:node1 up", "compute:node1 down Silence"], Brief(await harness.EventsOf(stream)));
    }

    [Fact]
    public void The_events_tell_what_a_look_at_every_sweep_would_have_seen()
    {
        // Any beats, joins and leaves between sweeps; the model looks at everybody at every sweep.
        var genAction = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 9]);
        Gen.Select(genAction.Array[0, 4], Gen.Int[1, 300]).Array[1, 25].Sample(
            rounds => Task.Run(() => CheckRounds(rounds)).GetAwaiter().GetResult(), iter: 100, threads: 1);
    }

    private static async Task CheckRounds(((int Kind, int Node)[] Actions, int Sweeps)[] rounds)
    {
        var harness = new MonitorHarness();
        EventStream stream = harness.Subscribe();
        var lastSeen = new Dictionary<string, DateTimeOffset>();
        var up = new HashSet<string>();
        var expected = new List<string>();
        foreach ((var actions, int sweeps) in rounds)
        {
            foreach ((int kind, int node) in actions)
            {
                string key = $"compute:node{node}";
                if (kind == 3 && harness.Leave(key))
                {
                    lastSeen.Remove(key);
                    if (up.Remove(key))
                    {
                        expected.Add($"{key} down Left");
                    }
                }
                else if (kind == 2 ? harness.Beat(key) : kind < 2 && harness.Join(key) != 0)
                {
                    lastSeen[key] = harness.Time.Utc;
                }
            }

            for (int i = 0; i < sweeps; i++)
            {
                harness.Sweep();
                foreach ((string key, DateTimeOffset seen) in lastSeen)
                {
                    bool isUp = harness.Time.Utc - seen <= MonitorHarness.DownTime;
                    if (isUp ? up.Add(key) : up.Remove(key))
                    {
                        expected.Add(isUp ? $"{key} up" : $"{key} down Silence");
                    }
                }
            }
        }

        // Inside one sweep the order is by rows, which the model does not know.
        Assert.Equal(expected.Order(), Brief(await harness.EventsOf(stream)).Order());
    }

    [Fact]
    public async Task When_somebody_sets_the_wall_clock_history_and_events_give_the_same_time()
    {
        _harness.Sweep();
        EventStream stream = _harness.Subscribe();
        _harness.Time.Utc += TimeSpan.FromHours(1);
        _harness.Join("compute:a");
        _harness.Sweep();
        var history = new Transition[1];
        long from = 0;
        Assert.Equal(1, _harness.Monitor.History.Read(ref from, history));
        Assert.Equal(Assert.Single(await _harness.EventsOf(stream)).At.ToUnixTimeMilliseconds(), history[0].UnixMilliseconds);
        Assert.Equal(_harness.Time.Utc.ToUnixTimeMilliseconds(), history[0].UnixMilliseconds);
    }
}
