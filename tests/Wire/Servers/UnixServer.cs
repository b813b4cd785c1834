using System.Net.Sockets;
using LivenessEngine.Memcached;
using LivenessEngine.Testing;

namespace LivenessEngine.Wire.Servers;

internal sealed class UnixServer(MemcachedTransport transport) : SharedServer
{
    private readonly TemporaryFolder _folder = new();
    private int _count;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    internal override Task<WireServer> StartAsync(IReadOnlyList<string> flags)
        => Task.FromResult<WireServer>(new SocketServer(new UnixDomainSocketEndPoint(_folder[$"{++_count}"]), flags, transport));
}
