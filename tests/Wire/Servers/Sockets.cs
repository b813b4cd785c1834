using System.Net;
using System.Net.Sockets;
using LivenessEngine.Testing;

namespace LivenessEngine.Wire.Servers;

internal static class Sockets
{
    public static async Task<WireClient> ConnectAsync(EndPoint endPoint)
    {
        Socket socket = await ClientSocket.OpenAsync(endPoint);
        return new WireClient(new NetworkStream(socket, ownsSocket: true), () => socket.Shutdown(SocketShutdown.Send));
    }
}
