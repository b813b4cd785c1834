using LivenessEngine.Evaluation;

namespace LivenessEngine.Tests.Evaluation;

public sealed class MassDownBrakeTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DownTime = MonitorHarness.DownTime;

    private readonly MonitorHarness _harness = new(brake: new BrakeOptions(0.5, 10));

    private static IEnumerable<string> Brief(IEnumerable<MemberEvent> events) => events.Select(MonitorHarness.Brief);

    private static string[] Nodes(int from, int to) => [.. Enumerable.Range(from, to - from).Select(i => $"compute:node{i}")];

    private int Compute => _harness.GroupOf("compute");

    private void Join(params string[] keys) => Array.ForEach(keys, key => _harness.Join(key));

    /// <summary>These report every five seconds, and all others are silent.</summary>
    private void Run(TimeSpan time, params string[] reporting)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += MonitorHarness.Tick)
        {
            if (passed.Ticks % (5 * Second).Ticks == 0)
            {
                Array.ForEach(reporting, key => Assert.True(_harness.Beat(key)));
            }

            _harness.Sweep();
        }
    }

    private int CountOf(MemberState state, params string[] keys) => keys.Count(key => _harness.StateOf(key) == state);

    [Fact]
    public async Task Half_of_a_group_is_held_for_one_service_down_time_and_then_declared()
    {
        EventStream stream = _harness.Subscribe();
        Join(Nodes(0, 20));
        Run(DownTime, Nodes(10, 20));
        Assert.Equal(20, CountOf(MemberState.Up, Nodes(0, 20)));
        Run(Second, Nodes(10, 20));
        Assert.Equal(10, CountOf(MemberState.Suspect, Nodes(0, 10)));
        Assert.Equal((1, 1L, 0L), (_harness.Monitor.Brake.HeldNow, _harness.Monitor.Brake.HoldCount, _harness.Monitor.WentDown));
        Run(DownTime - Second, Nodes(10, 20));
        Assert.Equal(10, CountOf(MemberState.Suspect, Nodes(0, 10)));
        Run(Second, Nodes(10, 20));
        Assert.Equal(10, CountOf(MemberState.Down, Nodes(0, 10)));
        Assert.Equal(10, CountOf(MemberState.Up, Nodes(10, 20)));
        Assert.Equal((0, 1L), (_harness.Monitor.Brake.HeldNow, _harness.Monitor.Brake.HoldCount));
        Assert.Equal(
            [
                .. Nodes(0, 20).Select(key => $"{key} up"),
                .. Nodes(0, 10).Select(key => $"{key} suspect"),
                .. Nodes(0, 10).Select(key => $"{key} down Silence"),
            ],
            Brief(await _harness.EventsOf(stream)));
    }

    [Fact]
    public void Suspects_are_up_for_the_wire()
    {
        Join(Nodes(0, 10));
        Run(DownTime + Second);
        Assert.All(Nodes(0, 10), key => Assert.True(_harness.IsUpOnTheWire(key)));
        Run(DownTime);
        Assert.All(Nodes(0, 10), key => Assert.False(_harness.IsUpOnTheWire(key)));
    }

    [Fact]
    public void Who_comes_back_one_by_one_when_due_is_held_to_the_last()
    {
        var harness = new MonitorHarness(brake: new BrakeOptions(0.5, 10));
        string[] keys = [.. Enumerable.Range(0, 20).Select(number => $"compute:{number}")];
        foreach (string key in keys)
        {
            harness.Join(key);
            harness.SweepFor(TimeSpan.FromSeconds(1));
        }

        harness.SweepFor(MonitorHarness.DownTime - TimeSpan.FromSeconds(20));
        foreach (string key in keys)
        {
            // Each of them is due for some ticks before it reports.
            harness.SweepFor(TimeSpan.FromSeconds(1));
            harness.Beat(key);
        }

        harness.SweepFor(TimeSpan.FromSeconds(1));
        Assert.Equal((0L, 1L, 0), (harness.Monitor.WentDown, harness.Monitor.Brake.HoldCount, harness.Monitor.Brake.HeldNow));
    }

    [Fact]
    public void One_in_ten_is_not_held()
    {
        Join(Nodes(0, 100));
        Run(DownTime + Second, Nodes(10, 100));
        Assert.Equal(10, CountOf(MemberState.Down, Nodes(0, 100)));
        Assert.Equal(0, _harness.Monitor.WentSuspect);
    }

    [Theory]
    [InlineData(9, false)]
    [InlineData(10, true)]
    public void A_group_that_is_too_small_is_not_held(int size, bool held)
    {
        Join(Nodes(0, size));
        Run(DownTime + Second);
        Assert.Equal(size, CountOf(held ? MemberState.Suspect : MemberState.Down, Nodes(0, size)));
    }

    [Theory]
    [InlineData(9, false)]
    [InlineData(10, true)]
    public void The_share_is_of_those_who_were_up(int silent, bool held)
    {
        // Those who are down since long count on neither side.
        Join(Nodes(100, 200));
        _harness.SweepFor(DownTime + Second);
        _harness.SweepFor(DownTime);
        Assert.Equal(100, _harness.Monitor.WentDown);
        Join(Nodes(0, 20));
        Run(DownTime + Second, Nodes(silent, 20));
        Assert.Equal(silent, CountOf(held ? MemberState.Suspect : MemberState.Down, Nodes(0, silent)));
    }

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0, 10)]
    public void It_can_be_turned_off(double share, int size)
    {
        var harness = new MonitorHarness(brake: new BrakeOptions(share, size));
        Array.ForEach(Nodes(0, 50), key => harness.Join(key));
        harness.SweepFor(DownTime + Second);
        Assert.Equal((50, 0), (harness.Monitor.WentDown, harness.Monitor.WentSuspect));
    }

    [Fact]
    public void Groups_are_held_each_by_itself()
    {
        Join(Nodes(0, 20));
        string[] volumes = [.. Enumerable.Range(0, 40).Select(i => $"volume:node{i}")];
        Join(volumes);
        Run(DownTime + Second, volumes[5..]);
        Assert.Equal(20, CountOf(MemberState.Suspect, Nodes(0, 20)));
        Assert.Equal(5, CountOf(MemberState.Down, volumes));
    }

    [Fact]
    public void Members_that_died_at_once_are_held_though_their_last_reports_were_spread()
    {
        for (int i = 0; i < 20; i++)
        {
            Join($"compute:node{i}");
            Run(Second, Nodes(20, 20));
        }

        Run(DownTime + Second);
        Assert.Equal(0, _harness.Monitor.WentDown);
        Assert.Equal(20, CountOf(MemberState.Suspect, Nodes(0, 20)));
    }

    [Fact]
    public void Once_it_has_begun_it_holds_all_who_fell_silent_with_the_first()
    {
        // Eight are due five seconds before the other two; four of them report until then, and six are less than half.
        Join(Nodes(0, 8));
        Run(5 * Second);
        Join(Nodes(8, 20));
        Run(DownTime - (5 * Second), Nodes(10, 20));
        Run(Second, Nodes(10, 20));
        Assert.Equal(8, CountOf(MemberState.Suspect, Nodes(0, 8)));
        Run(10 * Second, [.. Nodes(0, 4), .. Nodes(10, 20)]);
        Assert.Equal(6, CountOf(MemberState.Suspect, Nodes(0, 10)));
    }

    [Fact]
    public void The_last_to_come_back_of_a_silence_that_ends_before_anybody_is_due_are_held()
    {
        Join(Nodes(0, 20));
        Run(DownTime - (10 * Second), Nodes(18, 20));
        Assert.Equal(20, CountOf(MemberState.Up, Nodes(0, 20)));
        Run(15 * Second, Nodes(3, 20));
        Assert.Equal(3, CountOf(MemberState.Suspect, Nodes(0, 3)));
        Assert.Equal((0L, 1L), (_harness.Monitor.WentDown, _harness.Monitor.Brake.HoldCount));
        Run(10 * Second, Nodes(1, 20));
        Assert.Equal(19, CountOf(MemberState.Up, Nodes(0, 20)));
        Run(DownTime - (15 * Second) + Second, Nodes(1, 20));
        Assert.Equal(MemberState.Down, _harness.StateOf("compute:node0"));
    }

    [Fact]
    public void A_silence_of_less_than_half_of_the_service_down_time_holds_nobody()
    {
        Join(Nodes(0, 20));
        Run((DownTime / 2) - (5 * Second), Nodes(18, 20));
        Run(DownTime, Nodes(3, 20));
        Assert.Equal((3L, 0L, 0L), (_harness.Monitor.WentDown, _harness.Monitor.WentSuspect, _harness.Monitor.Brake.HoldCount));
    }

    [Fact]
    public void Who_dies_after_a_mass_silence_is_found_as_soon_as_ever()
    {
        Join(Nodes(0, 20));
        Run(DownTime - (10 * Second), Nodes(10, 20));
        Run(10 * Second, Nodes(0, 20));
        Run(DownTime + Second, Nodes(0, 19));
        Assert.Equal(MemberState.Down, _harness.StateOf("compute:node19"));
        Assert.Equal(0, _harness.Monitor.WentSuspect);
    }

    [Fact]
    public void A_second_silence_is_remembered_beside_a_suspect_of_the_first()
    {
        Join(Nodes(0, 40));
        Run(DownTime - (5 * Second), Nodes(20, 40));
        Run(10 * Second, Nodes(1, 40));
        Assert.Equal(1, CountOf(MemberState.Suspect, Nodes(0, 40)));
        Run(DownTime - (15 * Second), Nodes(1, 20));
        Assert.Equal(1, CountOf(MemberState.Suspect, Nodes(0, 40)));
        Run(20 * Second, Nodes(1, 38));
        Assert.Equal((0, 2), (CountOf(MemberState.Down, Nodes(1, 40)), CountOf(MemberState.Suspect, Nodes(38, 40))));
    }

    [Fact]
    public void Of_one_silence_there_is_one_hold_though_its_only_suspect_comes_back_in_between()
    {
        Join(Nodes(0, 20));
        Run(Second, Nodes(1, 20));
        Run(DownTime, Nodes(10, 20));
        Run(Second, [.. Nodes(0, 1), .. Nodes(10, 20)]);
        Run(DownTime / 4, Nodes(10, 20));
        Assert.Equal((9, 1L), (CountOf(MemberState.Suspect, Nodes(0, 20)), _harness.Monitor.Brake.HoldCount));
    }

    [Fact]
    public void Where_reports_are_rare_a_silence_between_two_of_them_is_none()
    {
        // Everybody reports at once, and is silent for more than half of the service down time then, each time.
        var harness = new MonitorHarness(brake: new BrakeOptions(0.5, 10, DownTime * 2 / 3));
        Array.ForEach(Nodes(0, 20), key => harness.Join(key));
        for (int i = 0; i < 2; i++)
        {
            harness.SweepFor(DownTime * 2 / 3);
            Array.ForEach(Nodes(1, 20), key => harness.Beat(key));
        }

        Assert.Equal((1L, 0L), (harness.Monitor.WentDown, harness.Monitor.WentSuspect));
    }

    [Fact]
    public void One_that_falls_silent_later_is_judged_by_itself()
    {
        Join(Nodes(0, 20));
        Run(10 * Second, Nodes(10, 20));

        Run(DownTime - (10 * Second) + Second, Nodes(10, 20));
        Assert.Equal(10, CountOf(MemberState.Suspect, Nodes(0, 10)));

        // Nine report again; the tenth stays, and after a while an eleventh falls silent.
        Run(Second, [.. Nodes(0, 9), .. Nodes(10, 20)]);
        Assert.Equal(1, CountOf(MemberState.Suspect, Nodes(0, 20)));
        Run(DownTime, [.. Nodes(0, 9), .. Nodes(11, 20)]);
        Assert.Equal((1, 1), (CountOf(MemberState.Down, "compute:node10"), CountOf(MemberState.Down, "compute:node9")));
    }

    [Fact]
    public async Task A_suspect_that_reports_is_up_again()
    {
        Join(Nodes(0, 10));
        Run(DownTime + Second);
        EventStream stream = _harness.Subscribe();
        Run(2 * DownTime, Nodes(0, 10));
        Assert.Equal(10, CountOf(MemberState.Up, Nodes(0, 10)));
        Assert.Equal(Nodes(0, 10).Select(key => $"{key} up"), Brief(await _harness.EventsOf(stream)));
        Assert.Equal((0, 0L), (_harness.Monitor.Brake.HeldNow, _harness.Monitor.WentDown));
    }

    [Fact]
    public async Task A_suspect_that_leaves_has_left()
    {
        Join(Nodes(0, 10));
        Run(DownTime + Second);
        EventStream stream = _harness.Subscribe();
        _harness.Leave("compute:node3");
        Run(Second);
        Assert.Equal(["compute:node3 down Left"], Brief(await _harness.EventsOf(stream)));
        Array.ForEach(Nodes(4, 10), key => _harness.Leave(key));
        Array.ForEach(Nodes(0, 3), key => _harness.Leave(key));
        Run(Second);
        Assert.Equal(0, _harness.Monitor.Brake.HeldNow);
    }

    [Fact]
    public async Task An_operator_releases_a_group_and_nobody_in_it_who_was_silent_before_is_held_again()
    {
        Join(Nodes(0, 10));
        Run(5 * Second);
        Join(Nodes(10, 20));
        Run(DownTime - (4 * Second));
        Assert.Equal((10, 10), (CountOf(MemberState.Suspect, Nodes(0, 20)), CountOf(MemberState.Up, Nodes(0, 20))));
        EventStream stream = _harness.Subscribe();
        Assert.True(_harness.Monitor.Release(Compute));
        _harness.Sweep();
        Assert.Equal(Nodes(0, 10).Select(key => $"{key} down Released"), Brief(await _harness.EventsOf(stream)));
        Assert.False(_harness.Monitor.Release(Compute));
        Run(5 * Second);
        Assert.Equal(20, CountOf(MemberState.Down, Nodes(0, 20)));
        Assert.Equal((0, 1L, 1L), (_harness.Monitor.Brake.HeldNow, _harness.Monitor.Brake.HoldCount, _harness.Monitor.Brake.Releases));
    }

    [Fact]
    public void Who_reported_after_a_release_can_be_held()
    {
        Join(Nodes(0, 20));
        Run(DownTime + Second);
        Assert.True(_harness.Monitor.Release(Compute));
        Run(10 * Second, Nodes(0, 20));
        Run(DownTime + Second);
        Assert.Equal(20, CountOf(MemberState.Suspect, Nodes(0, 20)));
    }

    [Fact]
    public void Nobody_is_released_where_nobody_is_held()
    {
        Assert.False(_harness.Monitor.Release(-1));
        Assert.False(_harness.Monitor.Release(4711));
        Join(Nodes(0, 10));
        Run(Second);
        Assert.False(_harness.Monitor.Release(Compute));
    }

    [Fact]
    public void Where_the_real_time_limit_decides_the_brake_holds_all_the_same()
    {
        Join(Nodes(0, 20));
        _harness.Sweep();
        void Starve() => _harness.Stop(2 * Second);
        DateTimeOffset start = _harness.Time.Utc;
        while (_harness.Monitor.WentSuspect == 0)
        {
            Array.ForEach(Nodes(10, 20), key => _harness.Beat(key));
            Starve();
            Assert.Equal(0, _harness.Monitor.WentDown);
        }

        DateTimeOffset held = _harness.Time.Utc;
        Assert.InRange(held - start, 3 * DownTime, 4 * DownTime);
        while (_harness.Monitor.WentDown == 0)
        {
            Array.ForEach(Nodes(10, 20), key => _harness.Beat(key));
            Starve();
        }

        Assert.InRange(_harness.Time.Utc - held, DownTime, DownTime + (10 * Second));
        Assert.Equal((10L, 10L), (_harness.Monitor.WentSuspect, _harness.Monitor.WentDown));
    }

    [Fact]
    public void A_sweep_over_the_held_looks_at_none_of_them()
    {
        Join(Nodes(0, 1000));
        Run(DownTime + Second);
        Assert.Equal(1000, CountOf(MemberState.Suspect, Nodes(0, 1000)));
        long before = GC.GetAllocatedBytesForCurrentThread();
        _harness.Monitor.Sweep(_harness.Clock.Read());
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_crowd_of_any_size_in_any_vector_lane_goes_the_way_of_one()
    {
        var random = new Random(7);
        Join(Nodes(0, 700));
        string[] silent = [.. Nodes(0, 700).Where(_ => random.Next(10) < 7)];
        string[] reporting = [.. Nodes(0, 700).Except(silent)];
        Run(DownTime + Second, reporting);
        Assert.Equal((silent.Length, reporting.Length), (CountOf(MemberState.Suspect, silent), CountOf(MemberState.Up, reporting)));
        string[] back = [.. silent.Where(_ => random.Next(2) == 0)];
        Run(DownTime, [.. reporting, .. back]);
        Assert.Equal(back.Length, CountOf(MemberState.Up, back));
        Assert.Equal(silent.Length - back.Length, CountOf(MemberState.Down, [.. silent.Except(back)]));
    }

    // Members by what they send, whom a table names later.
    private string[] JoinAsNova(int count)
    {
        string[] keys = [.. Enumerable.Range(0, count).Select(i => $"node{i}")];
        Array.ForEach(keys, key => _harness.Join(key, "nova"));
        return keys;
    }

    private void MoveToCompute(string[] keys) => Array.ForEach(keys, key => _harness.Regroup(key, "nova", "compute"));

    [Fact]
    public void Who_was_moved_to_another_group_counts_there()
    {
        string[] keys = JoinAsNova(20);
        Run(Second);
        MoveToCompute(keys);
        Run(DownTime + Second, keys[10..]);
        Assert.Equal(10, CountOf(MemberState.Suspect, keys));
        Assert.Equal((20, 10), (_harness.Monitor.Brake.Of(Compute).Up, _harness.Monitor.Brake.Of(Compute).Suspects));
        Assert.Equal((0, 0L), (_harness.Monitor.Brake.Of(_harness.GroupOf("nova")).Up, _harness.Monitor.WentDown));
    }

    [Fact]
    public void Suspects_that_are_moved_stay_so_and_can_be_released_there()
    {
        string[] keys = JoinAsNova(20);
        Run(DownTime + Second, keys[10..]);
        MoveToCompute(keys);
        Run(Second, keys[10..]);
        MassDownBrake brake = _harness.Monitor.Brake;
        Assert.Equal((0, 10, 1, 1L), (brake.Of(_harness.GroupOf("nova")).Suspects, brake.Of(Compute).Suspects, brake.HeldNow, brake.HoldCount));
        Assert.False(_harness.Monitor.Release(_harness.GroupOf("nova")));
        Assert.True(_harness.Monitor.Release(Compute));
        _harness.Sweep();
        Assert.Equal(10, CountOf(MemberState.Down, keys));
        Assert.Equal((10, 0, 0), (brake.Of(Compute).Up, brake.Of(Compute).Suspects, brake.HeldNow));
    }

    [Fact]
    public async Task Who_leaves_and_is_moved_before_the_next_sweep_leaves_the_new_group()
    {
        string[] keys = JoinAsNova(20);
        Run(Second);
        EventStream stream = _harness.Subscribe();
        int row = _harness.RowOf(keys[0]);
        _harness.Leave(keys[0]);
        _harness.Table.Members.Columns.Regroup(row, _harness.GroupOf("nova"), Compute);
        MoveToCompute(keys[1..]);
        _harness.Sweep();
        Assert.Equal((0, 19), (_harness.Monitor.Brake.Of(_harness.GroupOf("nova")).Up, _harness.Monitor.Brake.Of(Compute).Up));
        Assert.Equal("compute", Assert.Single(await _harness.EventsOf(stream)).Group);
    }
}
