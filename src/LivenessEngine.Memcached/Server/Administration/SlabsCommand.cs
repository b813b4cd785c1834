using System.Buffers.Text;
using LivenessEngine.Memcached.Protocol;
using LivenessEngine.Table;

namespace LivenessEngine.Memcached.Server.Administration;

/// <summary>
/// The command slabs. Pages go where they are needed by themselves: what may be asked for is that a page of a class is
/// emptied at once, for whoever needs it next.
/// </summary>
internal sealed class SlabsCommand(ServerContext server)
{
    private const long AnyClass = -1;
    private const long Pool = 0;
    private const ulong HighestLevel = 2;

    private static ReadOnlySpan<byte> NoSpare => "NOSPARE source class has no spare pages\r\n"u8;

    // slabs reassign <source class> <target class>, slabs automove <level>, slabs automove ratio <ratio>
    public void Execute(Tokens words, bool noReply, ref Turn turn)
    {
        int further = words.Count() - 1;
        ReadOnlySpan<byte> what = words.Next();
        if (further == 2 && what.SequenceEqual("reassign"u8))
        {
            // It has no noreply (memcached, proto_text.c).
            turn.Writer.Write(Reassign(words.Next(), words.Next(), turn));
        }
        else if (further >= 1 && what.SequenceEqual("automove"u8))
        {
            turn.Reply(noReply, Automove(words.Next(), words.Next()));
        }
        else
        {
            turn.Writer.Write(Replies.Error);
        }
    }

    private ReadOnlySpan<byte> Reassign(ReadOnlySpan<byte> source, ReadOnlySpan<byte> target, scoped in Turn turn)
    {
        if (!WireNumber.TryParse(source, out long from) | !WireNumber.TryParse(target, out long to))
        {
            return Replies.BadFormat;
        }

        if (from == to)
        {
            return "SAME src and dst class are identical\r\n"u8;
        }

        ClassUsage[] usage = server.Table.UsageByClass(turn.Now);
        from = from == AnyClass ? ClassWithSpare(usage, except: to) : from;
        if (from < Pool || from > usage.Length || to < Pool || to > usage.Length)
        {
            return "BADCLASS invalid src or dst class id\r\n"u8;
        }

        return from != Pool && usage[from - 1].Pages > 1 && server.Table.TryFreePageOf((int)from - 1, turn.Now) ? Replies.Ok : NoSpare;
    }

    private static long ClassWithSpare(ClassUsage[] usage, long except)
    {
        for (int number = 1; number <= usage.Length; number++)
        {
            if (number != except && usage[number - 1].Pages > 1)
            {
                return number;
            }
        }

        return AnyClass;
    }

    private ReadOnlySpan<byte> Automove(ReadOnlySpan<byte> level, ReadOnlySpan<byte> ratio)
    {
        if (level.SequenceEqual("ratio"u8))
        {
            return Utf8Parser.TryParse(ratio, out double _, out int used) && used == ratio.Length ? Replies.Ok : Replies.Error;
        }

        if (!WireNumber.TryParse(level, out ulong number) || number > uint.MaxValue)
        {
            return Replies.BadFormat;
        }

        if (number > HighestLevel)
        {
            return Replies.Error;
        }

        server.Maintenance.AutomoveLevel = (int)number;
        return Replies.Ok;
    }
}
