using LivenessEngine.ServiceGroups;

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
    private readonly IServiceGroupDriver _driver;
    private volatile bool _disposed;

    internal Membership(IServiceGroupDriver driver, MemberName name, int row = 0, uint tenure = 0)
    {
        _driver = driver;
        Name = name;
        Row = row;
        Tenure = tenure;
    }

    /// <summary>The member's name.</summary>
    public string Member => Name.Member;

    /// <summary>The group's name.</summary>
    public string Group => Name.Group;

    internal MemberName Name { get; }

    /// <summary>Where the member stands in the table of this process, if it stands there.</summary>
    internal int Row { get; }

    internal uint Tenure { get; }

    internal bool Reports => !_disposed;

    /// <summary>Reports now, in addition. False if the member has left its group.</summary>
    /// <exception cref="ObjectDisposedException">The service group was disposed.</exception>
    public bool Heartbeat() => _driver.Touch(this);

    /// <summary>Ends the reports and takes the member out of its group; watchers see it go down. False if it had left.</summary>
    /// <exception cref="ObjectDisposedException">The service group was disposed.</exception>
    public bool Leave()
    {
        Dispose();
        return _driver.LeaveAsync(Name, CancellationToken.None).AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Ends the reports.</summary>
    public void Dispose() => _disposed = true;
}
