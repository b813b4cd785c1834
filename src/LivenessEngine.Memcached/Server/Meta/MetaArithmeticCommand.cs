using LivenessEngine.Memcached.Protocol;
using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Memcached.Server.Meta;

/// <summary>ma: incr and decr, and a number to begin with where there is none (N, J): that is an add, also of a member.</summary>
internal sealed class MetaArithmeticCommand(ServerContext server)
{
    private readonly LivenessTable _table = server.Table;
    private readonly bool _useCas = server.Options.UseCas;

    // ma <key> <flags>*
    public void Execute(scoped MetaRequest request, ref Turn turn)
    {
        using EpochGuard guard = _table.Enter();
        Sum sum = SumOf(request, turn.Now);
        ulong version = 0;
        ArithmeticResult result;
        StoreResult created = StoreResult.NotFound;
        do
        {
            result = _table.Editor.TryAdd(guard, request.Key, ref sum, turn.Now, out ItemView item);
            if (result == ArithmeticResult.Done)
            {
                version = item.Cas;
                turn.Counters.Add(sum.Up ? ClassCounter.IncrHits : ClassCounter.DecrHits, item.SizeClass);
            }
            else if (result == ArithmeticResult.NotFound && request.Has('N'))
            {
                created = TryCreate(guard, request, ref sum, turn.Now, out version);
            }
        }
        while (created == StoreResult.NotStored);

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
            WriteFailure(request, result, sum.Up, ref turn);
        }
    }

    private static void WriteFailure(scoped MetaRequest request, ArithmeticResult result, bool up, ref Turn turn)
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
                turn.Counters.Add(up ? WireCounter.IncrMisses : WireCounter.DecrMisses);
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

    private StoreResult TryCreate(in EpochGuard guard, scoped MetaRequest request, ref Sum sum, in Moment now, out ulong version)
    {
        version = 0;
        Span<byte> digits = stackalloc byte[DecimalValue.MaxDigits];
        digits = digits[..DecimalValue.Format(request.Initial, digits)];
        StoreResult begun = _table.Writer.TryBegin(
            guard,
            request.Key,
            flags: 0,
            MetaItem.VivifyDeadlineOf(request, now),
            digits.Length,
            now,
            out NewItem item,
            MetaItem.MarksOf(request, hasOwnVersion: sum.Version is not null),
            request.Version);
        if (begun != StoreResult.Stored)
        {
            return begun;
        }

        _table.Writer.Append(guard, ref item, digits, now);
        _table.Writer.Append(guard, ref item, "\r\n"u8, now);
        sum.Value = request.Initial;
        sum.FormerDeadline = BlockHeader.Never;
        return _table.Writer.Commit(
            guard, ref item, StoreMode.Add, cas: 0, server.Members.GroupOf(request.Key), now, out version);
    }

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
