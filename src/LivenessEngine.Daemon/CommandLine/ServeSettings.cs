using System.Net;
using LivenessEngine.Memcached;

namespace LivenessEngine.Daemon.CommandLine;

/// <summary>Everything the daemon was told, checked once.</summary>
internal sealed record ServeSettings
{
    public required IReadOnlyList<MemcachedListener> Listeners { get; init; }

    /// <summary>The address that it is known by: the first.</summary>
    public EndPoint Address => Listeners.Count > 0 ? Listeners[0].EndPoint : Server.UdpEndPoints[0];

    public required MemcachedServerOptions Server { get; init; }

    /// <summary>In bytes.</summary>
    public long MemoryLimit { get; init; }

    public bool Evict { get; init; }

    /// <summary>In bytes.</summary>
    public int MaxItemSize { get; init; }

    public TimeSpan ServiceDownTime { get; init; }

    public TimeSpan ReportInterval { get; init; }

    /// <summary>Where Nova's services table is; null for nowhere.</summary>
    public string? DatabaseUrl { get; init; }

    /// <summary>Where that was said, for messages.</summary>
    public string DatabasePlace { get; init; } = "";

    public TimeSpan BridgeInterval { get; init; }

    /// <summary>Where the state is kept; null for nowhere, and empty for the usual place.</summary>
    public string? StateFile { get; init; }

    public double BrakeShare { get; init; }

    public int BrakeSize { get; init; }

    /// <summary>Whether to take over from the daemon that listens there now.</summary>
    public bool TakeOver { get; init; }

    /// <summary>0 to 2.</summary>
    public int Verbosity { get; init; }

    public bool Daemonize { get; init; }

    public string? User { get; init; }

    public string? PidFile { get; init; }

    public bool LockMemory { get; init; }

    /// <summary>Whether sizes of items are counted from the beginning (-o track_sizes).</summary>
    public bool TracksSizes { get; init; }

    /// <summary>Whether expired items are looked for before their memory is wanted (not so by -o no_lru_crawler).</summary>
    public bool CrawlsForExpired { get; init; } = true;

    /// <summary>Whether the system may write core files of any size.</summary>
    public bool CoreFiles { get; init; }

    /// <summary>Lines to say on stderr at the start.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
