using LivenessEngine.Memcached.Protocol;
using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Memcached.Server.Meta;

/// <summary>me: all there is to know of an item but its value. Asking leaves no trace at the item.</summary>
internal sealed class MetaDebugCommand(ServerContext server)
{
    // me <key> [b]
    public void Execute(scoped in Request line, scoped Span<byte> keyBuffer, ref Turn turn)
    {
        var words = new Tokens(line.Arguments);
        scoped ReadOnlySpan<byte> key = line.Key;
        bool tooLong = key.Length > RequestParser.MaxKeyLength;
        if (!tooLong && words.Next().SequenceEqual("b"u8))
        {
            key = keyBuffer[..Base64Key.Decode(key, keyBuffer)];
        }

        if (tooLong || key.IsEmpty)
        {
            turn.Writer.Write(Replies.BadFormat);
            return;
        }

        using EpochGuard guard = server.Table.Enter();
        turn.Counters.Add(WireCounter.MetaCommands);
        server.ItemLog.LookedFor(guard, key, turn);
        LookupResult result = server.Table.TryLook(guard, key, turn.Now, out ItemView item);
        if (result != LookupResult.Found)
        {
            turn.CountGone(result);
            turn.Writer.Write("EN\r\n"u8);
            return;
        }

        Write(item, turn.Now, ref turn.Writer);
    }

    // ME <key> exp=<seconds left> la=<seconds ago> cas=<n> fetch=<yes|no> cls=<n> size=<n>
    private void Write(scoped ItemView item, in Moment now, ref ReplyWriter writer)
    {
        writer.Write("ME "u8);
        if ((item.Marks & ItemMarks.BinaryKey) != 0)
        {
            writer.Encoded(item.Key);
        }
        else
        {
            writer.Write(item.Key);
        }

        writer.Write(" exp="u8);
        writer.Write(Visit.SecondsLeft(item.Deadline, now));
        writer.Write(" la="u8);
        writer.Write(AccessStamp.ToSeconds(AccessStamp.Age(item.LastAccess, AccessStamp.At(now.UnixMilliseconds))));
        writer.Write(" cas="u8);
        writer.Write(server.Options.UseCas ? item.Cas : 0);
        writer.Write(item.Fetched ? " fetch=yes"u8 : " fetch=no"u8);
        writer.Write(" cls="u8);
        writer.Write((long)item.SizeClass + 1);
        writer.Write(" size="u8);
        writer.Write((long)item.Size);
        writer.Write("\r\n"u8);
    }
}
