using LivenessEngine.ServiceGroups;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LivenessEngine;

/// <summary>
/// Who is in a group, and who of them is alive: Nova's ServiceGroup. Members join and report, and anyone may ask or
/// watch. Heartbeats are kept inside this process, or where Nova's drivers <c>mc</c> and <c>db</c> keep them.
/// </summary>
/// <remarks>
/// Thread-safe: every method may be called by any thread at any time. Inside the process <see cref="Heartbeat"/> and
/// <see cref="IsUp"/> wait for nobody and allocate nothing. Elsewhere reports go out by themselves, and a question waits
/// for its answer: prefer the methods that end in Async there. Dispose it when nobody uses it any more.
/// </remarks>
public sealed class ServiceGroup : IAsyncDisposable, IDisposable
{
    /// <summary>The name of the meter that the engine's figures are under.</summary>
    public const string MeterName = "LivenessEngine";

    private readonly ServiceGroupOptions _options;
    private readonly IServiceGroupDriver _driver;
    private int _disposed;

    /// <summary>Starts an engine in this process.</summary>
    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="logger">Where warnings go; null for nowhere.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    public ServiceGroup(ServiceGroupOptions? options = null, ILogger<ServiceGroup>? logger = null)
        : this(options, logger, static (options, _) => new InProcessDriver(options))
    {
    }

    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="logger">Where warnings go; null for nowhere.</param>
    /// <param name="connect">Makes what stands behind it, by validated options.</param>
    internal ServiceGroup(ServiceGroupOptions? options, ILogger? logger, Func<ServiceGroupOptions, ILogger, IServiceGroupDriver> connect)
    {
        options ??= new ServiceGroupOptions();
        logger ??= NullLogger.Instance;
        _options = options.Validated();
        if (_options.ServiceDownTime != options.ServiceDownTime)
        {
            ServiceGroupLog.DownTimeTooShort(logger, options.ServiceDownTime, _options.ReportInterval, _options.ServiceDownTime);
        }

        _driver = connect(_options, logger);
    }

    /// <summary>How long a member may be silent and still be up, as it is in force.</summary>
    public TimeSpan ServiceDownTime => _options.ServiceDownTime;

    /// <summary>How often a joined member reports by itself.</summary>
    public TimeSpan ReportInterval => _options.ReportInterval;

    /// <summary>The groups that have or had members, as far as this process knows.</summary>
    public IReadOnlyList<string> Groups => _driver.Groups;

    /// <summary>Whether heartbeats are kept inside this process.</summary>
    internal bool IsInProcess => _driver is InProcessDriver;

    /// <summary>The place outside this process where heartbeats are kept; null if they are kept inside.</summary>
    internal IHeartbeatStore? Store => (_driver as StoreDriver)?.Store;

    /// <summary>The engine in this process.</summary>
    internal Engine Engine => ((InProcessDriver)_driver).Engine;

    internal (TimeSpan SinceLastTick, TimeSpan Tick, bool IsHeard) Timing => _driver.Timing;

    /// <summary>
    /// Makes a member of this process: it reports at once and then every <see cref="ReportInterval"/> by itself, until the
    /// returned membership is disposed. Joining again is allowed and reports again. Where heartbeats are kept elsewhere
    /// it returns before the first has arrived there, and a place that is away is tried until it is back.
    /// </summary>
    /// <param name="member">The member's name: no white space, no control character.</param>
    /// <param name="group">The group's name: in addition, no ':'. Both with a ':' between are 250 bytes of UTF-8 at the most.</param>
    /// <exception cref="ArgumentException">A name is not allowed; the message says why.</exception>
    /// <exception cref="InvalidOperationException">
    /// The memory limit is reached, or there are 4,096 groups already.
    /// </exception>
    public Membership Join(string member, string group)
    {
        ThrowIfDisposed();
        return _driver.Join(new MemberName(member, group));
    }

    /// <summary>
    /// Takes a heartbeat of a member that reports through you; it joins its group with the first one. Where heartbeats are
    /// kept elsewhere it goes there with the next tick.
    /// </summary>
    /// <inheritdoc cref="Join" path="/param"/>
    /// <inheritdoc cref="Join" path="/exception"/>
    public void Heartbeat(string member, string group)
    {
        ThrowIfDisposed();
        _driver.Heartbeat(new MemberName(member, group));
    }

    /// <summary>The same; completes when the heartbeat is counted where it is kept.</summary>
    /// <inheritdoc cref="Join" path="/param"/>
    /// <inheritdoc cref="Join" path="/exception"/>
    /// <param name="cancellationToken">Ends the wait, and not the report.</param>
    /// <exception cref="HeartbeatStoreException">
    /// It could not be counted yet, and is tried again; or the member has been deleted from Nova's <c>services</c> table, and
    /// does not count until it joins.
    /// </exception>
    public ValueTask HeartbeatAsync(string member, string group, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return _driver.HeartbeatAsync(new MemberName(member, group), cancellationToken);
    }

    /// <summary>
    /// Whether a member is up at this moment: <see cref="MemberState.Up"/> or <see cref="MemberState.Suspect"/>. A member that
    /// was never seen is not.
    /// </summary>
    /// <inheritdoc cref="Join" path="/param"/>
    /// <exception cref="ArgumentException">A name is not allowed; the message says why.</exception>
    /// <exception cref="HeartbeatStoreException">The place that was asked gave no answer.</exception>
    public bool IsUp(string member, string group) => CountsAsUp(StateOf(member, group));

    /// <inheritdoc cref="IsUp"/>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<bool> IsUpAsync(string member, string group, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        Evidence evidence = await _driver.ReadAsync(new MemberName(member, group), cancellationToken).ConfigureAwait(false);
        return CountsAsUp(evidence.Verdict(_options.ServiceDownTime));
    }

    /// <summary>The verdict on a member at this moment.</summary>
    /// <inheritdoc cref="IsUp" path="/param"/>
    /// <inheritdoc cref="IsUp" path="/exception"/>
    public MemberState StateOf(string member, string group) => Read(member, group).Verdict(_options.ServiceDownTime);

    /// <summary>When a member was last seen, in Coordinated Universal Time; null if it never was.</summary>
    /// <inheritdoc cref="IsUp" path="/param"/>
    /// <inheritdoc cref="IsUp" path="/exception"/>
    public DateTimeOffset? LastSeen(string member, string group) => Read(member, group).LastSeen;

    /// <summary>Many members at once, in the order of their names: one question where heartbeats are kept elsewhere.</summary>
    /// <param name="names">Whom to ask for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">A name is not allowed; the message says why.</exception>
    /// <exception cref="HeartbeatStoreException">The place that was asked gave no answer.</exception>
    public async ValueTask<IReadOnlyList<MemberStatus>> StatusAsync(
        IReadOnlyList<MemberName> names, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(names);
        IReadOnlyList<Evidence> evidence = await _driver.ReadAsync(names, cancellationToken).ConfigureAwait(false);
        var statuses = new MemberStatus[names.Count];
        for (int i = 0; i < statuses.Length; i++)
        {
            statuses[i] = evidence[i].ToStatus(names[i], _options.ServiceDownTime);
        }

        return statuses;
    }

    /// <summary>Everybody in a group, up or down, in no order; empty for a group that nobody joined.</summary>
    /// <param name="group">The group's name.</param>
    /// <exception cref="ArgumentException">The name is not allowed; the message says why.</exception>
    /// <exception cref="HeartbeatStoreException">The place that was asked gave no answer.</exception>
    public IReadOnlyList<MemberStatus> Members(string group)
    {
        MemberKey.CheckGroup(group);
        return MembersAsync(group).AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Everybody in a group, up or down, in no order; empty for a group that nobody joined.</summary>
    /// <param name="group">The group's name; null for all groups.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <inheritdoc cref="Members" path="/exception"/>
    public ValueTask<IReadOnlyList<MemberStatus>> MembersAsync(string? group = null, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        if (group is not null)
        {
            MemberKey.CheckGroup(group);
        }

        return _driver.MembersAsync(group, cancellationToken);
    }

    /// <summary>
    /// Follows a group: every change of verdict from the call on, each once, in the order found: within one
    /// <see cref="ServiceGroupOptions.Tick"/> after it is due inside this process, within a second elsewhere. A watcher
    /// that reads too slowly loses the oldest and is told how many (<see cref="MemberEvent.Missed"/>); it never holds up
    /// anything else.
    /// </summary>
    /// <param name="group">The group's name; null for all groups.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <returns>The events, until cancellation or until this object is disposed; to be enumerated once.</returns>
    /// <exception cref="ArgumentException">The name is not allowed; the message says why.</exception>
    public IAsyncEnumerable<MemberEvent> Watch(string? group = null, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        if (group is not null)
        {
            MemberKey.CheckGroup(group);
        }

        return _driver.Watch(group, cancellationToken);
    }

    /// <summary>Takes a member out of its group; watchers see it go down. False if it was not in it.</summary>
    /// <inheritdoc cref="IsUp" path="/param"/>
    /// <inheritdoc cref="IsUp" path="/exception"/>
    public bool Leave(string member, string group) => LeaveAsync(member, group).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc cref="Leave"/>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<bool> LeaveAsync(string member, string group, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return _driver.LeaveAsync(new MemberName(member, group), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _driver.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    internal void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);

    private Evidence Read(string member, string group)
    {
        ThrowIfDisposed();
        return _driver.Read(new MemberName(member, group));
    }

    private static bool CountsAsUp(MemberState state) => state is MemberState.Up or MemberState.Suspect;
}
