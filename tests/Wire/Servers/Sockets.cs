using System.Net;
using System.Net.Sockets;

namespace LivenessEngine.Wire.Servers;

internal static class Sockets
{
    public static async Task<WireClient> ConnectAsync(EndPoint endPoint)
    {
        Socket socket = await OpenAsync(endPoint);
        return new WireClient(new NetworkStream(socket, ownsSocket: true), () => socket.Shutdown(SocketShutdown.Send));
    }

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
