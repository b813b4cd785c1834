using LivenessEngine.Memcached.Nova;
using LivenessEngine.Memcached.Protocol;
using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Memcached.Server;

/// <summary>get, gets, gat and gats: a VALUE for each key that is there.</summary>
/// <remarks>
/// A recognised heartbeat is answered by its member's verdict (<see cref="HeartbeatVerdict.Authoritative"/>).
/// A value larger than a block is held and written piece by piece between flushes: a client that reads slowly goes on
/// reading what it began to read, and its connection holds a bounded buffer.
/// </remarks>
internal sealed class GetCommand(ServerContext server)
{
    private readonly LivenessTable _table = server.Table;
    private readonly bool _useCas = server.Options.UseCas;
    private readonly HeartbeatReply _heartbeats = new(server);
    private bool _withCas;
    private bool _touch;
    private long _deadline;
    private HeldValue _held;

    /// <summary>Sets the manner of the gets to come.</summary>
    public void Begin(scoped in Request request, in Moment now)
    {
        _withCas = request.Command is Command.Gets or Command.Gats;
        _touch = request.Command is Command.Gat or Command.Gats;
        _deadline = _touch ? Expiry.ToDeadline(request.Exptime, now.UnixMilliseconds) : 0;
    }

    public void Begin(bool withCas)
    {
        _withCas = withCas;
        _touch = false;
    }

    /// <summary>Answers for one key. False: its value is large, and the rest of it comes by <see cref="FinishValue"/>.</summary>
    public bool Write(ReadOnlySpan<byte> key, ref Turn turn)
    {
        using EpochGuard guard = _table.Enter();
        LookupResult result = _touch
            ? _table.Editor.TryTouch(guard, key, _deadline, revives: false, turn.Now, out ItemView item)
            : _table.TryGet(guard, key, turn.Now, out item);
        bool madeUp = result == LookupResult.Missing && item.IsNeverWritten && server.Heartbeats.Answers(key, item.Member, turn.Now);
        bool found = result == LookupResult.Found || madeUp;

        // A get that touches counts as a touch and not as a get (memcached, proto_parser.c).
        turn.Counters.Add(_touch ? WireCounter.TouchCommands : WireCounter.GetCommands);
        if (server.Prefixes.IsCollecting)
        {
            server.Prefixes.RecordGet(key, found);
        }

        if (!found)
        {
            turn.Counters.Add(_touch ? WireCounter.TouchMisses : WireCounter.GetMisses);
            turn.CountGone(result);
            return true;
        }

        turn.Counters.Add(_touch ? ClassCounter.TouchHits : ClassCounter.GetHits, item.SizeClass);
        if (madeUp || (item.Heartbeat != 0 && server.Heartbeats.IsAuthoritative))
        {
            WriteHeartbeat(item, madeUp, ref turn);
        }
        else if (item.IsChunked)
        {
            BeginChunked(item, ref turn);
            return false;
        }
        else
        {
            WriteInline(item, ref turn);
        }

        return true;
    }

    /// <summary>Writes more of a large value; true when it is all written, or there is none.</summary>
    public bool FinishValue(ref Turn turn)
    {
        if (!_held.IsHeld)
        {
            return true;
        }

        while (turn.Writer.Total < Session.FlushThreshold)
        {
            if (!_held.TryNext(out ReadOnlySpan<byte> part))
            {
                _held.Release();
                return true;
            }

            turn.Writer.Write(part);
        }

        return false;
    }

    public void Reset() => _held.Release();

    /// <summary>Begins with a large value; its reply's line is written.</summary>
    public void Hold(in ItemView item) => _held = _table.Hold(item);

    // A heartbeat that is made up has no version, since there is nothing to change.
    private void WriteHeartbeat(scoped ItemView item, bool madeUp, ref Turn turn)
    {
        Span<byte> scratch = stackalloc byte[HeartbeatReply.ScratchLength];
        ToldValue value = madeUp ? _heartbeats.MakeUp(item, scratch, turn) : _heartbeats.Tell(item, scratch, turn);
        ValueHeader header = madeUp
            ? new ValueHeader(CachedDateTime.PickledFlag, value.Length, _withCas, Cas: 0)
            : HeaderOf(item) with { Length = value.Length };
        Span<byte> target = turn.Writer.Take(ValueHeader.LongestLength + value.Length + BlockStore.CrLf);
        int length = header.Write(item.Key, target);
        turn.Writer.Advance(length + value.CopyTo(target[length..]));
    }

    private void BeginChunked(scoped ItemView item, ref Turn turn)
    {
        Span<byte> header = turn.Writer.Take(ValueHeader.LongestLength);
        turn.Writer.Advance(HeaderOf(item).Write(item.Key, header));
        Hold(item);
    }

    private void WriteInline(scoped ItemView item, ref Turn turn)
    {
        ReadOnlySpan<byte> value = item.Value;
        Span<byte> target = turn.Writer.Take(ValueHeader.LongestLength + value.Length);
        int length = HeaderOf(item).Write(item.Key, target);
        value.CopyTo(target[length..]);
        turn.Writer.Advance(length + value.Length);
    }

    private ValueHeader HeaderOf(scoped ItemView item) => new(item.Flags, item.ValueLength, _withCas, _withCas && _useCas ? item.Cas : 0);
}
