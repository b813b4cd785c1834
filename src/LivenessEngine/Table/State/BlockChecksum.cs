using System.Numerics;

namespace LivenessEngine.Table.State;

/// <summary>
/// The checksum of all that is immutable in a published block, key and value included: what a recovery trusts a block by.
/// The links, the recency and the state are not in it.
/// </summary>
/// <remarks>
/// CRC32C in four lanes that are folded at the end, because one lane waits three cycles for each word of the last. Not a
/// secret, and no defence against who can write the file.
/// </remarks>
internal static unsafe class BlockChecksum
{
    private const int LaneBytes = 4 * sizeof(ulong);

    /// <summary>Of an item's or a member's head.</summary>
    public static uint Of(BlockHeader* head)
    {
        uint crc = BitOperations.Crc32C(1, head->Cas);
        crc = BitOperations.Crc32C(crc, (ulong)head->Deadline);
        crc = BitOperations.Crc32C(crc, ((ulong)head->Flags << 32) | head->Hash);
        crc = BitOperations.Crc32C(crc, ((ulong)(uint)head->Member << 32) | (uint)head->ValueLength);
        ulong form = ((ulong)head->HeartbeatTimeAt << 32) | ((ulong)head->Heartbeat << 16) | ((ulong)head->Form << 8) | head->KeyLength;
        return Fold(BitOperations.Crc32C(crc, form), (byte*)head + BlockHeader.Size, BlockStore.HeadSizeOf(head) - BlockHeader.Size);
    }

    /// <summary>Of a chunk of the version with this number: never 0, which says that it is not computed yet.</summary>
    public static uint OfChunk(BlockHeader* chunk, ulong cas)
    {
        uint crc = BitOperations.Crc32C(2, cas);
        crc = BitOperations.Crc32C(crc, chunk->Next);
        crc = BitOperations.Crc32C(crc, ((ulong)(uint)chunk->ValueLength << 32) | chunk->Hash);
        crc = Fold(crc, (byte*)chunk + BlockHeader.Size, chunk->ValueLength);
        return crc == 0 ? 1 : crc;
    }

    // Reads whole words: a block's size is a multiple of 16, so the last one ends inside it, and what is behind the bytes is
    // masked out.
    private static uint Fold(uint crc, byte* bytes, int count)
    {
        uint second = ~0u, third = ~0u, fourth = ~0u;
        byte* end = bytes + count;
        for (; end - bytes >= LaneBytes; bytes += LaneBytes)
        {
            crc = BitOperations.Crc32C(crc, *(ulong*)bytes);
            second = BitOperations.Crc32C(second, *(ulong*)(bytes + 8));
            third = BitOperations.Crc32C(third, *(ulong*)(bytes + 16));
            fourth = BitOperations.Crc32C(fourth, *(ulong*)(bytes + 24));
        }

        for (; end - bytes >= sizeof(ulong); bytes += sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, *(ulong*)bytes);
        }

        int rest = (int)(end - bytes);
        if (rest > 0)
        {
            crc = BitOperations.Crc32C(crc, *(ulong*)bytes & ((1UL << (rest * 8)) - 1));
        }

        // By a product with an odd number each lane keeps all that it tells, and equal errors in two of them do not cancel out:
        // but for it two flipped bits, some words apart, could leave the sum as it was.
        crc = BitOperations.Crc32C(crc, second * 0x9E3779B1u);
        crc = BitOperations.Crc32C(crc, third * 0x85EBCA77u);
        return BitOperations.Crc32C(crc, fourth * 0xC2B2AE3Du);
    }
}
