using System.Buffers.Binary;

namespace LivenessEngine.Fuzz;

/// <summary>Reads binary replies as a strict client does.</summary>
internal static class BinaryReplyReader
{
    private const byte Magic = 0x81;
    private const byte Stat = 0x10;

    // What memcached has: protocol_binary.h.
    private static readonly ushort[] Statuses = [0, 1, 2, 3, 4, 5, 6, 8, 0x20, 0x21, 0x81, 0x82, 0x84];

    /// <summary>Where the replies stop being replies of memcached; -1 when all of them are.</summary>
    public static int FirstError(ReadOnlySpan<byte> replies, out int answered)
    {
        answered = 0;
        int at = 0;
        while (at < replies.Length)
        {
            ReadOnlySpan<byte> rest = replies[at..];
            if (rest.Length < BinaryPacket.HeaderLength || rest[0] != Magic || rest[5] != 0)
            {
                return at;
            }

            int keyLength = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            int extrasLength = rest[4];
            uint bodyLength = BinaryPrimitives.ReadUInt32BigEndian(rest[8..]);
            if (keyLength + extrasLength > bodyLength
                || bodyLength > (uint)(rest.Length - BinaryPacket.HeaderLength)
                || !Statuses.Contains(BinaryPrimitives.ReadUInt16BigEndian(rest[6..])))
            {
                return at;
            }

            // The lines of a stat end with an empty one.
            answered += rest[1] == Stat && keyLength > 0 ? 0 : 1;
            at += BinaryPacket.HeaderLength + (int)bodyLength;
        }

        return -1;
    }
}
