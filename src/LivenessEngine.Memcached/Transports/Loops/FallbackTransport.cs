using LivenessEngine.Memcached.Server;
using LivenessEngine.Time;
using Microsoft.Extensions.Logging;

namespace LivenessEngine.Memcached.Transports.Loops;

/// <summary>
/// The loops that are wanted, and others where the system refuses one of them: that the first io_uring can be had does not
/// say that there is enough for one more.
/// </summary>
/// <param name="wanted">Makes those that are wanted.</param>
/// <param name="otherwise">Makes the others.</param>
/// <param name="listening">Where it has its listening sockets from.</param>
/// <param name="clock">Stands still while a listener takes no clients.</param>
/// <param name="logger">Where it is told, and where accept errors go.</param>
internal sealed class FallbackTransport(
    Func<LoopSet> wanted, Func<LoopSet> otherwise, ListeningSockets listening, LivenessClock clock, ILogger logger)
    : LoopTransport(() => NewLoops(wanted, otherwise, logger), listening, clock, logger)
{
    private static LoopSet NewLoops(Func<LoopSet> wanted, Func<LoopSet> otherwise, ILogger logger)
    {
        try
        {
            return wanted();
        }
        catch (IOException refused)
        {
            LoopSet loops = otherwise();
            ServerLog.FellBack(logger, loops.Kind, refused.Message);
            return loops;
        }
    }
}
