using System.Text;
using LivenessEngine.Memcached.Protocol.Binary;
using LivenessEngine.Memcached.Server.Authentication;
using LivenessEngine.Table;
using Microsoft.Extensions.Logging;

namespace LivenessEngine.Memcached.Server.Binary;

/// <summary>The binary protocol of one connection.</summary>
/// <remarks>Between two calls it remembers a value that was cut off.</remarks>
internal sealed class BinarySession : Session
{
    private readonly ServerContext _server;
    private readonly Updates _updates;
    private readonly BinaryGetCommands _get;
    private readonly BinaryUpdateCommands _update;

    // Null where nobody has to say who it is.
    private readonly SaslCommands? _sasl;
    private State _state;

    // The value that is being received, and for which command.
    private PendingStore _store;
    private Opcode _command;
    private ReplyAddress _sender;

    // Bytes of a value that nobody wants.
    private long _swallow;

    private IReplySource? _stats;

    public BinarySession(ServerContext server)
    {
        _server = server;
        _updates = new Updates(server);
        _get = new BinaryGetCommands(server, _updates);
        _update = new BinaryUpdateCommands(server, _updates);
        _sasl = server.Authentication is null ? null : new SaslCommands(server);
    }

    /// <summary>Where in the stream the next byte belongs.</summary>
    private enum State
    {
        Header,
        Value,
        Swallow,
    }

    public override bool IsBetweenRequests => _state == State.Header && _stats is null;

    public override int Process(ReadOnlySpan<byte> input, ref Turn turn, out SessionSignal signal)
    {
        int at = 0;
        while (true)
        {
            if (FinishReply(ref turn) is { } unfinished)
            {
                signal = unfinished;
                return at;
            }

            if (turn.RequestsLeft <= 0 && at < input.Length && _state == State.Header)
            {
                signal = SessionSignal.Yield;
                return at;
            }

            SessionSignal? stop = _state switch
            {
                State.Header => ProcessRequest(input, ref at, ref turn),
                State.Value => ProcessValue(input, ref at, ref turn),
                _ => Swallow(input, ref at),
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
        _updates.Discard(ref _store);
        _get.Reset();
        _stats = null;
        _state = State.Header;
        _swallow = 0;
    }

    // A reply that was begun goes out before the next request is looked at. Not null: there is more of it, or enough for now.
    private SessionSignal? FinishReply(ref Turn turn)
    {
        if (turn.Writer.Total >= FlushThreshold || !_get.FinishValue(ref turn))
        {
            return SessionSignal.Flush;
        }

        return _stats is null ? null : GoOn(ref _stats, ref turn);
    }

    private SessionSignal? ProcessRequest(ReadOnlySpan<byte> input, ref int at, ref Turn turn)
    {
        BinaryParseResult parsed = BinaryParser.Parse(input[at..], out BinaryRequest request, out int length);
        if (parsed != BinaryParseResult.NeedMore)
        {
            turn.RequestsLeft--;
        }

        switch (parsed)
        {
            case BinaryParseResult.Done when _sasl is not null && request.Command is (Opcode.SaslListMechanisms or Opcode.SaslAuthenticate or Opcode.SaslStep):
                return ExecuteSasl(_sasl, request, length, input, ref at, ref turn);
            case BinaryParseResult.Done:
                at += length;
                if (_server.Verbosity > 1)
                {
                    Log(request);
                }

                return Execute(request, input, ref at, ref turn);
            case BinaryParseResult.NeedMore:
                return SessionSignal.NeedMore;
            case BinaryParseResult.UnknownCommand:
                at += length;
                turn.Writer.Fail(request.Sender, BinaryStatus.UnknownCommand);
                SwallowValue(request.ValueLength);
                return null;
            case BinaryParseResult.BadLengths:
                turn.Writer.Fail(request.Sender, BinaryStatus.UnknownCommand);
                return SessionSignal.Close;
            case BinaryParseResult.InvalidArguments:
                turn.Writer.Fail(request.Sender, BinaryStatus.InvalidArguments);
                return SessionSignal.Close;
            default:
                return SessionSignal.Close;
        }
    }

    private SessionSignal? Execute(scoped in BinaryRequest request, ReadOnlySpan<byte> input, ref int at, ref Turn turn)
    {
        switch (request.Command)
        {
            case Opcode.Get or Opcode.GetK or Opcode.Gat or Opcode.GatK:
                _get.Get(request, ref turn);
                return null;
            case Opcode.Set or Opcode.Add or Opcode.Replace or Opcode.Append or Opcode.Prepend:
                ExecuteStore(request, input, ref at, ref turn);
                return null;
            case Opcode.Touch:
                _get.Touch(request, ref turn);
                return null;
            case Opcode.Delete:
                _update.Delete(request, ref turn);
                return null;
            case Opcode.Increment or Opcode.Decrement:
                _update.Add(request, ref turn);
                return null;
            case Opcode.Stat:
                _stats = new BinaryStats(_server, request.Sender, request.Key);
                return null;
            default:
                return ExecuteAdministrative(request, ref turn);
        }
    }

    private SessionSignal? ExecuteAdministrative(scoped in BinaryRequest request, ref Turn turn)
    {
        switch (request.Command)
        {
            case Opcode.Flush:
                Flush(request, ref turn);
                return null;
            case Opcode.Version:
                turn.Writer.Reply(request.Sender, BinaryStatus.Success, Encoding.ASCII.GetBytes(ServerContext.ProtocolVersion));
                return null;
            case Opcode.Verbosity:
                _server.SetVerbosity(request.Level);
                break;
            case Opcode.SaslListMechanisms or Opcode.SaslAuthenticate or Opcode.SaslStep:
                turn.Writer.Fail(request.Sender, BinaryStatus.UnknownCommand);
                SwallowValue(request.ValueLength);
                return null;
        }

        // Of NoOp and Quit this is all.
        if (!request.IsQuiet)
        {
            turn.Writer.Reply(request.Sender, BinaryStatus.Success);
        }

        return request.Command == Opcode.Quit ? SessionSignal.Close : null;
    }

    // From a client that has said who it is. One that cannot say it again is not trusted any more.
    private SessionSignal? ExecuteSasl(
        SaslCommands sasl, scoped in BinaryRequest request, int length, ReadOnlySpan<byte> input, ref int at, ref Turn turn)
    {
        switch (sasl.Execute(request, input[(at + length)..], ref turn))
        {
            case SaslResult.NeedMore:
                return SessionSignal.NeedMore;
            case SaslResult.Refused:
                return SessionSignal.Close;
            default:
                at += length;
                SwallowValue(request.ValueLength);
                return null;
        }
    }

    // Extras: the delay, or none.
    private void Flush(scoped in BinaryRequest request, ref Turn turn)
    {
        if (!_server.Options.AllowFlush)
        {
            turn.Writer.Fail(request.Sender, BinaryStatus.AuthenticationFailed);
            return;
        }

        turn.Counters.Add(WireCounter.FlushCommands);
        _server.Flush(request.Exptime, turn.Now);
        if (!request.IsQuiet)
        {
            turn.Writer.Reply(request.Sender, BinaryStatus.Success);
        }
    }

    private void ExecuteStore(scoped in BinaryRequest request, ReadOnlySpan<byte> input, ref int at, ref Turn turn)
    {
        if (_update.Begin(request, ref turn, ref _store) != StoreResult.Stored)
        {
            SwallowValue(request.ValueLength);
            return;
        }

        _command = request.Command;
        _sender = request.Sender;
        _state = State.Value;
        _ = ProcessValue(input, ref at, ref turn);
    }

    private SessionSignal? ProcessValue(ReadOnlySpan<byte> input, ref int at, ref Turn turn)
    {
        ReadOnlySpan<byte> value = input[at..];
        int missing = _store.Item.Remaining - BlockStore.CrLf;
        if (value.Length > missing)
        {
            value = value[..missing];
        }

        at += value.Length;
        missing -= value.Length;

        // The CRLF that every value in the table ends with does not come along here.
        if (!_updates.TryAppend(ref _store, value, ref turn) || (missing == 0 && !_updates.TryAppend(ref _store, "\r\n"u8, ref turn)))
        {
            turn.Writer.ReplyNoRoom(_sender, StoreResult.OutOfMemory);
            SwallowValue(missing);
            return null;
        }

        if (missing > 0)
        {
            return SessionSignal.NeedMore;
        }

        _state = State.Header;
        _update.Commit(ref _store, _command, _sender, ref turn);
        return null;
    }

    private void SwallowValue(long length)
    {
        _swallow = length;
        _state = State.Swallow;
    }

    private SessionSignal? Swallow(ReadOnlySpan<byte> input, ref int at)
    {
        if (!TrySwallow(ref _swallow, input, ref at))
        {
            return SessionSignal.NeedMore;
        }

        _state = State.Header;
        return null;
    }

    private void Log(scoped in BinaryRequest request)
    {
        if (_server.Logger.IsEnabled(LogLevel.Debug))
        {
            string text = $"{request.Opcode} {Encoding.UTF8.GetString(request.Key)}";
            ServerLog.Request(_server.Logger, text);
        }
    }
}
