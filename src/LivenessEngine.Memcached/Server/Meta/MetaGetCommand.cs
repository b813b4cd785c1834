using LivenessEngine.Memcached.Nova;
using LivenessEngine.Memcached.Protocol;
using LivenessEngine.Memcached.Server.Text;
using LivenessEngine.Memcached.Server.Watching;
using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Memcached.Server.Meta;

/// <summary>
/// mg: one item, with as much about it as is asked for. With T it is a gat, also of a member. A heartbeat is told as get tells
/// it; where a member is down nothing is made (N): the verdict is the answer, and a stub would take the heartbeat's place.
/// </summary>
internal sealed class MetaGetCommand(ServerContext server, GetCommand get)
{
    private readonly LivenessTable _table = server.Table;
    private readonly bool _useCas = server.Options.UseCas;
    private readonly HeartbeatReply _heartbeats = new(server);

    // mg <key> <flags>*
    public void Execute(scoped MetaRequest request, ref Turn turn)
    {
        using EpochGuard guard = _table.Enter();
        Moment now = turn.Now;
        Visit visit;
        LookupResult result;
        scoped ItemView item;
        if (turn.Watched != WatchKinds.None)
        {
            server.ItemLog.LookedFor(guard, request.Key, turn);
        }

        while (true)
        {
            visit = VisitOf(request, now);
            result = Look(guard, request.Key, ref visit, now, out item);
            if (!request.Has('N') || item.IsMember || result is not (LookupResult.Missing or LookupResult.Expired or LookupResult.Flushed))
            {
                break;
            }

            StoreResult created = TryCreate(guard, request, now, out ulong version);
            if (created == StoreResult.Stored)
            {
                MarkNew(guard, request, now);
                WriteNew(request, version, ref turn);
                return;
            }

            if (created != StoreResult.NotStored)
            {
                break;
            }
        }

        bool madeUp = result == LookupResult.Missing && item.IsNeverWritten && server.Heartbeats.Answers(request.Key, item.Member, turn.Now);
        if (result == LookupResult.Found || madeUp)
        {
            CountHit(request.Has('T'), item.SizeClass, ref turn);
            Write(request, visit, item, madeUp, ref turn);
        }
        else
        {
            WriteMiss(request, result, ref turn);
        }
    }

    private static Visit VisitOf(scoped MetaRequest request, in Moment now) => new()
    {
        SetsDeadline = request.Has('T'),
        NewDeadline = Expiry.ToDeadline(request.Exptime, now.UnixMilliseconds),
        RenewsBelow = request.Has('R') && request.Recache > 0
            ? Visit.SecondsLeft(Expiry.ToDeadline(request.Recache, now.UnixMilliseconds), now)
            : 0,
        LooksFirst = !request.HasExptimeBefore((byte)'R'),
        MayWin = true,
        LeavesNoTrace = request.Has('u'),
    };

    private LookupResult Look(in EpochGuard guard, ReadOnlySpan<byte> key, scoped ref Visit visit, in Moment now, out ItemView item)
    {
        LookupResult result = _table.TryLook(guard, key, now, out item);
        if (result != LookupResult.Found)
        {
            return result;
        }

        if (visit.Changes(item, now) || visit.SetsDeadline)
        {
            return _table.Editor.TryVisit(guard, key, ref visit, now, out item);
        }

        if (!visit.LeavesNoTrace)
        {
            LivenessTable.MarkUsed(item, now);
        }

        return result;
    }

    // A stub for whoever asked to fill, who is told so; says nothing of a member's life.
    private StoreResult TryCreate(in EpochGuard guard, scoped MetaRequest request, in Moment now, out ulong version)
    {
        version = 0;
        ItemMarks marks = ItemMarks.Won | MetaItem.MarksOf(request, hasOwnVersion: request.Has('E') && _useCas);
        long deadline = MetaItem.VivifyDeadlineOf(request, now);
        StoreResult begun = _table.Writer.TryBegin(
            guard, request.Key, flags: 0, deadline, valueLength: 0, now, out NewItem item, marks, request.Version);
        if (begun != StoreResult.Stored)
        {
            return begun;
        }

        _table.Writer.Append(guard, ref item, "\r\n"u8, now);
        return _table.Writer.Commit(
            guard, ref item, StoreMode.Add, cas: 0, group: -1, now, out version, takesOlder: false, beats: false);
    }

    // Who makes an item has also read it (memcached bumps it as any other, proto_parser.c).
    private void MarkNew(in EpochGuard guard, scoped MetaRequest request, in Moment now)
    {
        if (!request.Has('u') && _table.TryLook(guard, request.Key, now, out ItemView item) == LookupResult.Found)
        {
            LivenessTable.MarkUsed(item, now);
        }
    }

    private void WriteNew(scoped MetaRequest request, ulong version, ref Turn turn)
    {
        CountHit(request.Has('T'), SizeClasses.ClassOf(BlockStore.HeadSize(request.Key.Length, 0, out _)), ref turn);
        var facts = new MetaFacts
        {
            Version = version,
            IsBinaryKey = request.IsBinaryKey,
            FormerDeadline = BlockHeader.Never,
            Won = true,
            IsNew = true,
            TellsValue = TellsValue(request, version),
        };
        WriteLine(request, facts, request.Key, ref turn);
        if (facts.TellsValue)
        {
            turn.Writer.Write("\r\n"u8);
        }
    }

    private void Write(scoped MetaRequest request, in Visit visit, scoped ItemView item, bool madeUp, ref Turn turn)
    {
        uint now = AccessStamp.At(turn.Now.UnixMilliseconds);
        MetaFacts facts = madeUp
            ? new MetaFacts { Flags = CachedDateTime.PickledFlag, FormerDeadline = BlockHeader.Never }
            : new MetaFacts
            {
                ValueLength = item.ValueLength,
                Flags = item.Flags,
                Version = item.Cas,
                IsBinaryKey = (item.Marks & ItemMarks.BinaryKey) != 0,
                WasFetched = visit.WasFetched,
                SecondsUnused = AccessStamp.ToSeconds(AccessStamp.Age(visit.LastAccess, now)),
                FormerDeadline = visit.FormerDeadline,
                FormerMarks = visit.FormerMarks,
                Won = visit.Won,
                TellsValue = TellsValue(request, item.Cas),
            };
        if (madeUp || (item.Heartbeat != 0 && server.Heartbeats.IsAuthoritative))
        {
            WriteHeartbeat(request, facts, item, madeUp, ref turn);
            return;
        }

        WriteLine(request, facts, item.Key, ref turn);
        if (!facts.TellsValue)
        {
            return;
        }

        if (item.IsChunked)
        {
            get.Hold(item);
        }
        else
        {
            turn.Writer.Write(item.Value);
        }
    }

    // What C asked for is not looked at: a heartbeat that is told has another value each time.
    private void WriteHeartbeat(scoped MetaRequest request, MetaFacts facts, scoped ItemView item, bool madeUp, ref Turn turn)
    {
        Span<byte> scratch = stackalloc byte[HeartbeatReply.ScratchLength];
        ToldValue value = madeUp ? _heartbeats.MakeUp(item, scratch, turn) : _heartbeats.Tell(item, scratch, turn);
        facts.ValueLength = value.Length;
        facts.TellsValue = request.Has('v');
        WriteLine(request, facts, item.Key, ref turn);
        if (facts.TellsValue)
        {
            turn.Writer.Advance(value.CopyTo(turn.Writer.Take(value.Length + BlockStore.CrLf)));
        }
    }

    // With C the value is for those who have another version of it.
    private bool TellsValue(scoped MetaRequest request, ulong version)
        => request.Has('v') && !(request.Has('C') && request.Cas == (_useCas ? version : 0));

    // VA <bytes> <flags>*, or HD <flags>* where the value is not told
    private void WriteLine(scoped MetaRequest request, in MetaFacts facts, scoped ReadOnlySpan<byte> key, ref Turn turn)
    {
        turn.Writer.Write(facts.TellsValue ? Replies.MetaValue : Replies.MetaOk);
        if (facts.TellsValue)
        {
            turn.Writer.Write((ulong)facts.ValueLength);
        }

        WriteFlags(request, facts, key, ref turn);
        if ((facts.FormerMarks & ItemMarks.Won) != 0)
        {
            turn.Writer.Flag('Z');
        }

        if ((facts.FormerMarks & ItemMarks.Stale) != 0)
        {
            turn.Writer.Flag('X');
        }

        if (facts.Won)
        {
            turn.Writer.Flag('W');
        }

        turn.Writer.Write("\r\n"u8);
    }

    private void WriteFlags(scoped MetaRequest request, in MetaFacts facts, scoped ReadOnlySpan<byte> key, ref Turn turn)
    {
        // t is told as it is at its place in the line.
        long deadline = facts.FormerDeadline;
        var words = new Tokens(request.Flags);
        for (ReadOnlySpan<byte> word = words.Next(); !word.IsEmpty; word = words.Next())
        {
            switch ((char)word[0])
            {
                case 'T':
                    deadline = Expiry.ToDeadline(request.Exptime, turn.Now.UnixMilliseconds);
                    break;
                case 'N' when facts.IsNew:
                    deadline = Expiry.ToDeadline(request.VivifyExptime, turn.Now.UnixMilliseconds);
                    break;
                case 't':
                    turn.Writer.TimeLeft(Visit.SecondsLeft(deadline, turn.Now));
                    break;
                case 's':
                    turn.Writer.Flag('s', (ulong)facts.ValueLength);
                    break;
                case 'c':
                    turn.Writer.Flag('c', _useCas ? facts.Version : 0);
                    break;
                case 'f':
                    turn.Writer.Flag('f', facts.Flags);
                    break;
                case 'l':
                    turn.Writer.Flag('l', (ulong)facts.SecondsUnused);
                    break;
                case 'h':
                    turn.Writer.Flag('h', facts.WasFetched ? 1ul : 0);
                    break;
                case 'O':
                    turn.Writer.Flag(word);
                    break;
                case 'k':
                    turn.Writer.Key(key, facts.IsBinaryKey);
                    break;
            }
        }
    }

    // As memcached counts: a miss is a get's, with T too, and what is made on a miss is a hit (proto_parser.c).
    private static void WriteMiss(scoped MetaRequest request, LookupResult result, ref Turn turn)
    {
        turn.Counters.Add(WireCounter.GetCommands);
        turn.Counters.Add(WireCounter.GetMisses);
        turn.CountGone(result);
        if (!request.IsQuiet)
        {
            turn.Writer.Write(Replies.MetaMiss);
            MetaTail.Write(request, ref turn.Writer);
        }
    }

    private static void CountHit(bool touches, int sizeClass, ref Turn turn)
    {
        turn.Counters.Add(touches ? WireCounter.TouchCommands : WireCounter.GetCommands);
        turn.Counters.Add(touches ? ClassCounter.TouchHits : ClassCounter.GetHits, sizeClass);
    }
}
