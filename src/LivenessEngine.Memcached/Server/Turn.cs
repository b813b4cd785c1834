using System.Buffers;
using LivenessEngine.Memcached.Protocol;
using LivenessEngine.Memcached.Server.Watching;
using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Memcached.Server;

/// <summary>
/// What the requests of one received batch have in common: the clock, read once, the thread's counters, and the writer
/// of their replies. Lives on the stack, between two awaits.
/// </summary>
internal ref struct Turn
{
    public ReplyWriter Writer;

    /// <summary>How many requests may be begun yet; those that are under way are finished. Who begins one counts it.</summary>
    public int RequestsLeft;

    public Turn(ServerContext server, IBufferWriter<byte> output, int requests = int.MaxValue)
    {
        RequestsLeft = requests;
        Writer = new ReplyWriter(output);
        Counters = server.Counters.ForThisThread;
        Now = server.Engine.Read();
        Watched = server.Events.Wanted;
    }

    /// <summary>Whose turn it is: the connection's number.</summary>
    public long Client { get; init; }

    /// <summary>Whether the requests came as a datagram: then nothing can follow their replies.</summary>
    public bool IsDatagram { get; init; }

    /// <summary>What somebody watches: asked for by all who log, so that nobody who does not watch costs more than this.</summary>
    public WatchKinds Watched { get; }

    public readonly bool Watches(WatchKinds kind) => (Watched & kind) != 0;

    public ServerCounters.Row Counters { get; }

    public Moment Now { get; }

    /// <summary>Counts what was asked for in vain because its time was over, or because it was flushed.</summary>
    public readonly void CountGone(LookupResult result)
    {
        if (result == LookupResult.Expired)
        {
            Counters.Add(WireCounter.GetExpired);
        }
        else if (result == LookupResult.Flushed)
        {
            Counters.Add(WireCounter.GetFlushed);
        }
    }

    /// <summary>Writes a reply, unless the client wants none.</summary>
    public void Reply(bool noReply, scoped ReadOnlySpan<byte> reply)
    {
        if (!noReply)
        {
            Writer.Write(reply);
        }
    }
}
