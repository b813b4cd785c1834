using LivenessEngine.Memcached.Nova;
using LivenessEngine.Memcached.Protocol;
using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Memcached.Server.Text;

/// <summary>get, gets, gat and gats: a VALUE for each key that is there.</summary>
internal sealed class GetCommand(ServerContext server)
{
    private readonly LivenessTable _table = server.Table;
    private readonly ItemLookup _lookup = new(server);
    private readonly bool _useCas = server.Options.UseCas;
    private readonly HeartbeatReply _heartbeats = new(server);
    private bool _withCas;
    private bool _touch;
    private long _deadline;
    private LargeValue _large;

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
        if (!_lookup.TryFind(guard, key, _touch, _deadline, ref turn, out ItemView item, out FoundKind kind))
        {
            return true;
        }

        switch (kind)
        {
            case FoundKind.Inline:
                WriteInline(item, ref turn);
                return true;
            case FoundKind.Chunked:
                BeginChunked(item, ref turn);
                return false;
            default:
                WriteHeartbeat(item, kind == FoundKind.MadeUpHeartbeat, ref turn);
                return true;
        }
    }

    /// <summary>Writes more of a large value; true when it is all written, or there is none.</summary>
    public bool FinishValue(ref Turn turn) => _large.Finish(ref turn);

    public void Reset() => _large.Release();

    /// <summary>Begins with a large value; its reply's line is written.</summary>
    public void Hold(in ItemView item) => _large = new LargeValue(_table.Hold(item), item.ValueLength + BlockStore.CrLf);

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
