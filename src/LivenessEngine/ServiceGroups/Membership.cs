namespace LivenessEngine;

/// <summary>
/// A member of this process, as <see cref="ServiceGroup.Join"/> returned it: it reports by itself until disposed.
/// </summary>
/// <remarks>
/// Thread-safe. Disposing it ends the reports and nothing else: like a stopped Nova service, the member stays in its
/// group and is called down when the service down time is over. <see cref="Leave"/> takes it out at once.
/// </remarks>
public sealed class Membership : IDisposable
{
    private readonly ServiceGroup _group;
    private readonly int _row;
    private readonly uint _tenure;
    private volatile bool _disposed;

    internal Membership(ServiceGroup serviceGroup, string member, string group, int row, uint tenure)
    {
        _group = serviceGroup;
        Member = member;
        Group = group;
        _row = row;
        _tenure = tenure;
    }

    /// <summary>The member's name.</summary>
    public string Member { get; }

    /// <summary>The group's name.</summary>
    public string Group { get; }

    internal bool Reports => !_disposed;

    /// <summary>Reports now, in addition. False if the member has left its group.</summary>
    /// <exception cref="ObjectDisposedException">The service group was disposed.</exception>
    public bool Heartbeat()
    {
        _group.ThrowIfDisposed();
        return Touch(_group.Engine.Clock.Read().Liveness);
    }

    /// <summary>Ends the reports and takes the member out of its group; watchers see it go down. False if it had left.</summary>
    /// <exception cref="ObjectDisposedException">The service group was disposed.</exception>
    public bool Leave()
    {
        Dispose();
        return _group.Leave(Member, Group);
    }

    /// <summary>Ends the reports.</summary>
    public void Dispose() => _disposed = true;

    internal bool Touch(long livenessNow) => _group.Engine.Table.Members.TryTouch(_row, _tenure, livenessNow);
}
