using LivenessEngine.Memcached.Protocol;
using LivenessEngine.Memcached.Protocol.Binary;
using LivenessEngine.Table;

namespace LivenessEngine.Memcached.Server.Binary;

/// <summary>Why a value was not taken.</summary>
internal static class NoRoom
{
    public static void ReplyNoRoom(this ref ReplyWriter writer, in ReplyAddress to, StoreResult result)
    {
        if (result == StoreResult.TooLarge)
        {
            writer.Fail(to, BinaryStatus.TooLarge);
        }
        else
        {
            writer.Reply(to, BinaryStatus.OutOfMemory, "Out of memory allocating item"u8);
        }
    }
}
