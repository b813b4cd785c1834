using System.Runtime.CompilerServices;
using LivenessEngine.Memcached.Server.Watching;
using LivenessEngine.Table;

namespace LivenessEngine.Memcached.Server;

/// <summary>
/// What every get of one key does, whatever protocol it comes by: the lookup, and on the way another deadline (gat), the
/// verdict on heartbeats, and the counters. A recognised heartbeat is answered by its member's verdict
/// (<see cref="HeartbeatVerdict.Authoritative"/>).
/// </summary>
internal sealed class ItemLookup(ServerContext server)
{
    private readonly LivenessTable _table = server.Table;

    /// <summary>Looks for an item.</summary>
    /// <param name="guard">The epoch.</param>
    /// <param name="key">Its key.</param>
    /// <param name="touch">Whether it gets another deadline. On a member that is a heartbeat.</param>
    /// <param name="deadline">The deadline.</param>
    /// <param name="turn">The turn.</param>
    /// <param name="item">The item, or in its place a member that never stored one.</param>
    /// <param name="kind">What is to be told of it.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFind(
        in EpochGuard guard, ReadOnlySpan<byte> key, bool touch, long deadline, ref Turn turn, out ItemView item, out FoundKind kind)
    {
        LookupResult result = touch
            ? _table.Editor.TryTouch(guard, key, deadline, revives: false, turn.Now, out item)
            : _table.TryGet(guard, key, turn.Now, out item);
        bool madeUp = result == LookupResult.Missing && item.IsNeverWritten && server.Heartbeats.Answers(key, item.Member, turn.Now);
        bool found = result == LookupResult.Found || madeUp;

        if (turn.Watched != WatchKinds.None)
        {
            server.ItemLog.Fetched(key, found ? LookupResult.Found : result, item, turn);
        }

        // A get that touches counts as a touch and not as a get (memcached, proto_parser.c).
        turn.Counters.Add(touch ? WireCounter.TouchCommands : WireCounter.GetCommands);
        if (server.Prefixes.IsCollecting)
        {
            server.Prefixes.RecordGet(key, found);
        }

        if (!found)
        {
            turn.Counters.Add(touch ? WireCounter.TouchMisses : WireCounter.GetMisses);
            turn.CountGone(result);
            kind = default;
            return false;
        }

        turn.Counters.Add(touch ? ClassCounter.TouchHits : ClassCounter.GetHits, item.SizeClass);
        kind = madeUp ? FoundKind.MadeUpHeartbeat
            : item.Heartbeat != 0 && server.Heartbeats.IsAuthoritative ? FoundKind.Heartbeat
            : item.IsChunked ? FoundKind.Chunked
            : FoundKind.Inline;
        return true;
    }
}
