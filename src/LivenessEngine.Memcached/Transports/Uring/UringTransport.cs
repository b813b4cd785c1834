using LivenessEngine.Memcached.Transports.Loops;
using LivenessEngine.Time;
using Microsoft.Extensions.Logging;

namespace LivenessEngine.Memcached.Transports.Uring;

/// <summary>
/// The transport for Linux 6.1 and later: its loops receive and send by io_uring, a whole turn's replies in the call that
/// waits for the next requests. Containers often forbid it.
/// </summary>
internal sealed class UringTransport(int threads, ListeningSockets listening, LivenessClock clock, ILogger logger)
    : LoopTransport(() => NewLoops(threads), listening, clock, logger)
{
    private static readonly Lazy<string?> _obstacle = new(FindObstacle);

    public static bool IsSupported => Obstacle is null;

    /// <summary>Why it cannot be had here; null where it can.</summary>
    public static string? Obstacle => _obstacle.Value;

    /// <exception cref="IOException">The system refuses.</exception>
    public static LoopSet NewLoops(int threads) => new(MemcachedTransport.IoUring, threads, name => new UringLoop(name, threads > 1));

    private static string? FindObstacle()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "it is for Linux only";
        }

        try
        {
            new Ring(UringLoop.Entries, UringLoop.Completions, UringBuffers.Count).Dispose();
            return null;
        }
        catch (IOException refused)
        {
            return refused.Message;
        }
    }
}
