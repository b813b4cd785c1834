using System.Text;
using LivenessEngine.Memcached.Protocol.Binary;

namespace LivenessEngine.Memcached.Server.Authentication;

/// <summary>
/// The binary protocol of a client that has not said yet who it is: obeys SASL and Version, and answers everything else with
/// "Auth failure." and the end (memcached, proto_bin.c).
/// </summary>
/// <remarks>What it waits for stays in the pipe: a header, a key and 2 KiB at the most.</remarks>
internal sealed class SaslSession(ServerContext server) : Session
{
    private readonly SaslCommands _sasl = new(server);

    // What is left of a message that nobody reads.
    private long _swallow;

    public override bool IsBetweenRequests => _swallow == 0;

    public override int Process(ReadOnlySpan<byte> input, ref Turn turn, out SessionSignal signal)
    {
        int at = 0;
        SessionSignal? stop = null;
        while (stop is null)
        {
            stop = turn.Writer.Total >= FlushThreshold ? SessionSignal.Flush
                : _swallow > 0 ? Swallow(input, ref at)
                : ProcessRequest(input, ref at, ref turn);
        }

        signal = stop.Value;
        return at;
    }

    public override void Reset() => _swallow = 0;

    private SessionSignal? ProcessRequest(ReadOnlySpan<byte> input, ref int at, ref Turn turn)
    {
        BinaryParseResult parsed = BinaryParser.Parse(input[at..], out BinaryRequest request, out int length);
        bool isOpen = request.Command is Opcode.Version or Opcode.SaslListMechanisms or Opcode.SaslAuthenticate or Opcode.SaslStep;
        switch (parsed)
        {
            case BinaryParseResult.Done when isOpen:
                return Execute(request, length, input, ref at, ref turn);
            case BinaryParseResult.NeedMore:
                return SessionSignal.NeedMore;
            case BinaryParseResult.BadMagic:
                return SessionSignal.Close;
            case BinaryParseResult.BadLengths:
                turn.Writer.Fail(request.Sender, BinaryStatus.UnknownCommand);
                return SessionSignal.Close;
            default:
                turn.Writer.Fail(request.Sender, isOpen ? BinaryStatus.InvalidArguments : BinaryStatus.AuthenticationFailed);
                return SessionSignal.Close;
        }
    }

    private SessionSignal? Execute(scoped in BinaryRequest request, int length, ReadOnlySpan<byte> input, ref int at, ref Turn turn)
    {
        if (request.Command == Opcode.Version)
        {
            at += length;
            turn.Writer.Reply(request.Sender, BinaryStatus.Success, Encoding.ASCII.GetBytes(ServerContext.ProtocolVersion));
            return null;
        }

        SaslResult result = _sasl.Execute(request, input[(at + length)..], ref turn);
        if (result == SaslResult.NeedMore)
        {
            return SessionSignal.NeedMore;
        }

        at += length;
        _swallow = request.ValueLength;
        if (result != SaslResult.Authenticated)
        {
            return null;
        }

        _ = Swallow(input, ref at);
        return SessionSignal.Authenticated;
    }

    private SessionSignal? Swallow(ReadOnlySpan<byte> input, ref int at)
    {
        return TrySwallow(ref _swallow, input, ref at) ? null : SessionSignal.NeedMore;
    }
}
