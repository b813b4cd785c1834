using System.Diagnostics;
using LivenessEngine.Evaluation;
using LivenessEngine.ServiceGroups;
using LivenessEngine.Table;
using LivenessEngine.Table.State;
using LivenessEngine.Time;

namespace LivenessEngine;

/// <summary>
/// The engine: one table, one clock, one monitor, and the tick that drives them. Embedded groups and every server in
/// front of it share it.
/// </summary>
internal sealed class Engine : IAsyncDisposable
{
    /// <summary>How much of the table one tick looks through for expired items: 4 MiB, well under a millisecond.</summary>
    private const int PagesPerTick = 64;

    // What the disk has not taken by then at a stop in order, the kernel writes later.
    private static readonly TimeSpan LongestSync = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly EngineMetrics _metrics;
    private readonly StateFile? _state;
    private Action<Moment>[] _beforeSweep = [];
    private int _ticking;
    private long _lastTickTimestamp;

    /// <exception cref="StateFileException">The state file cannot be used.</exception>
    public Engine(EngineOptions options, TableOptions table)
    {
        _time = options.TimeProvider;
        Options = options;
        (Table, _state, Restored) = RestoredTable.Open(options.StateFile, table, _time.GetUtcNow());
        Groups = new GroupDirectory(_state?.Image.Groups);
        Clock = new LivenessClock(
            _time,
            options.Tick,
            options.ServiceDownTime,
            Restored.Liveness,
            Restored.Downtime,
            options.MaxCredit,
            Restored.HasState ? _state!.Image.Running.Present.Credit : null);
        Intakes = new IntakeWatch(Clock, _time, options.ServiceDownTime);
        LatestTime = new LatestTime(Restored.HasState ? _state!.Image.Running.Present.LatestTime : 0);
        Restored = Restored with { MembersUp = Table.Members.Columns.CountUp(Clock.Read().DownBefore) };
        Register = new ServiceRegister(Groups);
        Monitor = new LivenessMonitor(
            Table,
            Register,
            Clock,
            options.ServiceDownTime,
            new BrakeOptions(options.BrakeShare, options.BrakeSize, options.ReportInterval),
            _state?.Image.Groups);
        _metrics = new EngineMetrics(this, options.MeterFactory);
        _lastTickTimestamp = _time.GetTimestamp();
        _timer = _time.CreateTimer(static engine => ((Engine)engine!).Tick(), this, options.Tick, options.Tick);
    }

    public EngineOptions Options { get; }

    public LivenessClock Clock { get; }

    /// <summary>
    /// By whom heartbeats come in. Under a time source that is not the system's nobody is asked: its time may go by while no
    /// thread has any to answer in.
    /// </summary>
    public IntakeWatch Intakes { get; }

    public LatestTime LatestTime { get; }

    public LivenessTable Table { get; }

    public LivenessMonitor Monitor { get; }

    public GroupDirectory Groups { get; }

    /// <summary>
    /// Whether the state file is written to the disk at the end. Not for a process that another one waits for: the file is in
    /// the memory of the system, where the next one finds it. Default true.
    /// </summary>
    public bool SyncsAtEnd { get; set; } = true;

    /// <summary>What was found in the state file.</summary>
    public RestoredState Restored { get; }

    /// <summary>Who is registered; empty without a database.</summary>
    public ServiceRegister Register { get; }

    /// <summary>What the engine shows of itself; other parts add theirs.</summary>
    public EngineFigures Figures => _metrics.Figures;

    /// <summary>How long ago the last tick was: the interval, and what it is late.</summary>
    public TimeSpan SinceLastTick => _time.GetElapsedTime(Volatile.Read(ref _lastTickTimestamp));

    /// <summary>Both clocks now; keeps the appointments that the reading makes due.</summary>
    public Moment Read()
    {
        Moment now = Clock.Read();
        Table.KeepTime(now);
        return now;
    }

    /// <summary>Has something done at every tick from now on, before the verdicts are made.</summary>
    public void BeforeSweep(Action<Moment> action) => ImmutableArraySwap.Add(ref _beforeSweep, action);

    /// <summary>Forgets such an action: the same object.</summary>
    public void ForgetBeforeSweep(Action<Moment> action) => ImmutableArraySwap.Remove(ref _beforeSweep, action);

    /// <summary>
    /// The members of a group, or of all with null; each as it is when it is enumerated. Where services are registered,
    /// those too that never were seen.
    /// </summary>
    public IEnumerable<MemberStatus> Members(int? group)
        => Register.Services.Count == 0
            ? Seen(group).Select(seen => seen.Evidence.ToStatus(seen.Name, Options.ServiceDownTime))
            : WithRegistered(group);

    /// <summary>Those who are in the table, and when they were seen; the arrival is on the liveness clock, 0 for none.</summary>
    public IEnumerable<(MemberName Name, Evidence Evidence, long Arrival)> Seen(int? group)
    {
        MemberColumns columns = Table.Members.Columns;
        int end = columns.End;
        for (int row = 1; row < end; row++)
        {
            int rowGroup = columns.Group(row);
            if (rowGroup >= 0 && (group is null || rowGroup == group) && Describe(row, rowGroup) is { } seen)
            {
                yield return seen;
            }
        }
    }

    /// <summary>What is known of the member of a row (0: nobody), and the verdict.</summary>
    /// <param name="row">The row; inside an epoch, so that it stays the member's.</param>
    /// <param name="now">The present.</param>
    /// <param name="lastSeen">On the liveness clock, 0 for never.</param>
    public Evidence EvidenceOf(int row, in Moment now, out long lastSeen)
    {
        lastSeen = row == 0 ? 0 : Table.Members.Columns.LastSeen(row);
        return lastSeen == 0
            ? default
            : new Evidence(TimeSpan.FromTicks(Math.Max(now.Liveness - lastSeen, 0)), Clock.ToUtc(lastSeen))
            {
                State = Monitor.StateOf(row, now),
            };
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        Monitor.Complete();
        _metrics.Dispose();
        StopState();
    }

    private void Record(in Moment now) => Table.Record(now, Clock.SaveCredit(), LatestTime.Raise(Clock.ToWallClock(now)));

    // The last word of this process: others may use the file from here on.
    private void StopState()
    {
        if (_state is not null)
        {
            Record(Clock.Read());
            _state.Stop(SyncsAtEnd ? LongestSync : TimeSpan.Zero);
        }
    }

    // Null if the row has changed hands meanwhile.
    private (MemberName Name, Evidence Evidence, long Arrival)? Describe(int row, int group)
    {
        using EpochGuard guard = Table.Enter();
        ReadOnlySpan<byte> key = Table.Members.KeyOf(guard, row);
        if (key.IsEmpty)
        {
            return null;
        }

        MemberName name = Register.NameOf(System.Text.Encoding.UTF8.GetString(key), group);
        Evidence evidence = EvidenceOf(row, Clock.Read(), out long lastSeen);
        TimeSpan? skew = Table.Members.Columns.Skew(row) is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;
        return (name, evidence with { Service = Register.Find(name), Skew = skew }, lastSeen);
    }

    // Somebody may report by name and by the SHA-1 of it; the newest counts then.
    private IEnumerable<MemberStatus> WithRegistered(int? group)
    {
        string? groupName = group is null ? null : Groups.NameOf(group.Value);
        var members = new Dictionary<MemberName, Evidence>();
        foreach (ServiceRecord service in Register.Services)
        {
            if (groupName is null || service.Topic == groupName)
            {
                members[new MemberName(service.Host, service.Topic)] = new Evidence(null, null, service);
            }
        }

        foreach ((MemberName name, Evidence evidence, _) in Seen(group))
        {
            members[name] = members.TryGetValue(name, out Evidence other) ? Evidence.Newest(evidence, other) : evidence;
        }

        return members.Select(member => member.Value.ToStatus(member.Key, Options.ServiceDownTime));
    }

    // A timer may call again while a call is under way, on another thread; one tick is enough then.
    internal void Tick()
    {
        if (Interlocked.Exchange(ref _ticking, 1) != 0)
        {
            return;
        }

        try
        {
            _metrics.TickIsLate(SinceLastTick - Options.Tick);
            Volatile.Write(ref _lastTickTimestamp, _time.GetTimestamp());
            if (_time == TimeProvider.System)
            {
                Intakes.Tick();
            }

            Moment now = Clock.Tick();
            Table.KeepTime(now);
            Record(now);
            foreach (Action<Moment> action in Volatile.Read(ref _beforeSweep))
            {
                action(now);
            }

            long start = Stopwatch.GetTimestamp();
            Monitor.Sweep(now);
            _metrics.Swept(Stopwatch.GetElapsedTime(start));
            Table.Crawl(PagesPerTick, now);
        }
        finally
        {
            Volatile.Write(ref _ticking, 0);
        }
    }
}
