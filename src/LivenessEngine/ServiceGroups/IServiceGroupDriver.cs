namespace LivenessEngine.ServiceGroups;

/// <summary>
/// What stands behind a <see cref="ServiceGroup"/>: who reports, and where heartbeats are kept and asked for. It knows
/// times and no verdicts; those are the evaluator's.
/// </summary>
/// <remarks>Thread-safe. Names are checked here; one that is not allowed is an <see cref="ArgumentException"/>.</remarks>
internal interface IServiceGroupDriver : IAsyncDisposable
{
    /// <summary>The groups that have or had members, as far as is known here.</summary>
    IReadOnlyList<string> Groups { get; }

    /// <summary>For how long the driver's own tick has not come, and at what interval it is meant to; whether its clients can be heard.</summary>
    (TimeSpan SinceLastTick, TimeSpan Tick, bool IsHeard) Timing { get; }

    /// <summary>Makes a member that reports by itself, at once and then every report interval.</summary>
    Membership Join(MemberName name);

    /// <summary>Counts a heartbeat of a member that <see cref="Join"/> made. False if it is a member no more.</summary>
    bool Touch(Membership membership);

    /// <summary>Takes a heartbeat, and sees to it that it is counted.</summary>
    void Heartbeat(MemberName name);

    /// <summary>Takes a heartbeat; completes when it is counted.</summary>
    ValueTask HeartbeatAsync(MemberName name, CancellationToken cancellationToken);

    Evidence Read(MemberName name);

    ValueTask<Evidence> ReadAsync(MemberName name, CancellationToken cancellationToken);

    /// <summary>Evidence of each, in the order of the names.</summary>
    ValueTask<IReadOnlyList<Evidence>> ReadAsync(IReadOnlyList<MemberName> names, CancellationToken cancellationToken);

    /// <summary>Everybody in a group; of all groups with null.</summary>
    ValueTask<IReadOnlyList<MemberStatus>> MembersAsync(string? group, CancellationToken cancellationToken);

    /// <summary>Changes of verdict from the call on, in a group or in all with null.</summary>
    IAsyncEnumerable<MemberEvent> Watch(string? group, CancellationToken cancellationToken);

    /// <summary>Takes a member out of its group. False if it was not in it.</summary>
    ValueTask<bool> LeaveAsync(MemberName name, CancellationToken cancellationToken);
}
