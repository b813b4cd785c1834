using LivenessEngine.Memcached.Protocol;
using LivenessEngine.Memcached.Server.Meta;
using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Memcached.Server.Administration;

/// <summary>
/// stats cachedump, lru_crawler metadump and mgdump: the items of a size class, or all. Made piece by piece, and each
/// piece inside an epoch of its own, so that a dump of millions holds nothing up.
/// </summary>
internal sealed class ItemDump : IReplySource
{
    private const int ItemsInPiece = 128;

    private readonly ServerContext _server;
    private readonly DumpFormat _format;
    private readonly Queue<int> _classes;
    private ItemCursor _cursor;
    private long _left;

    /// <param name="server">Whose items.</param>
    /// <param name="classes">The size classes, or -1 for all of them.</param>
    /// <param name="limit">How many items at the most.</param>
    /// <param name="format">How to show them.</param>
    public ItemDump(ServerContext server, IEnumerable<int> classes, long limit, DumpFormat format)
    {
        _server = server;
        _format = format;
        _classes = new Queue<int>(classes);
        _left = limit;
        _cursor = new ItemCursor(_classes.Dequeue());
    }

    public bool TryWrite(ref Turn turn)
    {
        Moment now = turn.Now;
        using EpochGuard guard = _server.Table.Enter();
        for (int i = 0; i < ItemsInPiece && _left > 0 && _server.Table.TryNext(guard, ref _cursor, now, out ItemView item); i++)
        {
            _left--;
            Write(item, now, ref turn.Writer);
        }

        if (_left > 0 && !_cursor.IsAtEnd)
        {
            return true;
        }

        if (_left > 0 && _classes.TryDequeue(out int next))
        {
            _cursor = new ItemCursor(next);
            return true;
        }

        turn.Writer.Write(_format == DumpFormat.Mgdump ? "EN\r\n"u8 : Replies.End);
        return false;
    }

    private void Write(scoped ItemView item, in Moment now, ref ReplyWriter writer)
    {
        switch (_format)
        {
            case DumpFormat.Metadump:
                WriteMetadata(item, now, ref writer);
                break;
            case DumpFormat.Mgdump:
                writer.Write("mg "u8);
                WriteKey(item, ref writer);
                writer.Write("\r\n"u8);
                break;
            default:
                WriteItem(item, ref writer);
                break;
        }
    }

    // <key>, or a binary one as mg takes it: <base64> b. So is one that the binary protocol brought and no line can hold: what
    // is dumped here is made to be sent again.
    private static void WriteKey(scoped ItemView item, ref ReplyWriter writer)
    {
        if ((item.Marks & ItemMarks.BinaryKey) == 0 && !item.Key.ContainsAnyInRange((byte)0, (byte)' '))
        {
            writer.Write(item.Key);
            return;
        }

        writer.Encoded(item.Key);
        writer.Flag('b');
    }

    // ITEM <key> [<bytes> b; <unix time> s]
    private static void WriteItem(scoped ItemView item, ref ReplyWriter writer)
    {
        writer.Write("ITEM "u8);
        writer.Write(item.Key);
        writer.Write(" ["u8);
        writer.Write((long)item.ValueLength);
        writer.Write(" b; "u8);
        writer.Write(item.Deadline == BlockHeader.Never ? 0 : item.Deadline / 1000);
        writer.Write(" s]\r\n"u8);
    }

    // key=<uri encoded> exp=<unix time> la=<unix time> cas=<n> fetch=<yes|no> cls=<n> size=<n>
    private static void WriteMetadata(scoped ItemView item, in Moment now, ref ReplyWriter writer)
    {
        writer.Write("key="u8);
        writer.Advance(UriText.Encode(item.Key, writer.Take(item.Key.Length * UriText.MostPerByte)));
        writer.Write(" exp="u8);
        writer.Write(item.Deadline == BlockHeader.Never ? -1 : item.Deadline / 1000);
        writer.Write(" la="u8);
        long age = AccessStamp.ToSeconds(AccessStamp.Age(item.LastAccess, AccessStamp.At(now.UnixMilliseconds)));
        writer.Write((now.UnixMilliseconds / 1000) - age);
        writer.Write(" cas="u8);
        writer.Write(item.Cas);
        writer.Write(item.Fetched ? " fetch=yes"u8 : " fetch=no"u8);
        writer.Write(" cls="u8);
        writer.Write((long)item.SizeClass + 1);
        writer.Write(" size="u8);
        writer.Write((long)item.Size);
        writer.Write((byte)'\n');
    }
}
