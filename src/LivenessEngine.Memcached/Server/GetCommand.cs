using System.Buffers.Text;
using LivenessEngine.Memcached.Protocol;
using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Memcached.Server;

/// <summary>get, gets, gat and gats: a VALUE for each key that is there.</summary>
/// <remarks>
/// A value larger than a block is held and written piece by piece between flushes: a client that reads slowly goes on
/// reading what it began to read, and its connection holds a bounded buffer.
/// </remarks>
internal sealed class GetCommand(ServerContext server)
{
    private const int LongestHeader = 6 + RequestParser.MaxKeyLength + 1 + 10 + 1 + 10 + 1 + 20 + 2;

    private readonly LivenessTable _table = server.Table;
    private readonly bool _useCas = server.Options.UseCas;
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
            ? _table.Editor.TryTouch(guard, key, _deadline, turn.Now, out ItemView item)
            : _table.TryGet(guard, key, turn.Now, out item);

        // A get that touches counts as a touch and not as a get (memcached, proto_parser.c).
        turn.Counters.Add(_touch ? WireCounter.TouchCommands : WireCounter.GetCommands);
        if (server.Prefixes.IsCollecting)
        {
            server.Prefixes.RecordGet(key, result == LookupResult.Found);
        }

        if (result != LookupResult.Found)
        {
            turn.Counters.Add(_touch ? WireCounter.TouchMisses : WireCounter.GetMisses);
            turn.CountGone(result);
            return true;
        }

        turn.Counters.Add(_touch ? ClassCounter.TouchHits : ClassCounter.GetHits, item.SizeClass);
        if (!item.IsChunked)
        {
            WriteInline(item, ref turn);
            return true;
        }

        Span<byte> header = turn.Writer.Take(LongestHeader);
        turn.Writer.Advance(WriteHeader(item, header));
        _held = _table.Hold(item);
        return false;
    }

    /// <summary>Writes more of a large value; true when it is all written, or there is none.</summary>
    public bool FinishValue(ref Turn turn)
    {
        if (!_held.IsHeld)
        {
            return true;
        }

        while (turn.Writer.Total < TextSession.FlushThreshold)
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

    private void WriteInline(scoped ItemView item, ref Turn turn)
    {
        ReadOnlySpan<byte> value = item.Value;
        Span<byte> target = turn.Writer.Take(LongestHeader + value.Length);
        int length = WriteHeader(item, target);
        value.CopyTo(target[length..]);
        turn.Writer.Advance(length + value.Length);
    }

    // VALUE <key> <flags> <bytes> [<cas unique>]
    private int WriteHeader(scoped ItemView item, Span<byte> target)
    {
        ReadOnlySpan<byte> key = item.Key;
        Replies.Value.CopyTo(target);
        int at = Replies.Value.Length;
        key.CopyTo(target[at..]);
        at += key.Length;
        at += WriteNumber(item.Flags, target[at..]);
        at += WriteNumber((uint)item.ValueLength, target[at..]);
        if (_withCas)
        {
            at += WriteNumber(_useCas ? item.Cas : 0, target[at..]);
        }

        "\r\n"u8.CopyTo(target[at..]);
        return at + 2;
    }

    private static int WriteNumber(ulong number, Span<byte> target)
    {
        target[0] = (byte)' ';
        Utf8Formatter.TryFormat(number, target[1..], out int length);
        return length + 1;
    }
}
