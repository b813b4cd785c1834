using System.Net;
using System.Net.Sockets;

namespace LivenessEngine.Testing;

internal static class FreePort
{
    private const int Tries = 100;

    /// <summary>A port of the loopback address that nobody listens on by TCP, and nobody takes datagrams at.</summary>
    public static int Next()
    {
        for (int left = Tries; ; left--)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var endPoint = (IPEndPoint)listener.LocalEndpoint;
            using var datagrams = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                datagrams.Bind(endPoint);
                return endPoint.Port;
            }
            catch (SocketException) when (left > 0)
            {
                // Somebody's by UDP.
            }
        }
    }
}
