using System.Net;
using LivenessEngine.Memcached;

namespace LivenessEngine.Daemon.CommandLine;

/// <summary>Everything the daemon was told, checked once.</summary>
internal sealed record ServeSettings
{
    public required IReadOnlyList<EndPoint> EndPoints { get; init; }

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

    /// <summary>0 to 2.</summary>
    public int Verbosity { get; init; }

    public bool Daemonize { get; init; }

    public string? User { get; init; }

    public string? PidFile { get; init; }

    public bool LockMemory { get; init; }

    /// <summary>Lines to say on stderr at the start.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
