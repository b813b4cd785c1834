using System.Buffers.Binary;
using System.Net;

namespace LivenessEngine.Memcached.Transports.Loops;

/// <summary>The address at the other end of a TCP connection.</summary>
internal static unsafe class PeerName
{
    private const int IPv4 = 2, IPv6 = 10;
    private const int Longest = 128;

    /// <summary>Null when the client is gone already.</summary>
    public static IPEndPoint? Of(int socket)
    {
        // struct sockaddr_in and sockaddr_in6 (ip(7), ipv6(7)): family, port, and then the address; of IPv6 behind its flow label.
        byte* name = stackalloc byte[Longest];
        uint length = Longest;
        if (Libc.GetPeerName(socket, name, &length) != 0)
        {
            return null;
        }

        var bytes = new ReadOnlySpan<byte>(name, (int)length);
        int port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return *(ushort*)name switch
        {
            IPv4 => new IPEndPoint(new IPAddress(bytes.Slice(4, 4)), port),
            IPv6 => new IPEndPoint(new IPAddress(bytes.Slice(8, 16), *(uint*)(name + 24)), port),
            _ => null,
        };
    }
}
