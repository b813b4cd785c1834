using System.Net;
using LivenessEngine.Memcached;

namespace LivenessEngine.Wire.Servers;

internal sealed class TcpServer(MemcachedTransport transport) : SharedServer
{
    internal override Task<WireServer> StartAsync(IReadOnlyList<string> flags)
        => Task.FromResult<WireServer>(new SocketServer(new IPEndPoint(IPAddress.Loopback, 0), flags, transport));
}
