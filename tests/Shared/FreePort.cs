using System.Net;
using System.Net.Sockets;

namespace LivenessEngine.Testing;

internal static class FreePort
{
    private const int Tries = 100;

    // Below those that the system gives to clients (32768 to 60999 on Linux), one of which could take it before the server
    // does. Processes begin at different ones, and none gives the same one twice soon.
    private const int First = 10_000, Last = 32_000;

    private static int s_next = Random.Shared.Next(Last - First);

    /// <summary>A port of the loopback address that nobody listens on by TCP, and nobody takes datagrams at.</summary>
    public static int Next()
    {
        for (int left = Tries; ; left--)
        {
            var endPoint = new IPEndPoint(IPAddress.Loopback, First + ((Interlocked.Increment(ref s_next) & int.MaxValue) % (Last - First)));
            using var listener = new TcpListener(endPoint);
            using var datagrams = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                listener.Start();
                datagrams.Bind(endPoint);
                return endPoint.Port;
            }
            catch (SocketException) when (left > 0)
            {
                // Somebody's.
            }
        }
    }
}
