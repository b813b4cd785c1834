using LivenessEngine.Memcached.Protocol;
using LivenessEngine.Memcached.Server.Text;

namespace LivenessEngine.Memcached.Server.Authentication;

/// <summary>
/// The text protocol of a client that has not said yet who it is: obeys one command, and answers every other line with an
/// error (memcached, proto_text.c: try_read_command_asciiauth).
/// </summary>
/// <remarks>
/// What it waits for stays in the pipe, a line and a data block of 2 KiB at the most: a stranger makes us hold no more. Unlike
/// memcached, which may lose some, it answers every line that a client sends in one go.
/// </remarks>
internal sealed class HandshakeSession(ServerContext server) : Session
{
    private const int LongestBlock = 2048;

    // Words of the line before the length of the data block.
    private const int WordsBefore = 4;

    // What is left of a data block that is longer than any name with any password.
    private long _swallow;

    public override bool IsBetweenRequests => _swallow == 0;

    public override int Process(ReadOnlySpan<byte> input, ref Turn turn, out SessionSignal signal)
    {
        int at = 0;
        SessionSignal? stop = null;
        while (stop is null)
        {
            stop = turn.Writer.Total >= FlushThreshold ? SessionSignal.Flush
                : _swallow > 0 ? Swallow(input, ref at, ref turn)
                : ProcessLine(input, ref at, ref turn);
        }

        signal = stop.Value;
        return at;
    }

    public override void Reset() => _swallow = 0;

    // set <anything> <anything> <anything> <bytes> <anything>*
    private SessionSignal? ProcessLine(ReadOnlySpan<byte> input, ref int at, ref Turn turn)
    {
        ReadOnlySpan<byte> rest = input[at..];
        int end = rest.IndexOf((byte)'\n');
        if ((end < 0 ? rest.Length : end) > TextSession.MaxPartialLine)
        {
            // With its end too: it would be held until its data block has come.
            return SessionSignal.Close;
        }

        if (end < 0)
        {
            return SessionSignal.NeedMore;
        }

        int line = end + 1;
        if (!TryReadLength(rest[..end], out ulong length))
        {
            at += line;
            turn.Writer.Write(Replies.Unauthenticated);
            return null;
        }

        if (length > LongestBlock)
        {
            at += line;
            _swallow = (long)length + 2;
            return null;
        }

        int block = (int)length + 2;
        if (rest.Length - line < block)
        {
            return SessionSignal.NeedMore;
        }

        at += line + block;
        return Check(rest.Slice(line, block), ref turn) ? SessionSignal.Authenticated : null;
    }

    private static bool TryReadLength(ReadOnlySpan<byte> line, out ulong length)
    {
        length = 0;
        var words = new Tokens(line);
        if (!words.Next().SequenceEqual("set"u8))
        {
            return false;
        }

        for (int i = 1; i < WordsBefore; i++)
        {
            words.Next();
        }

        return WireNumber.TryParse(words.Next(), out length) && length <= uint.MaxValue;
    }

    // <user> <password>
    private bool Check(ReadOnlySpan<byte> block, ref Turn turn)
    {
        if (!block.EndsWith("\r\n"u8))
        {
            turn.Writer.Write(Replies.BadTermination);
            return false;
        }

        int space = block.IndexOf((byte)' ');
        if (space < 0)
        {
            turn.Writer.Write(Replies.BadAuthentication);
            return false;
        }

        turn.Counters.Add(WireCounter.AuthCommands);
        bool matches = server.Authentication!.Current.Match(block[..space], block[(space + 1)..^2]);
        if (!matches)
        {
            turn.Counters.Add(WireCounter.AuthErrors);
        }

        turn.Writer.Write(matches ? Replies.Stored : Replies.AuthenticationFailure);
        return matches;
    }

    private SessionSignal? Swallow(ReadOnlySpan<byte> input, ref int at, ref Turn turn)
    {
        if (!TrySwallow(ref _swallow, input, ref at))
        {
            return SessionSignal.NeedMore;
        }

        turn.Counters.Add(WireCounter.AuthCommands);
        turn.Counters.Add(WireCounter.AuthErrors);
        turn.Writer.Write(Replies.AuthenticationFailure);
        return null;
    }
}
