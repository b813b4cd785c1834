using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace LivenessEngine.Daemon.Serving.Sockets;

/// <summary>
/// Where a daemon waits for the one that takes over from it: a name beside its first address, in the same network
/// namespace (an abstract unix socket, unix(7)), and so taken by one daemon at a time, as the address itself.
/// </summary>
internal static class TakeOverAddress
{
    /// <summary>The first byte of a message: what the descriptors with it are.</summary>
    public const byte Ask = (byte)'T', Listening = (byte)'L', Clients = (byte)'C', End = (byte)'E';

    // The address of a unix socket has 108 bytes.
    private const int LongestName = 80;

    private const int SolSocket = 1, PeerCredentials = 17;

    public static UnixDomainSocketEndPoint Of(EndPoint first)
    {
        string name = first.ToString()!;
        return new UnixDomainSocketEndPoint($"\0liveness-take-over/{name[Math.Max(name.Length - LongestName, 0)..]}");
    }

    public static Socket NewSocket() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    /// <summary>Which process is at the other end, and whose it is. The kernel says so, and nobody can forge it.</summary>
    public static (int Process, uint User) Peer(Socket socket)
    {
        Span<int> credentials = stackalloc int[3];
        socket.GetRawSocketOption(SolSocket, PeerCredentials, MemoryMarshal.AsBytes(credentials));
        return (credentials[0], (uint)credentials[1]);
    }
}
