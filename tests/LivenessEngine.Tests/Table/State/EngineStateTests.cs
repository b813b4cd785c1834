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

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Engine Start(TestTime time, string name = "state") => new(
        new EngineOptions { TimeProvider = time, Tick = Tick, ServiceDownTime = DownTime, StateFile = new StateFileOptions(_folder[name]) },
        new TableOptions { MemoryLimit = 2 << 20 });

    private static void Join(Engine engine, string member)
    {
        using EpochGuard guard = engine.Table.Enter();
        engine.Table.Members.Join(guard, Encoding.UTF8.GetBytes($"compute:{member}"), engine.Groups.GetOrAdd("compute"), engine.Read(), out _);
    }

    private static void Pass(Engine engine, TestTime time, TimeSpan span)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < span; passed += Tick)
        {
            time.Advance(Tick);
            engine.Tick();
        }
    }

    private static (string Member, MemberState State)[] States(Engine engine)
        => [.. engine.Members(null).Select(member => (member.Member, member.State)).Order()];

    [Fact]
    public async Task After_a_kill_everyone_is_as_before_and_the_time_between_counts_against_nobody()
    {
        var time = new TestTime();
        DateTimeOffset seen;
        await using (Engine engine = Start(time))
        {
            Assert.False(engine.Restored.HasState);
            Join(engine, "dead");
            Pass(engine, time, TimeSpan.FromSeconds(61));
            Join(engine, "alive");
            seen = time.Utc;
            Pass(engine, time, TimeSpan.FromSeconds(40));
            Assert.Equal((2L, 1L), (engine.Monitor.WentUp, engine.Monitor.WentDown));
            File.Copy(_folder["state"], _folder["killed"]);
        }

        time.Advance(TimeSpan.FromHours(3));
        await using Engine next = Start(time, "killed");
        Assert.Equal((true, 2L, 1L, false), (next.Restored.HasState, next.Restored.Members, next.Restored.MembersUp, next.Restored.CleanStop));
        Assert.Equal(TimeSpan.FromHours(3), next.Restored.Downtime);
        Assert.Equal([("alive", MemberState.Up), ("dead", MemberState.Down)], States(next));
        Assert.Equal(seen, next.Members(null).Single(member => member.Member == "alive").LastSeen!.Value, TimeSpan.FromMilliseconds(1));
        EventStream events = next.Monitor.Subscribe(null, 10);
        Pass(next, time, TimeSpan.FromSeconds(19));
        Assert.Equal((0L, 0L), (next.Monitor.WentUp, next.Monitor.WentDown));
        Pass(next, time, TimeSpan.FromSeconds(2));
        Assert.Equal((0L, 1L), (next.Monitor.WentUp, next.Monitor.WentDown));
        next.Monitor.Unsubscribe(events);
    }

    [Fact]
    public async Task Who_was_down_before_the_restart_comes_up_from_down()
    {
        var time = new TestTime();
        await using (Engine engine = Start(time))
        {
            Join(engine, "back");
            Pass(engine, time, TimeSpan.FromSeconds(61));
            Assert.Equal(1, engine.Monitor.WentDown);
        }

        await using Engine next = Start(time);
        Join(next, "back");
        Join(next, "fresh");
        Pass(next, time, Tick);
        var history = new Transition[10];
        long from = 0;
        int count = next.Monitor.History.Read(ref from, history);
        Assert.Equal(
            [("compute:back", MemberState.Down), ("compute:fresh", MemberState.Unknown)],
            history[..count].Select(transition => (transition.Key, transition.From)).Order());
    }

    [Fact]
    public async Task A_clean_stop_is_followed_by_a_start_that_knows_it()
    {
        var time = new TestTime();
        await using (Engine engine = Start(time))
        {
            Join(engine, "a");
            Pass(engine, time, TimeSpan.FromSeconds(1));
        }

        await using (Engine engine = Start(time))
        {
            Assert.Equal((true, 2L, 1L), (engine.Restored.CleanStop, engine.Restored.Starts, engine.Restored.MembersUp));
            Assert.Equal(["compute"], engine.Groups.Names);
        }
    }

    [Fact]
    public async Task Two_engines_do_not_share_a_file()
    {
        var time = new TestTime();
        await using Engine engine = Start(time);
        Assert.Throws<StateFileException>(() => Start(time));
    }
}
