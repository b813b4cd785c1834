using System.Buffers.Binary;

namespace LivenessEngine.Memcached.Protocol;

/// <summary>
/// What each datagram begins with (memcached, protocol.txt, "UDP protocol"), four numbers of 16 bits, the high byte first:
/// the request that it belongs to, its place in the message, the datagrams of the message, and a zero.
/// </summary>
internal static class UdpFrame
{
    public const int HeaderBytes = 8;

    /// <summary>As much as fits a frame of Ethernet with some room (memcached, UDP_MAX_PAYLOAD_SIZE).</summary>
    public const int MostBytes = 1400;

    /// <summary>Of the message itself, in one datagram.</summary>
    public const int MostPayload = MostBytes - HeaderBytes;

    /// <summary>As many as the header can count.</summary>
    public const int MostDatagrams = ushort.MaxValue;

    private const int CountAt = 4;

    /// <summary>
    /// Reads the number of a request. False for what is to be ignored: what has no request in it, or a part of one, for a
    /// request is one datagram.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out ushort request)
    {
        if (datagram.Length <= HeaderBytes || BinaryPrimitives.ReadUInt16BigEndian(datagram[CountAt..]) != 1)
        {
            request = 0;
            return false;
        }

        request = BinaryPrimitives.ReadUInt16BigEndian(datagram);
        return true;
    }

    /// <summary>Writes the header of a datagram, of so many, of the reply to a request.</summary>
    public static void Write(Span<byte> header, ushort request, int number, int count)
    {
        BinaryPrimitives.WriteUInt16BigEndian(header, request);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)number);
        BinaryPrimitives.WriteUInt16BigEndian(header[CountAt..], (ushort)count);
        BinaryPrimitives.WriteUInt16BigEndian(header[(CountAt + 2)..], 0);
    }
}
