using LivenessEngine.Memcached.Nova;
using LivenessEngine.Memcached.Protocol.Binary;
using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Memcached.Server.Binary;

/// <summary>Get, GetK, Gat, GatK and Touch, and their quiet forms, which say nothing of what is not there.</summary>
internal sealed class BinaryGetCommands(ServerContext server, Updates updates)
{
    private readonly LivenessTable _table = server.Table;
    private readonly ItemLookup _lookup = new(server);
    private readonly bool _useCas = server.Options.UseCas;
    private readonly HeartbeatReply _heartbeats = new(server);
    private LargeValue _large;

    /// <summary>Get, GetK, and with the exptime in the extras Gat and GatK. The rest of a large value comes by <see cref="FinishValue"/>.</summary>
    public void Get(scoped in BinaryRequest request, ref Turn turn)
    {
        bool touches = request.Command is Opcode.Gat or Opcode.GatK;
        bool tellsKey = request.Command is Opcode.GetK or Opcode.GatK;
        long deadline = touches ? Expiry.ToDeadline(request.Exptime, turn.Now.UnixMilliseconds) : 0;
        using EpochGuard guard = _table.Enter();
        if (!_lookup.TryFind(guard, request.Key, touches, deadline, ref turn, out ItemView item, out FoundKind kind))
        {
            WriteMiss(request, tellsKey, ref turn);
            return;
        }

        switch (kind)
        {
            case FoundKind.Inline:
                ReadOnlySpan<byte> value = item.Value[..item.ValueLength];
                value.CopyTo(Begin(request, item, tellsKey, value.Length, room: value.Length, ref turn));
                turn.Writer.Advance(value.Length);
                break;
            case FoundKind.Chunked:
                Begin(request, item, tellsKey, item.ValueLength, room: 0, ref turn);
                _large = new LargeValue(_table.Hold(item), item.ValueLength);
                break;
            default:
                WriteHeartbeat(request, item, tellsKey, kind == FoundKind.MadeUpHeartbeat, ref turn);
                break;
        }
    }

    /// <summary>Touch: the exptime in the extras. The reply tells the flags, and no value.</summary>
    public void Touch(scoped in BinaryRequest request, ref Turn turn)
    {
        using EpochGuard guard = _table.Enter();
        LookupResult result = updates.Touch(guard, request.Key, request.Exptime, ref turn, out ItemView item);
        if (server.Prefixes.IsCollecting)
        {
            // To memcached it is one of the gets here.
            server.Prefixes.RecordGet(request.Key, result == LookupResult.Found);
        }

        if (result == LookupResult.Found)
        {
            Begin(request, item, tellsKey: false, valueLength: 0, room: 0, ref turn);
        }
        else
        {
            turn.Writer.Fail(request.Sender, result == LookupResult.OutOfMemory ? BinaryStatus.OutOfMemory : BinaryStatus.NotFound);
        }
    }

    /// <summary>Writes more of a large value; true when it is all written, or there is none.</summary>
    public bool FinishValue(ref Turn turn) => _large.Finish(ref turn);

    public void Reset() => _large.Release();

    // Everything before the value; the room for that.
    private Span<byte> Begin(
        scoped in BinaryRequest request, scoped ItemView item, bool tellsKey, int valueLength, int room, ref Turn turn)
    {
        Span<byte> value = turn.Writer.BeginValue(
            request.Sender, item.Flags, tellsKey ? item.Key : default, valueLength, _useCas ? item.Cas : 0, room, out int length);
        turn.Writer.Advance(length);
        return value;
    }

    // A heartbeat that is made up has no version, since there is nothing to change.
    private void WriteHeartbeat(scoped in BinaryRequest request, scoped ItemView item, bool tellsKey, bool madeUp, ref Turn turn)
    {
        Span<byte> scratch = stackalloc byte[HeartbeatReply.ScratchLength];
        ToldValue value = madeUp ? _heartbeats.MakeUp(item, scratch, turn) : _heartbeats.Tell(item, scratch, turn);
        Span<byte> target = turn.Writer.BeginValue(
            request.Sender,
            madeUp ? CachedDateTime.PickledFlag : item.Flags,
            tellsKey ? item.Key : default,
            value.Length,
            madeUp || !_useCas ? 0 : item.Cas,
            room: value.Length + BlockStore.CrLf,
            out int length);

        // CRLF comes along, and does not count.
        value.CopyTo(target);
        turn.Writer.Advance(length + value.Length);
    }

    private static void WriteMiss(scoped in BinaryRequest request, bool tellsKey, ref Turn turn)
    {
        if (request.IsQuiet)
        {
            return;
        }

        if (tellsKey)
        {
            turn.Writer.ReplyWithKey(request.Sender, BinaryStatus.NotFound, request.Key, default);
        }
        else
        {
            turn.Writer.Fail(request.Sender, BinaryStatus.NotFound);
        }
    }
}
