namespace LivenessEngine.ServiceGroups;

/// <summary>A place outside this process that keeps heartbeats: memcached servers, or the services table.</summary>
/// <remarks>
/// Thread-safe. Every call ends in bounded time; a place that cannot be reached, or that answers what is no answer, is a
/// <see cref="HeartbeatStoreException"/> that names it and the cause. A call that failed may have been done in part, and
/// may be made again.
/// </remarks>
internal interface IHeartbeatStore : IAsyncDisposable
{
    /// <summary>What it is and where, for messages: never with a password.</summary>
    string Name { get; }

    /// <summary>Whether it lists everybody there is, and not only those whom this process knows.</summary>
    bool ListsAll => true;

    /// <summary>Makes each a member, if it is none yet, and counts a heartbeat.</summary>
    Task JoinAsync(IReadOnlyList<MemberName> names, CancellationToken cancellationToken);

    /// <summary>Counts a heartbeat of each; those of whom nothing is known join. Returns those that are members no more.</summary>
    Task<IReadOnlyCollection<MemberName>> BeatAsync(IReadOnlyList<MemberName> names, CancellationToken cancellationToken);

    /// <summary>Evidence of each, in the order of the names.</summary>
    Task<IReadOnlyList<Evidence>> ReadAsync(IReadOnlyList<MemberName> names, CancellationToken cancellationToken);

    /// <summary>Everybody in a group, or in all with null, as far as the place can tell.</summary>
    Task<IReadOnlyList<(MemberName Name, Evidence Evidence)>> ListAsync(string? group, CancellationToken cancellationToken);

    /// <summary>Takes a member out. False if it was none.</summary>
    Task<bool> RemoveAsync(MemberName name, CancellationToken cancellationToken);
}
