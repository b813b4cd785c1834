using LivenessEngine.Evaluation;
using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.ServiceGroups;

/// <summary>Heartbeats in the table of this process: <c>memcached_servers = &lt;None&gt;</c>. Nothing here waits.</summary>
internal sealed class InProcessDriver : IServiceGroupDriver
{
    private readonly ServiceGroupOptions _options;
    private readonly ReportSchedule _reports;
    private volatile bool _disposed;

    /// <param name="options">Options that have been validated.</param>
    public InProcessDriver(ServiceGroupOptions options)
    {
        _options = options;
        Engine = new Engine(
            new EngineOptions
            {
                ServiceDownTime = options.ServiceDownTime,
                ReportInterval = options.ReportInterval,
                Tick = options.Tick,
                TimeProvider = options.TimeProvider,
                MeterFactory = options.MeterFactory,
                MaxCredit = options.MaxCredit,
                BrakeShare = options.BrakeShare,
                BrakeSize = options.BrakeSize,
            },
            new TableOptions { MemoryLimit = options.MemoryLimit, Evict = false });
        _reports = new ReportSchedule(options.ReportInterval, options.Tick, Engine.Clock.Read().UnixMilliseconds);

        // Before the verdicts are made: a member of this process is never called down because the process itself was late.
        Engine.BeforeSweep(now => _reports.Tick(now.UnixMilliseconds, membership => Touch(membership, now.Liveness)));
    }

    public Engine Engine { get; }

    public IReadOnlyList<string> Groups => Engine.Groups.Names;

    public (TimeSpan SinceLastTick, TimeSpan Tick, bool IsHeard) Timing => (Engine.SinceLastTick, Engine.Options.Tick, !Engine.Clock.IsSuspended);

    public Membership Join(MemberName name)
    {
        (int row, uint tenure) = Register(name);
        var membership = new Membership(this, name, row, tenure);
        _reports.Add(membership);
        return membership;
    }

    public bool Touch(Membership membership)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(ServiceGroup));
        return Touch(membership, Engine.Clock.Read().Liveness);
    }

    public void Heartbeat(MemberName name)
    {
        Span<byte> key = stackalloc byte[LivenessTable.MaxKeyLength];
        key = key[..MemberKey.Write(name.Member, name.Group, key)];
        long now = Engine.Clock.Read().Liveness;
        bool known;
        using (EpochGuard guard = Engine.Table.Enter())
        {
            known = Engine.Table.Members.TryTouch(guard, key, now);
        }

        if (!known)
        {
            Register(name);
        }
    }

    public ValueTask HeartbeatAsync(MemberName name, CancellationToken cancellationToken)
    {
        Heartbeat(name);
        return ValueTask.CompletedTask;
    }

    public Evidence Read(MemberName name)
    {
        Moment now = Engine.Clock.Read();
        Span<byte> key = stackalloc byte[LivenessTable.MaxKeyLength];
        key = key[..MemberKey.Write(name.Member, name.Group, key)];
        using EpochGuard guard = Engine.Table.Enter();
        return Engine.EvidenceOf(Engine.Table.Members.Find(guard, key), now, out _);
    }

    public ValueTask<Evidence> ReadAsync(MemberName name, CancellationToken cancellationToken) => new(Read(name));

    public ValueTask<IReadOnlyList<Evidence>> ReadAsync(IReadOnlyList<MemberName> names, CancellationToken cancellationToken)
        => new([.. names.Select(Read)]);

    public ValueTask<IReadOnlyList<MemberStatus>> MembersAsync(string? group, CancellationToken cancellationToken)
    {
        int? number = group is null ? null : Engine.Groups.Find(group);
        return new(number < 0 ? [] : [.. Engine.Members(number)]);
    }

    public IAsyncEnumerable<MemberEvent> Watch(string? group, CancellationToken cancellationToken)
    {
        // Subscribed here and not when the enumeration starts: nothing that happens in between is lost.
        int? number = group is null ? null : Engine.Groups.GetOrAdd(group);
        EventStream stream = Engine.Monitor.Subscribe(number, _options.EventBuffer);
        if (_disposed)
        {
            // Too late for the end of all streams.
            Engine.Monitor.Unsubscribe(stream);
        }

        // Also if nobody ever enumerates it.
        CancellationTokenRegistration ending = cancellationToken.Register(() => Engine.Monitor.Unsubscribe(stream));
        return Follow(stream, ending, cancellationToken);
    }

    public ValueTask<bool> LeaveAsync(MemberName name, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(ServiceGroup));
        Span<byte> key = stackalloc byte[LivenessTable.MaxKeyLength];
        key = key[..MemberKey.Write(name.Member, name.Group, key)];
        using EpochGuard guard = Engine.Table.Enter();
        return new(Engine.Table.Members.TryRemove(guard, key));
    }

    public ValueTask DisposeAsync()
    {
        _disposed = true;
        return Engine.DisposeAsync();
    }

    private bool Touch(Membership membership, long now) => Engine.Table.Members.TryTouch(membership.Row, membership.Tenure, now);

    private (int Row, uint Tenure) Register(MemberName name)
    {
        Span<byte> key = stackalloc byte[LivenessTable.MaxKeyLength];
        key = key[..MemberKey.Write(name.Member, name.Group, key)];
        int number = Engine.Groups.GetOrAdd(name.Group);
        using EpochGuard guard = Engine.Table.Enter();
        int row = Engine.Table.Members.Join(guard, key, number, Engine.Clock.Read(), out uint tenure);
        return row != 0
            ? (row, tenure)
            : throw new InvalidOperationException(
                $"'{name.Member}' cannot join '{name.Group}': {nameof(ServiceGroupOptions.MemoryLimit)} ({_options.MemoryLimit} bytes) is used up.");
    }

    private async IAsyncEnumerable<MemberEvent> Follow(
        EventStream stream,
        CancellationTokenRegistration ending,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (MemberEvent memberEvent in stream.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return memberEvent;
            }
        }
        finally
        {
            Engine.Monitor.Unsubscribe(stream);
            await ending.DisposeAsync().ConfigureAwait(false);
        }
    }
}
