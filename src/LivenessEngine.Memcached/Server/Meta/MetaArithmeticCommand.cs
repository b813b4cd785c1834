using LivenessEngine.Memcached.Protocol;
using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Memcached.Server.Meta;

/// <summary>ma: incr and decr, and a number to begin with where there is none (N, J): that is an add, also of a member.</summary>
internal sealed class MetaArithmeticCommand(ServerContext server)
{
    private readonly Arithmetic _arithmetic = new(server);
    private readonly bool _useCas = server.Options.UseCas;

    // ma <key> <flags>*
    public void Execute(scoped MetaRequest request, ref Turn turn)
    {
        Sum sum = SumOf(request, turn.Now);
        InitialNumber? initial = request.Has('N') ? InitialOf(request, turn.Now) : null;
        ArithmeticResult result = _arithmetic.Add(request.Key, ref sum, initial, ref turn, out ulong version, out StoreResult created);
        if (result == ArithmeticResult.Done || created == StoreResult.Stored)
        {
            if (!request.IsQuiet)
            {
                Write(request, sum, version, created == StoreResult.Stored, ref turn);
            }
        }
        else if (created != StoreResult.NotFound)
        {
            turn.Writer.Write("SERVER_ERROR Out of memory allocating new item\r\n"u8);
        }
        else
        {
            WriteFailure(request, result, ref turn);
        }
    }

    private static void WriteFailure(scoped MetaRequest request, ArithmeticResult result, ref Turn turn)
    {
        switch (result)
        {
            case ArithmeticResult.NonNumeric:
                turn.Writer.Write(Replies.NonNumeric);
                return;
            case ArithmeticResult.OutOfMemory:
                turn.Writer.Write(Replies.OutOfMemory);
                return;
            case ArithmeticResult.Changed:
                turn.Writer.Write(Replies.MetaExists);
                break;
            default:
                turn.Writer.Write(Replies.MetaNotFound);
                break;
        }

        MetaTail.Write(request, ref turn.Writer);
    }

    private Sum SumOf(scoped MetaRequest request, in Moment now) => new()
    {
        Delta = request.Delta,
        Up = (char)request.Mode is not ('D' or '-'),
        Expected = _useCas || request.Cas == 0 ? request.Cas : ulong.MaxValue,
        Deadline = request.Has('T') ? Expiry.ToDeadline(request.Exptime, now.UnixMilliseconds) : null,
        Version = request.Has('E') && _useCas ? request.Version : null,
    };

    private InitialNumber InitialOf(scoped MetaRequest request, in Moment now) => new(
        request.Initial,
        MetaItem.VivifyDeadlineOf(request, now),
        MetaItem.MarksOf(request, hasOwnVersion: request.Has('E') && _useCas),
        request.Version);

    private void Write(scoped MetaRequest request, in Sum sum, ulong version, bool created, ref Turn turn)
    {
        Span<byte> digits = stackalloc byte[DecimalValue.MaxDigits];
        digits = digits[..DecimalValue.Format(sum.Value, digits)];
        bool withValue = request.Has('v');
        turn.Writer.Write(withValue ? Replies.MetaValue : Replies.MetaOk);
        if (withValue)
        {
            turn.Writer.Write((ulong)digits.Length);
        }

        WriteFlags(request, sum, version, created, ref turn);
        turn.Writer.Write("\r\n"u8);
        if (withValue)
        {
            turn.Writer.Write(digits);
            turn.Writer.Write("\r\n"u8);
        }
    }

    private void WriteFlags(scoped MetaRequest request, in Sum sum, ulong version, bool created, ref Turn turn)
    {
        // t is told as it is at its place in the line.
        long deadline = sum.FormerDeadline;
        var words = new Tokens(request.Flags);
        for (ReadOnlySpan<byte> word = words.Next(); !word.IsEmpty; word = words.Next())
        {
            switch ((char)word[0])
            {
                case 'T':
                    deadline = sum.Deadline ?? deadline;
                    break;
                case 'N' when created:
                    deadline = Expiry.ToDeadline(request.VivifyExptime, turn.Now.UnixMilliseconds);
                    break;
                case 't':
                    turn.Writer.TimeLeft(Visit.SecondsLeft(deadline, turn.Now));
                    break;
                case 'c':
                    turn.Writer.Flag('c', _useCas ? version : 0);
                    break;
                case 'O':
                    turn.Writer.Flag(word);
                    break;
                case 'k':
                    turn.Writer.Key(request.Key, request.IsBinaryKey);
                    break;
            }
        }
    }
}
