using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LivenessEngine.Memcached.Protocol;
using LivenessEngine.Memcached.Server.Meta;
using LivenessEngine.Memcached.Server.Watching;
using LivenessEngine.Table;
using Microsoft.Extensions.Logging;

namespace LivenessEngine.Memcached.Server.Text;

/// <summary>The text protocol of one connection.</summary>
/// <remarks>Between two calls it remembers a data block or a line that was cut off.</remarks>
internal sealed class TextSession : Session
{
    /// <summary>A line that is longer and has not ended must be a get or gets (memcached, proto_text.c).</summary>
    public const int MaxPartialLine = 2048;

    private const int MostLeadingSpaces = 100;
    private const ushort CrLf = '\r' << 8 | '\n';

    private readonly ServerContext _server;
    private readonly GetCommand _get;
    private readonly TextUpdateCommands _update;
    private readonly MetaCommands _meta;
    private readonly AdministrativeCommands _administrative;
    private readonly Lookahead _lookahead;
    private State _state;

    // The data block that is being received.
    private PendingStore _store;

    // Bytes of a data block that nobody wants, and what to say when they have passed.
    private long _swallow;
    private StoreResult _afterSwallow;

    private IReplySource? _source;

    public TextSession(ServerContext server)
    {
        _server = server;
        _get = new GetCommand(server);
        _update = new TextUpdateCommands(server);
        _meta = new MetaCommands(server, _get);
        _administrative = new AdministrativeCommands(server);
        _lookahead = new Lookahead(server.Table);
    }

    /// <summary>Where in the stream the next byte belongs.</summary>
    private enum State
    {
        Line,
        Keys,
        Data,
        Swallow,
        SkipLine,
    }

    public override bool IsBetweenRequests => _state == State.Line && _source is null;

    public override int Process(ReadOnlySpan<byte> input, ref Turn turn, out SessionSignal signal)
    {
        int at = 0;

        // From the second request on: of a single one nothing is ahead.
        int seen = 1;
        while (true)
        {
            if (at >= seen && at < input.Length && _state == State.Line)
            {
                seen = at + _lookahead.AtRequests(input[at..]);
            }

            if (FinishReply(ref turn) is { } unfinished)
            {
                signal = unfinished;
                return at;
            }

            if (turn.RequestsLeft <= 0 && at < input.Length && _state == State.Line)
            {
                signal = SessionSignal.Yield;
                return at;
            }

            SessionSignal? stop = _state switch
            {
                State.Line => ProcessLine(input, ref at, ref turn),
                State.Keys => ProcessKeys(input, ref at, ref turn),
                State.Data => ProcessData(input, ref at, ref turn),
                State.Swallow => Swallow(input, ref at, ref turn),
                _ => SkipLine(input, ref at),
            };
            if (stop is not null)
            {
                signal = stop.Value;
                return at;
            }
        }
    }

    public override void Reset()
    {
        _update.Discard(ref _store);
        _get.Reset();
        _source = null;
        _state = State.Line;
        _swallow = 0;
        Watch?.Log?.Dispose();
        Watch = null;
    }

    // A reply that was begun goes out before the next request is looked at. Not null: there is more of it, or enough for now.
    private SessionSignal? FinishReply(ref Turn turn)
    {
        if (turn.Writer.Total >= FlushThreshold || !_get.FinishValue(ref turn))
        {
            return SessionSignal.Flush;
        }

        return _source is null ? null : GoOn(ref _source, ref turn);
    }

    private SessionSignal? ProcessLine(ReadOnlySpan<byte> input, ref int at, ref Turn turn)
    {
        ReadOnlySpan<byte> rest = input[at..];
        int end = rest.IndexOf((byte)'\n');
        if (end < 0)
        {
            return rest.Length > MaxPartialLine ? BeginEndlessLine(rest, ref at) : SessionSignal.NeedMore;
        }

        ReadOnlySpan<byte> line = rest[..end];
        int terminator = 1;
        if (end > 0 && line[end - 1] == '\r')
        {
            line = line[..^1];
            terminator = 2;
        }

        if (_server.Verbosity > 1)
        {
            Log(line);
        }

        int lineStart = at;
        at += end + 1;
        turn.RequestsLeft--;
        switch (RequestParser.Parse(line, terminator, out Request request))
        {
            case ParseResult.Done:
                return Execute(request, line, lineStart, input, ref at, ref turn);
            case ParseResult.BadFormat when request.ValueLength >= 0:
                turn.Reply(request.NoReply, Replies.BadFormat);
                SwallowData(request.ValueLength, StoreResult.Stored);
                return null;
            case ParseResult.BadFormat:
                turn.Reply(request.NoReply, Replies.BadFormat);
                return null;
            case ParseResult.InvalidExptime:
                turn.Reply(request.NoReply, Replies.InvalidExptime);
                return null;
            case ParseResult.InvalidDelta:
                turn.Reply(request.NoReply, Replies.InvalidDelta);
                return null;
            default:
                return ReplyUnknown(line, ref turn);
        }
    }

    private SessionSignal? Execute(
        scoped in Request request, ReadOnlySpan<byte> line, int lineStart, ReadOnlySpan<byte> input, ref int at, ref Turn turn)
    {
        switch (request.Command)
        {
            case Command.Get or Command.Gets or Command.Gat or Command.Gats:
                return ExecuteGet(request, line, lineStart, input, ref at, ref turn);
            case Command.Set or Command.Add or Command.Replace or Command.Append or Command.Prepend or Command.Cas:
                ExecuteStore(request, input, ref at, ref turn);
                return null;
            case Command.Delete:
                _update.Delete(request, ref turn);
                return null;
            case Command.Touch:
                _update.Touch(request, ref turn);
                return null;
            case Command.Incr or Command.Decr:
                _update.Add(request, ref turn);
                return null;
            case Command.MetaSet:
                ExecuteMetaSet(request, input, ref at, ref turn);
                return null;
            case Command.MetaGet or Command.MetaDelete or Command.MetaArithmetic or Command.MetaDebug or Command.MetaNoOp:
                _meta.Execute(request, ref turn);
                return null;
            case Command.Quit:
                return SessionSignal.Close;
            case Command.Watch when turn.IsDatagram || !_server.Options.AllowWatch:
                turn.Writer.Write(Replies.WatchNotAllowed);
                return null;
            case Command.Watch when WatchRequest.TryParse(request.Arguments, out WatchRequest? watch):
                return BeginWatch(watch, ref turn);
            default:
                // Rare, and some of them dear to the others, whose turn it is then.
                turn.RequestsLeft = 0;
                _source = _administrative.Execute(request, ref turn, out bool close);
                return close ? SessionSignal.Close : null;
        }
    }

    // From here on, and not from when the reply is out: what the client then does elsewhere is logged for it.
    private SessionSignal? BeginWatch(WatchRequest watch, ref Turn turn)
    {
        if (watch.Kinds != WatchKinds.None)
        {
            watch.Log = _server.Events.TryAdd(watch.Kinds);
            if (watch.Log is null)
            {
                turn.Writer.Write(Replies.TooManyWatchers);
                return null;
            }
        }

        turn.Writer.Write(Replies.Ok);
        Watch = watch;
        return SessionSignal.Watch;
    }

    // get <key>*: one key at once; several, key by key, so that a client that does not read them holds up only itself.
    private SessionSignal? ExecuteGet(
        scoped in Request request, ReadOnlySpan<byte> line, int lineStart, ReadOnlySpan<byte> input, ref int at, ref Turn turn)
    {
        if (line.Length > RequestParser.MaxKeyLength && HasLongWord(line))
        {
            turn.Writer.Write(Replies.BadGet);
            return null;
        }

        _get.Begin(request, turn.Now);
        if (request.Arguments.IsEmpty)
        {
            if (_get.Write(request.Key, ref turn))
            {
                turn.Writer.Write(Replies.End);
                return null;
            }
        }

        // Further keys are read from the line itself, from behind the present position on.
        int keys = lineStart + (int)Unsafe.ByteOffset(
            ref MemoryMarshal.GetReference(line), ref MemoryMarshal.GetReference(request.Key));
        at = request.Arguments.IsEmpty ? keys + request.Key.Length : keys;
        _state = State.Keys;
        return null;
    }

    private SessionSignal? ProcessKeys(ReadOnlySpan<byte> input, ref int at, ref Turn turn)
    {
        int seen = 0;
        while (turn.Writer.Total < FlushThreshold)
        {
            ReadOnlySpan<byte> rest = input[at..].TrimStart((byte)' ');
            at = input.Length - rest.Length;
            if (at >= seen)
            {
                seen = at + _lookahead.AtKeys(rest);
            }

            int length = rest.IndexOfAny((byte)' ', (byte)'\n');
            if (length < 0 && rest.Length <= RequestParser.MaxKeyLength + 1)
            {
                return SessionSignal.NeedMore;
            }

            bool last = length >= 0 && rest[length] == '\n';
            ReadOnlySpan<byte> key = length < 0 ? rest : rest[..length];
            if (last && key.EndsWith("\r"u8))
            {
                key = key[..^1];
            }

            if (key.IsEmpty)
            {
                at += length + 1;
                turn.Writer.Write(Replies.End);
                _state = State.Line;
                return null;
            }

            if (key.Length > RequestParser.MaxKeyLength)
            {
                turn.Writer.Write(Replies.BadGet);
                _state = State.SkipLine;
                return null;
            }

            at += key.Length;
            if (!_get.Write(key, ref turn))
            {
                break;
            }
        }

        return SessionSignal.Flush;
    }

    // set <key> <flags> <exptime> <bytes> [noreply], add, replace, append, prepend; cas with its <cas unique>
    private void ExecuteStore(scoped in Request request, ReadOnlySpan<byte> input, ref int at, ref Turn turn)
    {
        StoreResult begun = _update.Begin(request, ref turn, ref _store);
        if (begun != StoreResult.Stored)
        {
            SwallowData(request.ValueLength, request.NoReply ? StoreResult.Stored : begun);
            return;
        }

        _state = State.Data;
        _ = ProcessData(input, ref at, ref turn);
    }

    // ms <key> <bytes> <flags>*
    private void ExecuteMetaSet(scoped in Request request, ReadOnlySpan<byte> input, ref int at, ref Turn turn)
    {
        Span<byte> keyBuffer = stackalloc byte[RequestParser.MaxKeyLength];
        MetaFault fault = MetaParser.Parse(request, keyBuffer, out MetaRequest meta);
        if (fault != MetaFault.None)
        {
            turn.Writer.Write(Replies.Of(fault));
            SwallowData(request.ValueLength, StoreResult.Stored);
            return;
        }

        StoreResult begun = _update.Begin(meta, request.ValueLength, ref turn, ref _store);
        if (begun != StoreResult.Stored)
        {
            SwallowData(request.ValueLength, begun);
            return;
        }

        _state = State.Data;
        _ = ProcessData(input, ref at, ref turn);
    }

    private void SwallowData(int valueLength, StoreResult after)
    {
        _swallow = valueLength + (long)BlockStore.CrLf;
        _afterSwallow = after;
        _state = State.Swallow;
    }

    private SessionSignal? ProcessData(ReadOnlySpan<byte> input, ref int at, ref Turn turn)
    {
        ReadOnlySpan<byte> data = input[at..];
        if (data.Length > _store.Item.Remaining)
        {
            data = data[.._store.Item.Remaining];
        }

        at += data.Length;
        int missing = _store.Item.Remaining - data.Length;
        if (!_update.TryAppend(ref _store, data, ref turn))
        {
            _swallow = missing;
            _afterSwallow = _store.NoReply ? StoreResult.Stored : StoreResult.OutOfMemory;
            _state = State.Swallow;
            return null;
        }

        if (missing > 0)
        {
            return SessionSignal.NeedMore;
        }

        _state = State.Line;
        if (_store.Item.Tail != CrLf)
        {
            _update.Discard(ref _store);
            turn.Reply(_store.NoReply, Replies.BadChunk);
            return null;
        }

        _update.Commit(ref _store, ref turn);
        return null;
    }

    private SessionSignal? Swallow(ReadOnlySpan<byte> input, ref int at, ref Turn turn)
    {
        if (!TrySwallow(ref _swallow, input, ref at))
        {
            return SessionSignal.NeedMore;
        }

        if (_afterSwallow != StoreResult.Stored)
        {
            turn.Writer.Write(_afterSwallow == StoreResult.TooLarge ? Replies.TooLarge : Replies.OutOfMemoryStoring);
        }

        _state = State.Line;
        return null;
    }

    private SessionSignal? SkipLine(ReadOnlySpan<byte> input, ref int at)
    {
        int end = input[at..].IndexOf((byte)'\n');
        at = end < 0 ? input.Length : at + end + 1;
        if (end < 0)
        {
            return SessionSignal.NeedMore;
        }

        _state = State.Line;
        return null;
    }

    // A line that has grown long without an end: a get of very many keys, which is answered as they come, or nonsense.
    private SessionSignal? BeginEndlessLine(ReadOnlySpan<byte> rest, ref int at)
    {
        ReadOnlySpan<byte> word = rest.TrimStart((byte)' ');
        int spaces = rest.Length - word.Length;
        bool withCas = word.StartsWith("gets "u8);
        if (spaces > MostLeadingSpaces || !(withCas || word.StartsWith("get "u8)))
        {
            return SessionSignal.Close;
        }

        _get.Begin(withCas);
        at += spaces + (withCas ? 5 : 4);
        _state = State.Keys;
        return null;
    }

    // Somebody who speaks HTTP to us gets no answer but the end (memcached, proto_text.c).
    private static SessionSignal? ReplyUnknown(ReadOnlySpan<byte> line, ref Turn turn)
    {
        ReadOnlySpan<byte> trimmed = line.TrimEnd((byte)' ');
        if (trimmed[(trimmed.LastIndexOf((byte)' ') + 1)..].StartsWith("HTTP/"u8))
        {
            return SessionSignal.Close;
        }

        turn.Writer.Write(Replies.Error);
        return null;
    }

    private void Log(ReadOnlySpan<byte> line)
    {
        if (_server.Logger.IsEnabled(LogLevel.Debug))
        {
            string text = System.Text.Encoding.UTF8.GetString(line);
            ServerLog.Request(_server.Logger, text);
        }
    }

    private static bool HasLongWord(ReadOnlySpan<byte> line)
    {
        var words = new Tokens(line);
        ReadOnlySpan<byte> word;
        do
        {
            word = words.Next();
            if (word.Length > RequestParser.MaxKeyLength)
            {
                return true;
            }
        }
        while (!word.IsEmpty);
        return false;
    }
}
