using System.Buffers.Binary;
using System.Numerics;

namespace LivenessEngine.Memcached.Client.Placement;

/// <summary>MurmurHash3 for 32 bits, with the seed 0.</summary>
internal static class Murmur3
{
    public static uint Hash(ReadOnlySpan<byte> data)
    {
        uint hash = 0;
        ReadOnlySpan<byte> rest = data;
        for (; rest.Length >= 4; rest = rest[4..])
        {
            hash ^= Mix(BinaryPrimitives.ReadUInt32LittleEndian(rest));
            hash = (BitOperations.RotateLeft(hash, 13) * 5) + 0xe6546b64;
        }

        uint tail = 0;
        for (int i = rest.Length - 1; i >= 0; i--)
        {
            tail = (tail << 8) | rest[i];
        }

        // A tail of no bytes mixes to 0.
        hash ^= Mix(tail) ^ (uint)data.Length;
        hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
        return hash ^ (hash >> 16);
    }

    private static uint Mix(uint part) => BitOperations.RotateLeft(part * 0xcc9e2d51, 15) * 0x1b873593;
}
