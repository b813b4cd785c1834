using System.Buffers.Binary;
using System.Text;

namespace LivenessEngine.Fuzz;

/// <summary>A packet of the binary protocol, to build and to take apart: slow, obvious, and written without a look at the server's parser.</summary>
internal static class BinaryPacket
{
    public const byte RequestMagic = 0x80;
    public const int HeaderLength = 24;
    public const int VersionAt = 16;
    public const int VersionLength = 8;

    /// <summary>A request in bytes, each a character; its version may be a character that stands for one (<see cref="Differential.Sequence"/>).</summary>
    public static string Request(byte opcode, string key, string extras, string value, uint opaque, string version)
    {
        byte[] header = new byte[VersionAt];
        header[0] = RequestMagic;
        header[1] = opcode;
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)key.Length);
        header[4] = (byte)extras.Length;
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(8), (uint)(extras.Length + key.Length + value.Length));
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(12), opaque);
        return Encoding.Latin1.GetString(header) + version + extras + key + value;
    }

    /// <summary>A number of so many bytes, the highest first.</summary>
    public static string Number(ulong number, int length)
        => string.Concat(Enumerable.Range(0, length).Select(i => (char)(byte)(number >> (8 * (length - 1 - i)))));

    public static uint NumberAt(string packet, int at, int length)
    {
        uint number = 0;
        for (int i = at; i < at + length; i++)
        {
            number = (number << 8) | packet[i];
        }

        return number;
    }
}
