using System.Text;
using LivenessEngine.Evaluation;
using LivenessEngine.ServiceGroups;
using LivenessEngine.Table;
using LivenessEngine.Tests.Time;
using LivenessEngine.Time;

namespace LivenessEngine.Tests.Evaluation;

/// <summary>A monitor with its table and clock, swept when told.</summary>
internal sealed class MonitorHarness
{
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    public static readonly TimeSpan DownTime = TimeSpan.FromSeconds(60);

    private readonly GroupDirectory _groups = new();

    public MonitorHarness(long memoryLimit = 64 << 20, BrakeOptions brake = default)
    {
        Clock = new LivenessClock(Time, Tick, DownTime);
        Table = new LivenessTable(new TableOptions { MemoryLimit = memoryLimit });
        Register = new ServiceRegister(_groups);
        Monitor = new LivenessMonitor(Table, Register, Clock, DownTime, brake);
    }

    public TestTime Time { get; } = new();

    public LivenessClock Clock { get; }

    public LivenessTable Table { get; }

    public ServiceRegister Register { get; }

    public LivenessMonitor Monitor { get; }

    public int GroupOf(string name) => _groups.GetOrAdd(name);

    public int Join(string key) => Join(key, key[..key.IndexOf(':', StringComparison.Ordinal)]);

    public int Join(string key, string group)
    {
        using EpochGuard guard = Table.Enter();
        return Table.Members.Join(guard, Encoding.UTF8.GetBytes(key), GroupOf(group), Clock.Read(), out _);
    }

    public bool Beat(string key)
    {
        using EpochGuard guard = Table.Enter();
        return Table.Members.TryTouch(guard, Encoding.UTF8.GetBytes(key), Clock.Read().Liveness);
    }

    public bool Leave(string key)
    {
        using EpochGuard guard = Table.Enter();
        return Table.Members.TryRemove(guard, Encoding.UTF8.GetBytes(key));
    }

    public int RowOf(string key)
    {
        using EpochGuard guard = Table.Enter();
        return Table.Members.Find(guard, Encoding.UTF8.GetBytes(key));
    }

    public void Regroup(string key, string from, string to) => Table.Members.Columns.Regroup(RowOf(key), GroupOf(from), GroupOf(to));

    public MemberState StateOf(string key) => Monitor.StateOf(RowOf(key), Clock.Read());

    public bool IsUpOnTheWire(string key) => Table.Members.Columns.IsUp(RowOf(key), Clock.Read().DownBefore);

    /// <summary>The process is stopped for a time, and goes on with a tick.</summary>
    public void Stop(TimeSpan time)
    {
        Time.Advance(time);
        Monitor.Sweep(Clock.Tick());
    }

    /// <summary>A tick of the clock and a sweep.</summary>
    public void Sweep()
    {
        Time.Advance(Tick);
        Monitor.Sweep(Clock.Tick());
    }

    public void SweepFor(TimeSpan time)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += Tick)
        {
            Sweep();
        }
    }

    public EventStream Subscribe(string? group = null, int capacity = 1 << 17)
        => Monitor.Subscribe(group is null ? null : GroupOf(group), capacity);

    /// <summary>Ends a subscription and returns all its events.</summary>
    public async Task<List<MemberEvent>> EventsOf(EventStream stream)
    {
        Monitor.Unsubscribe(stream);
        var events = new List<MemberEvent>();
        await foreach (MemberEvent memberEvent in stream.ReadAsync(TestContext.Current.CancellationToken))
        {
            events.Add(memberEvent);
        }

        return events;
    }

    /// <summary>An event as a test writes it down.</summary>
    public static string Brief(MemberEvent memberEvent) => memberEvent switch
    {
        MemberDown down => $"{down.Group}:{down.Member} down {down.Reason}",
        MemberSuspect => $"{memberEvent.Group}:{memberEvent.Member} suspect",
        _ => $"{memberEvent.Group}:{memberEvent.Member} up",
    };
}
