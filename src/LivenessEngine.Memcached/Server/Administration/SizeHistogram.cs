using LivenessEngine.Memcached.Protocol;
using LivenessEngine.Table;

namespace LivenessEngine.Memcached.Server.Administration;

/// <summary>
/// stats sizes: how many items there are of each size, in steps of 32 bytes. Counted when it is asked for, piece by piece,
/// so that no store pays for it.
/// </summary>
internal sealed class SizeHistogram(LivenessTable table) : IReplySource
{
    private const int ItemsInPiece = 1024;
    private const int Step = 32;

    private readonly SortedDictionary<int, long> _counts = [];
    private ItemCursor _cursor = new(-1);

    public bool TryWrite(ref Turn turn)
    {
        using (EpochGuard guard = table.Enter())
        {
            for (int i = 0; i < ItemsInPiece && table.TryNext(guard, ref _cursor, turn.Now, out ItemView item); i++)
            {
                int size = (item.Size + Step - 1) / Step * Step;
                _counts[size] = _counts.GetValueOrDefault(size) + 1;
            }
        }

        if (!_cursor.IsAtEnd)
        {
            return true;
        }

        Write(ref turn.Writer);
        return false;
    }

    private void Write(ref ReplyWriter writer)
    {
        foreach ((int size, long count) in _counts)
        {
            writer.Write("STAT "u8);
            writer.Write((long)size);
            writer.Write(" "u8);
            writer.Write(count);
            writer.Write("\r\n"u8);
        }

        writer.Write(Replies.End);
    }
}
