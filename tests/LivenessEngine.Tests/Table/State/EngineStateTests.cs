using System.Text;
using LivenessEngine.Evaluation;
using LivenessEngine.Table;
using LivenessEngine.Table.State;
using LivenessEngine.Testing;
using LivenessEngine.Tests.Time;

namespace LivenessEngine.Tests.Table.State;

public sealed class EngineStateTests : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan DownTime = TimeSpan.FromSeconds(60);

    private readonly TestTime _time = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Engine Start(string name = "state", long memory = 2 << 20) => new(
        new EngineOptions { TimeProvider = _time, Tick = Tick, ServiceDownTime = DownTime, StateFile = new StateFileOptions(_folder[name]) },
        new TableOptions { MemoryLimit = memory });

    // On a file with a member of no group, of which the recovery warns: what is told of it fails, as anything in it might.
    private unsafe Engine StartFailing(List<string> warnings)
    {
        var state = new StateFileOptions(_folder["state"])
        {
            Warn = text =>
            {
                if (text.Contains("torn", StringComparison.Ordinal))
                {
                    throw new InvalidOperationException("what nobody\nthought of");
                }

                warnings.Add(text);
            },
        };
        var table = new TableOptions { MemoryLimit = 2 << 20 };
        using (StateFile file = StateFile.Open(state, table, _time.Utc))
        {
            new Span<int>(file.Image.Group, file.Image.Running.Present.RowsEnd).Fill(int.MaxValue);
        }

        return new Engine(new EngineOptions { TimeProvider = _time, Tick = Tick, ServiceDownTime = DownTime, StateFile = state }, table);
    }

    private static void Join(Engine engine, string member)
    {
        using EpochGuard guard = engine.Table.Enter();
        engine.Table.Members.Join(guard, Encoding.UTF8.GetBytes($"compute:{member}"), engine.Groups.GetOrAdd("compute"), engine.Read(), out _);
    }

    private static void JoinAll(Engine engine, int from, int count)
    {
        for (int i = from; i < from + count; i++)
        {
            Join(engine, $"host{i}");
        }
    }

    // Five seconds before they are due all report again but the first of them.
    private void JoinTwenty(Engine engine, int silent)
    {
        JoinAll(engine, 0, 20);
        Pass(engine, DownTime - TimeSpan.FromSeconds(5));
        JoinAll(engine, silent, 20 - silent);
    }

    private async Task LiveForASecondAsync(string member)
    {
        await using Engine engine = Start();
        Join(engine, member);
        Pass(engine, TimeSpan.FromSeconds(1));
    }

    private void Pass(Engine engine, TimeSpan span)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < span; passed += Tick)
        {
            _time.Advance(Tick);
            engine.Tick();
        }
    }

    private static (string Member, MemberState State)[] States(Engine engine)
        => [.. engine.Members(null).Select(member => (member.Member, member.State)).Order()];

    [Fact]
    public async Task After_a_kill_everyone_is_as_before_and_the_time_between_counts_against_nobody()
    {
        DateTimeOffset seen;
        await using (Engine engine = Start())
        {
            Assert.False(engine.Restored.HasState);
            Join(engine, "dead");
            Pass(engine, TimeSpan.FromSeconds(61));
            Join(engine, "alive");
            seen = _time.Utc;
            Pass(engine, TimeSpan.FromSeconds(40));
            Assert.Equal((2L, 1L), (engine.Monitor.WentUp, engine.Monitor.WentDown));
            File.Copy(_folder["state"], _folder["killed"]);
        }

        _time.Advance(TimeSpan.FromHours(3));
        await using Engine next = Start("killed");
        Assert.Equal((true, 2L, 1L, false), (next.Restored.HasState, next.Restored.Members, next.Restored.MembersUp, next.Restored.CleanStop));
        Assert.Equal(TimeSpan.FromHours(3), next.Restored.Downtime);
        Assert.Equal([("alive", MemberState.Up), ("dead", MemberState.Down)], States(next));
        Assert.Equal(seen, next.Members(null).Single(member => member.Member == "alive").LastSeen!.Value, TimeSpan.FromMilliseconds(1));
        EventStream events = next.Monitor.Subscribe(null, 10);
        Pass(next, TimeSpan.FromSeconds(19));
        Assert.Equal((0L, 0L), (next.Monitor.WentUp, next.Monitor.WentDown));
        Pass(next, TimeSpan.FromSeconds(2));
        Assert.Equal((0L, 1L), (next.Monitor.WentUp, next.Monitor.WentDown));
        next.Monitor.Unsubscribe(events);
    }

    [Fact]
    public async Task Who_was_down_before_the_restart_comes_up_from_down()
    {
        await using (Engine engine = Start())
        {
            Join(engine, "back");
            Pass(engine, TimeSpan.FromSeconds(61));
            Assert.Equal(1, engine.Monitor.WentDown);
        }

        await using Engine next = Start();
        Join(next, "back");
        Join(next, "fresh");
        Pass(next, Tick);
        var history = new Transition[10];
        long from = 0;
        int count = next.Monitor.History.Read(ref from, history);
        Assert.Equal(
            [("compute:back", MemberState.Down), ("compute:fresh", MemberState.Unknown)],
            history[..count].Select(transition => (transition.Key, transition.From)).Order());
    }

    [Theory]
    [InlineData(2 << 20)]
    [InlineData(64 << 20)]
    public async Task Who_was_held_is_held_after_a_restart_though_most_of_them_come_back(long memory)
    {
        await using (Engine engine = Start())
        {
            JoinTwenty(engine, silent: 12);
            Pass(engine, TimeSpan.FromSeconds(6));
            Assert.Equal(12, engine.Monitor.WentSuspect);
            File.Copy(_folder["state"], _folder["killed"]);
        }

        _time.Advance(TimeSpan.FromSeconds(30));
        await using Engine next = Start("killed", memory);
        Assert.Equal(12, States(next).Count(member => member.State == MemberState.Suspect));
        Assert.Equal(1, next.Monitor.Brake.HeldNow);
        JoinAll(next, 4, 16);
        Pass(next, TimeSpan.FromSeconds(50));
        Assert.Equal(0, next.Monitor.WentDown);
        Assert.Equal(4, States(next).Count(member => member.State == MemberState.Suspect));
        JoinAll(next, 4, 16);
        Pass(next, TimeSpan.FromSeconds(11));
        Assert.Equal((4L, 0), (next.Monitor.WentDown, next.Monitor.Brake.HeldNow));
    }

    [Fact]
    public async Task Where_half_were_silent_at_the_end_the_last_to_come_back_are_held()
    {
        await using (Engine engine = Start())
        {
            JoinTwenty(engine, silent: 12);
            Pass(engine, TimeSpan.FromSeconds(4));
        }

        await using Engine next = Start();
        JoinAll(next, 3, 17);
        Pass(next, TimeSpan.FromSeconds(30));
        Assert.Equal((3L, 0L), (next.Monitor.WentSuspect, next.Monitor.WentDown));
        JoinAll(next, 1, 19);
        Pass(next, TimeSpan.FromSeconds(31));
        Assert.Equal((3L, 1L), (next.Monitor.WentSuspect, next.Monitor.WentDown));
    }

    [Fact]
    public async Task A_hold_that_lies_ahead_is_damaged_and_holds_nobody()
    {
        await using (Engine engine = Start())
        {
            JoinTwenty(engine, silent: 1);
            Pass(engine, TimeSpan.FromSeconds(4));
        }

        using (StateFile file = StateFile.Open(new StateFileOptions(_folder["state"]), new TableOptions { MemoryLimit = 2 << 20 }, _time.Utc))
        {
            file.Image.Groups.Hold(0, long.MaxValue);
        }

        await using Engine next = Start();
        Pass(next, TimeSpan.FromSeconds(2));
        Assert.Equal((0L, 1L), (next.Monitor.WentSuspect, next.Monitor.WentDown));
    }

    [Fact]
    public async Task What_readers_are_told_of_time_does_not_go_back_with_the_wall_clock()
    {
        long latest = _time.Utc.AddHours(1).ToUnixTimeMilliseconds();
        await using (Engine engine = Start())
        {
            Assert.Equal(latest, engine.LatestTime.Raise(latest));
            Pass(engine, Tick);
        }

        _time.Utc -= TimeSpan.FromHours(3);
        await using Engine next = Start();
        Pass(next, Tick);
        Assert.Equal(latest, next.LatestTime.Raise(0));
    }

    [Fact]
    public async Task A_clean_stop_is_followed_by_a_start_that_knows_it()
    {
        await LiveForASecondAsync("a");

        await using (Engine engine = Start())
        {
            Assert.Equal((true, 2L, 1L), (engine.Restored.CleanStop, engine.Restored.Starts, engine.Restored.MembersUp));
            Assert.Equal(["compute"], engine.Groups.Names);
        }
    }

    [Theory]
    [InlineData(29, 1)]
    [InlineData(5, 1)]
    [InlineData(1, 1)]
    [InlineData(300, 2)]
    public async Task An_engine_that_is_killed_again_and_again_finds_the_dead_and_keeps_the_others_up(int away, int there)
    {
        await LiveForASecondAsync("dead");

        int starts = 0;
        TimeSpan counted = TimeSpan.Zero;
        for (bool isUp = true; isUp; starts++)
        {
            Assert.InRange(starts, 0, 300);
            _time.Advance(TimeSpan.FromSeconds(away));
            await using Engine engine = Start();
            Assert.Equal(starts > 0 ? 2 : 1, engine.Restored.MembersUp);
            Join(engine, "alive");
            Pass(engine, TimeSpan.FromSeconds(there));
            (string, MemberState State)[] states = States(engine);
            Assert.Equal(("alive", MemberState.Up), states[0]);
            isUp = states[1].State == MemberState.Up;
            counted += TimeSpan.FromSeconds(Math.Min(away, DownTime.TotalSeconds / 4) + there);
        }

        // So much is not counted; then the service down time follows, to which a gap counts for a quarter of it at the most.
        TimeSpan uncounted = TimeSpan.FromSeconds((starts - 1) * away);
        TimeSpan credit = TimeSpan.FromSeconds(Math.Ceiling(2 * DownTime.TotalSeconds / away) * (Math.Min(away, DownTime.TotalSeconds / 4) + there));
        Assert.True(counted <= credit + (1.25 * DownTime) + TimeSpan.FromSeconds(there), $"{starts} starts, {counted} of {credit}");
        Assert.True(uncounted >= 2 * DownTime || counted >= DownTime);
    }

    [Fact]
    public async Task When_a_member_was_seen_is_known_over_several_restarts()
    {
        DateTimeOffset seen = _time.Utc;
        await LiveForASecondAsync("a");

        for (int i = 0; i < 3; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(20));
            await using Engine engine = Start();
            Pass(engine, TimeSpan.FromSeconds(1));
            Assert.Equal(seen, engine.Members(null).Single().LastSeen!.Value, TimeSpan.FromMilliseconds(1));
        }
    }

    [Fact]
    public async Task A_state_that_cannot_be_recovered_is_set_aside()
    {
        await LiveForASecondAsync("a");

        var warnings = new List<string>();
        await using Engine next = StartFailing(warnings);
        Assert.Equal((false, 0L), (next.Restored.HasState, next.Restored.Members));
        Assert.True(File.Exists(next.Restored.SetAside));
        Assert.Contains("it cannot be recovered (InvalidOperationException: what nobody thought of)", Assert.Single(warnings), StringComparison.Ordinal);
        Join(next, "b");
        Pass(next, TimeSpan.FromSeconds(1));
        Assert.Equal([("b", MemberState.Up)], States(next));
    }

    [Fact]
    public async Task Two_engines_do_not_share_a_file()
    {
        await using Engine engine = Start();
        Assert.Throws<StateFileException>(() => Start());
    }
}
