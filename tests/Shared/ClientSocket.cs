using System.Net;
using System.Net.Sockets;

namespace LivenessEngine.Testing;

internal static class ClientSocket
{
    /// <summary>A bare connection to a server.</summary>
    public static async Task<Socket> OpenAsync(EndPoint endPoint)
    {
        var socket = new Socket(
            endPoint.AddressFamily, SocketType.Stream, endPoint is UnixDomainSocketEndPoint ? ProtocolType.Unspecified : ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(endPoint, TestContext.Current.CancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
