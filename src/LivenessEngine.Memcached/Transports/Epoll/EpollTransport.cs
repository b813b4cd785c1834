using System.Runtime.Versioning;
using LivenessEngine.Memcached.Transports.Loops;
using LivenessEngine.Time;
using Microsoft.Extensions.Logging;

namespace LivenessEngine.Memcached.Transports.Epoll;

/// <summary>The transport for every Linux: its loops wait by epoll.</summary>
internal sealed class EpollTransport(int threads, ListeningSockets listening, LivenessClock clock, ILogger logger)
    : LoopTransport(() => NewLoops(threads), listening, clock, logger)
{
    [SupportedOSPlatformGuard("linux")]
    public static bool IsSupported => OperatingSystem.IsLinux();

    /// <exception cref="IOException">The system refuses.</exception>
    public static LoopSet NewLoops(int threads) => new(MemcachedTransport.Epoll, threads, name => new EpollLoop(name, threads > 1));
}
