using System.Globalization;
using LivenessEngine.Evaluation;
using LivenessEngine.ServiceGroups;
using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Soak;

/// <summary>
/// Members join, beat, fall silent, leave and come back on several threads while the sweep runs: each member goes up, under
/// suspicion and down in turns, ends as the verdict is then, and every subscriber hears all of it or how much it has missed.
/// </summary>
/// <remarks>
/// Real time, with a service down time of a few milliseconds and a third of the members silent at a time; a brake that holds
/// a fifth of a group, and an operator who releases it.
/// </remarks>
public sealed class TransitionsAreToldOnce
{
    private const int Members = 60;
    private const int Slow = 16;

    private static readonly TimeSpan DownTime = TimeSpan.FromMilliseconds(4);
    private static readonly string[] GroupNames = ["even", "odd"];
    private static readonly byte[][] Keys = [.. Enumerable.Range(0, Members).Select(i => SoakTable.KeyOf($"{GroupNames[i % 2]}:", i))];

    private readonly LivenessClock _clock = new(TimeProvider.System, TimeSpan.FromMilliseconds(1), DownTime);
    private readonly GroupDirectory _groups = new();
    private readonly Handle[] _handles = [.. Enumerable.Repeat(new Handle(0, uint.MaxValue), Members)];
    private readonly LivenessTable _table = new(new TableOptions { MemoryLimit = 64 << 20, ServiceDownTime = DownTime.Ticks });
    private readonly LivenessMonitor _monitor;

    public TransitionsAreToldOnce()
    {
        Array.ForEach(GroupNames, name => _groups.GetOrAdd(name));
        _monitor = new LivenessMonitor(_table, new ServiceRegister(_groups), _clock, DownTime, new BrakeOptions(0.2, 5));
    }

    private sealed record Handle(int Row, uint Tenure);

    [Fact]
    public async Task To_every_subscriber()
    {
        EventStream all = _monitor.Subscribe(null, 1 << 22);
        EventStream odd = _monitor.Subscribe(1, 1 << 22);
        EventStream slow = _monitor.Subscribe(null, Slow);
        Task<List<MemberEvent>>[] readers = [ReadAsync(all, 0), ReadAsync(odd, 0), ReadAsync(slow, 1)];
        new SoakRun()
            .Repeat(1, _ => Sweep())
            .Repeat(2, random => Beat(Awake(random), random))
            .Repeat(2, random => JoinOrLeave(Awake(random), random))
            .Repeat(1, random => Store(Awake(random), random))
            .Repeat(1, _ => ListenForAWhile())
            .Repeat(1, random => Release(random))
            .Run();
        Sweep();
        Moment last = Sweep();
        _monitor.Complete();
        List<MemberEvent>[] heard = await Task.WhenAll(readers);
        TestContext.Current.TestOutputHelper?.WriteLine($"{_monitor.WentUp} up, {_monitor.WentDown} down, {_monitor.WentSuspect} suspect, {_monitor.Brake.Releases} released, {heard[2].Sum(e => e.Missed)} missed by the slow one");
        Assert.Equal(_monitor.WentUp + _monitor.WentDown + _monitor.WentSuspect, heard[0].Count);
        Assert.Equal(heard[0].Count, _monitor.History.Count);
        MustTakeTurns(heard[0]);
        MustEndAsTheVerdictIs(heard[0], last);
        Assert.Equal(heard[0].Where(e => e.Group == "odd"), heard[1]);
        MustMissAsMuchAsItSays(heard[0], heard[2]);
        Assert.True(heard[0].Count > 1000 && heard[2].Count < heard[0].Count, $"too little has happened: {heard[0].Count} events");
    }

    private static async Task<List<MemberEvent>> ReadAsync(EventStream stream, int pause)
    {
        var heard = new List<MemberEvent>();
        await Task.Yield();
        await foreach (MemberEvent memberEvent in stream.ReadAsync(TestContext.Current.CancellationToken))
        {
            heard.Add(memberEvent);
            if (pause > 0 && heard.Count % Slow == 0)
            {
                await Task.Delay(pause);
            }
        }

        return heard;
    }

    private static void MustTakeTurns(IEnumerable<MemberEvent> events)
    {
        var up = new HashSet<string>();
        var suspects = new HashSet<string>();
        foreach (MemberEvent memberEvent in events)
        {
            bool changes = memberEvent switch
            {
                MemberUp => up.Add(memberEvent.Member) | suspects.Remove(memberEvent.Member),
                MemberSuspect => up.Contains(memberEvent.Member) && suspects.Add(memberEvent.Member),
                _ => up.Remove(memberEvent.Member) | suspects.Remove(memberEvent.Member),
            };
            if (!changes || memberEvent.Missed != 0 || memberEvent.Group != GroupNames[NumberOf(memberEvent) % 2])
            {
                throw new InvalidOperationException($"out of turn: {memberEvent}");
            }
        }
    }

    private static int NumberOf(MemberEvent memberEvent) => int.Parse(memberEvent.Member, CultureInfo.InvariantCulture);

    private static void MustMissAsMuchAsItSays(List<MemberEvent> all, List<MemberEvent> heard)
    {
        int next = 0;
        foreach (MemberEvent memberEvent in heard)
        {
            next += (int)memberEvent.Missed;
            Assert.Equal(all[next++], memberEvent with { Missed = 0 });
        }

        // The newest are never those that go.
        Assert.Equal(all.Count, next);
    }

    private void MustEndAsTheVerdictIs(List<MemberEvent> events, in Moment last)
    {
        var states = new Dictionary<int, MemberState>();
        events.ForEach(memberEvent => states[NumberOf(memberEvent)] = StateIn(memberEvent));
        using EpochGuard guard = _table.Enter();
        for (int member = 0; member < Members; member++)
        {
            int row = _table.Members.Find(guard, Keys[member]);
            MemberState state = _monitor.StateOf(row, last);
            MemberState told = states.GetValueOrDefault(member, MemberState.Down);
            Assert.Equal((member, state == MemberState.Unknown ? MemberState.Down : state), (member, told));
            bool seenInTime = row != 0 && _table.Members.Columns.LastSeen(row) >= last.DownBefore;
            Assert.Equal((member, seenInTime), (member, told == MemberState.Up));
        }
    }

    private static MemberState StateIn(MemberEvent memberEvent) => memberEvent switch
    {
        MemberUp => MemberState.Up,
        MemberSuspect => MemberState.Suspect,
        _ => MemberState.Down,
    };

    /// <summary>Any member but those whose turn it is to be silent.</summary>
    private int Awake(Random random)
    {
        int silent = (int)(_clock.Read().Liveness / TimeSpan.FromMilliseconds(10).Ticks % 3);
        int member = random.Next(Members);
        return member % 3 == silent ? (member + 1) % Members : member;
    }

    private Moment Sweep()
    {
        Moment now = _clock.Tick();
        _monitor.Sweep(now);
        _table.Crawl(0, now);
        return now;
    }

    private void Beat(int member, Random random)
    {
        long now = _clock.Read().Liveness;
        if (random.Next(2) == 0)
        {
            Handle handle = Volatile.Read(ref _handles[member]);
            _table.Members.TryTouch(handle.Row, handle.Tenure, now);
        }
        else
        {
            using EpochGuard guard = _table.Enter();
            _table.Members.TryTouch(guard, Keys[member], now);
        }
    }

    private void JoinOrLeave(int member, Random random)
    {
        using EpochGuard guard = _table.Enter();
        if (random.Next(3) != 0)
        {
            int row = _table.Members.Join(guard, Keys[member], member % 2, _clock.Read(), out uint tenure);
            Volatile.Write(ref _handles[member], new Handle(row, tenure));
        }
        else
        {
            _table.Members.TryRemove(guard, Keys[member]);
        }

        Thread.SpinWait(random.Next(100));
    }

    // As a server does it: the item of a member is a beat, and its delete a farewell.
    private void Store(int member, Random random)
    {
        Moment now = _clock.Read();
        using EpochGuard guard = _table.Enter();
        if (random.Next(3) == 0)
        {
            _table.TryDelete(guard, Keys[member], now, out _);
        }
        else if (_table.Writer.TryBegin(guard, Keys[member], 0, Expiry.Never, 0, now, out NewItem item) == StoreResult.Stored)
        {
            _table.Writer.Append(guard, ref item, "\r\n"u8, now);
            _table.Writer.Commit(guard, ref item, StoreMode.Set, 0, member % 2, now, out _);
        }

        Thread.SpinWait(random.Next(100));
    }

    private void Release(Random random)
    {
        Thread.Sleep(random.Next(20));
        _monitor.Release(random.Next(2));
    }

    // Who comes late hears of each member from some turn on, and loses nothing either.
    private void ListenForAWhile()
    {
        EventStream stream = _monitor.Subscribe(null, 1 << 20);
        Thread.Sleep(2);
        _monitor.Unsubscribe(stream);
        List<MemberEvent> heard = ReadAsync(stream, 0).GetAwaiter().GetResult();
        foreach (IGrouping<string, MemberEvent> member in heard.GroupBy(e => e.Member))
        {
            MustTakeTurns(member.SkipWhile(e => e is not MemberDown).Skip(1));
        }
    }
}
