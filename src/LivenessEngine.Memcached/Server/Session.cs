using LivenessEngine.Memcached.Server.Watching;

namespace LivenessEngine.Memcached.Server;

/// <summary>
/// One protocol, as one connection speaks it: takes bytes as they come, in pieces of any size, executes every complete
/// request and writes its reply. Does no I/O and waits for nothing.
/// </summary>
/// <remarks>
/// Used by one thread at a time. Between two requests it is lent to nobody (<see cref="SpareSessions"/>): what a client is
/// beyond one request is known to its <see cref="Connection"/>.
/// </remarks>
internal abstract class Session
{
    /// <summary>Replies beyond this are sent before the next request is looked at.</summary>
    public const int FlushThreshold = 64 << 10;

    /// <summary>What the client asked to follow, after <see cref="SessionSignal.Watch"/>.</summary>
    public WatchRequest? Watch { get; protected set; }

    /// <summary>Whether the next byte begins a request: nothing is known here that another process would not know.</summary>
    public abstract bool IsBetweenRequests { get; }

    /// <summary>Takes input; returns how many bytes of it are done with.</summary>
    public abstract int Process(ReadOnlySpan<byte> input, ref Turn turn, out SessionSignal signal);

    /// <summary>
    /// Goes on with a reply that is made piece by piece, as far as may be now; null when it is whole. A piece that found
    /// nothing to write has cost time all the same: then it is the others' turn.
    /// </summary>
    protected static SessionSignal? GoOn(ref IReplySource? source, ref Turn turn)
    {
        while (source is not null)
        {
            long before = turn.Writer.Total;
            if (!source.TryWrite(ref turn))
            {
                source = null;
            }
            else if (turn.Writer.Total >= FlushThreshold)
            {
                return SessionSignal.Flush;
            }
            else if (turn.Writer.Total == before)
            {
                return SessionSignal.Pause;
            }
        }

        return null;
    }

    /// <summary>Passes over bytes that nobody wants; whether there are none left of them.</summary>
    protected static bool TrySwallow(ref long left, ReadOnlySpan<byte> input, ref int at)
    {
        int passed = (int)Math.Min(left, input.Length - at);
        at += passed;
        left -= passed;
        return left == 0;
    }

    /// <summary>Gives up what is half done, for a connection that has ended, and makes the session fit for another.</summary>
    public abstract void Reset();
}
