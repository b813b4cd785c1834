using System.Net;
using System.Net.Sockets;

namespace LivenessEngine.Testing;

internal static class FreePort
{
    /// <summary>A TCP port of the loopback address that nobody listens on.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
