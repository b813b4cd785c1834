using LivenessEngine.Evaluation;
using LivenessEngine.ServiceGroups;
using LivenessEngine.Table;
using LivenessEngine.Time;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LivenessEngine;

/// <summary>
/// Who is in a group, and who of them is alive: Nova's ServiceGroup, inside this process. Members join and report, and
/// anyone may ask or watch.
/// </summary>
/// <remarks>
/// Thread-safe: every method may be called by any thread at any time. <see cref="Heartbeat"/> and <see cref="IsUp"/>
/// wait for nobody and allocate nothing. Dispose it when nobody uses it any more.
/// </remarks>
public sealed class ServiceGroup : IAsyncDisposable, IDisposable
{
    /// <summary>The name of the meter that the engine's figures are under.</summary>
    public const string MeterName = "LivenessEngine";

    private readonly ServiceGroupOptions _options;
    private readonly ReportSchedule _reports;
    private int _disposed;

    /// <summary>Starts an engine in this process.</summary>
    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="logger">Where warnings go; null for nowhere.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    public ServiceGroup(ServiceGroupOptions? options = null, ILogger<ServiceGroup>? logger = null)
    {
        options ??= new ServiceGroupOptions();
        _options = options.Validated();
        if (_options.ServiceDownTime != options.ServiceDownTime)
        {
            ServiceGroupLog.DownTimeTooShort(
                logger ?? NullLogger<ServiceGroup>.Instance, options.ServiceDownTime, _options.ReportInterval, _options.ServiceDownTime);
        }

        Engine = new Engine(
            new EngineOptions
            {
                ServiceDownTime = _options.ServiceDownTime,
                Tick = _options.Tick,
                TimeProvider = _options.TimeProvider,
                MeterFactory = _options.MeterFactory,
            },
            new TableOptions { MemoryLimit = _options.MemoryLimit, Evict = false });
        _reports = new ReportSchedule(_options.ReportInterval, _options.Tick, Engine.Clock.Read().UnixMilliseconds);
        Engine.BeforeSweep(_reports.Tick);
    }

    /// <summary>How long a member may be silent and still be up, as it is in force.</summary>
    public TimeSpan ServiceDownTime => _options.ServiceDownTime;

    /// <summary>How often a joined member reports by itself.</summary>
    public TimeSpan ReportInterval => _options.ReportInterval;

    /// <summary>The groups that have or had members.</summary>
    public IReadOnlyList<string> Groups => Engine.Groups.Names;

    internal Engine Engine { get; }

    /// <summary>
    /// Makes a member of this process: it reports at once and then every <see cref="ReportInterval"/> by itself, until the
    /// returned membership is disposed. Joining again is allowed and reports again.
    /// </summary>
    /// <param name="member">The member's name: no white space, no control character.</param>
    /// <param name="group">The group's name: in addition, no ':'. Both with a ':' between are 250 bytes of UTF-8 at the most.</param>
    /// <exception cref="ArgumentException">A name is not allowed; the message says why.</exception>
    /// <exception cref="InvalidOperationException">
    /// The memory limit is reached, or there are 4,096 groups already.
    /// </exception>
    public Membership Join(string member, string group)
    {
        (int row, uint tenure) = Register(member, group);
        var membership = new Membership(this, member, group, row, tenure);
        _reports.Add(membership);
        return membership;
    }

    /// <summary>Counts a heartbeat of a member that reports through you; it joins its group with the first one.</summary>
    /// <inheritdoc cref="Join" path="/param"/>
    /// <inheritdoc cref="Join" path="/exception"/>
    public void Heartbeat(string member, string group)
    {
        ThrowIfDisposed();
        Span<byte> key = stackalloc byte[LivenessTable.MaxKeyLength];
        key = key[..MemberKey.Write(member, group, key)];
        long now = Engine.Clock.Read().Liveness;
        bool known;
        using (EpochGuard guard = Engine.Table.Enter())
        {
            known = Engine.Table.Members.TryTouch(guard, key, now);
        }

        if (!known)
        {
            Register(member, group);
        }
    }

    /// <summary>Whether a member is up at this moment. A member that was never seen is not.</summary>
    /// <inheritdoc cref="Join" path="/param"/>
    /// <exception cref="ArgumentException">A name is not allowed; the message says why.</exception>
    public bool IsUp(string member, string group) => StateOf(member, group) == MemberState.Up;

    /// <summary>The verdict on a member at this moment.</summary>
    /// <inheritdoc cref="Join" path="/param"/>
    /// <exception cref="ArgumentException">A name is not allowed; the message says why.</exception>
    public MemberState StateOf(string member, string group)
    {
        Moment now = Engine.Clock.Read();
        return LivenessEvaluator.Evaluate(LastSeenTicks(member, group), now.Liveness, _options.ServiceDownTime.Ticks);
    }

    /// <summary>When a member was last seen, in Coordinated Universal Time; null if it never was.</summary>
    /// <inheritdoc cref="Join" path="/param"/>
    /// <exception cref="ArgumentException">A name is not allowed; the message says why.</exception>
    public DateTimeOffset? LastSeen(string member, string group)
    {
        long lastSeen = LastSeenTicks(member, group);
        return lastSeen == 0 ? null : Engine.Clock.ToUtc(lastSeen);
    }

    /// <summary>Everybody in a group, up or down, in no order; empty for a group that nobody joined.</summary>
    /// <param name="group">The group's name.</param>
    /// <exception cref="ArgumentException">The name is not allowed; the message says why.</exception>
    public IReadOnlyList<MemberStatus> Members(string group)
    {
        ThrowIfDisposed();
        MemberKey.CheckGroup(group);
        int number = Engine.Groups.Find(group);
        return number < 0 ? [] : [.. Engine.Members(number)];
    }

    /// <summary>
    /// Follows a group: every change of verdict from the call on, each once, in the order found, within one
    /// <see cref="ServiceGroupOptions.Tick"/> after it is due. A watcher that reads too slowly loses the oldest and is
    /// told how many (<see cref="MemberEvent.Missed"/>); it never holds up anything else.
    /// </summary>
    /// <param name="group">The group's name; null for all groups.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <returns>The events, until cancellation or until this object is disposed; to be enumerated once.</returns>
    /// <exception cref="ArgumentException">The name is not allowed; the message says why.</exception>
    public IAsyncEnumerable<MemberEvent> Watch(string? group = null, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        int? number = null;
        if (group is not null)
        {
            MemberKey.CheckGroup(group);
            number = Engine.Groups.GetOrAdd(group);
        }

        // Subscribed here and not when the enumeration starts: nothing that happens in between is lost.
        EventStream stream = Engine.Monitor.Subscribe(number, _options.EventBuffer);
        if (Volatile.Read(ref _disposed) != 0)
        {
            // Too late for the end of all streams.
            Engine.Monitor.Unsubscribe(stream);
        }

        // Also if nobody ever enumerates it.
        CancellationTokenRegistration ending = cancellationToken.Register(() => Engine.Monitor.Unsubscribe(stream));
        return Follow(stream, ending, cancellationToken);
    }

    /// <summary>Takes a member out of its group; watchers see it go down. False if it was not in it.</summary>
    /// <inheritdoc cref="Join" path="/param"/>
    /// <exception cref="ArgumentException">A name is not allowed; the message says why.</exception>
    public bool Leave(string member, string group)
    {
        ThrowIfDisposed();
        Span<byte> key = stackalloc byte[LivenessTable.MaxKeyLength];
        key = key[..MemberKey.Write(member, group, key)];
        using EpochGuard guard = Engine.Table.Enter();
        return Engine.Table.Members.TryRemove(guard, key);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await Engine.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    internal void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);

    private (int Row, uint Tenure) Register(string member, string group)
    {
        ThrowIfDisposed();
        Span<byte> key = stackalloc byte[LivenessTable.MaxKeyLength];
        key = key[..MemberKey.Write(member, group, key)];
        int number = Engine.Groups.GetOrAdd(group);
        using EpochGuard guard = Engine.Table.Enter();
        int row = Engine.Table.Members.Join(guard, key, number, Engine.Clock.Read(), out uint tenure);
        return row != 0
            ? (row, tenure)
            : throw new InvalidOperationException(
                $"'{member}' cannot join '{group}': {nameof(ServiceGroupOptions.MemoryLimit)} ({_options.MemoryLimit} bytes) is used up.");
    }

    private long LastSeenTicks(string member, string group)
    {
        ThrowIfDisposed();
        Span<byte> key = stackalloc byte[LivenessTable.MaxKeyLength];
        key = key[..MemberKey.Write(member, group, key)];
        using EpochGuard guard = Engine.Table.Enter();
        int row = Engine.Table.Members.Find(guard, key);
        return row == 0 ? 0 : Engine.Table.Members.Columns.LastSeen(row);
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
