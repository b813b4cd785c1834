using System.Net;
using System.Net.Sockets;
using LivenessEngine.Testing;
using LivenessEngine.Wire.Exchanges;
using LivenessEngine.Wire.Servers;

namespace LivenessEngine.Wire;

/// <summary>The whole table on our server in this process, over real sockets.</summary>
public sealed class SocketTests(SocketTests.TcpServer tcp, SocketTests.UnixServer unix)
    : IClassFixture<SocketTests.TcpServer>, IClassFixture<SocketTests.UnixServer>
{
    public static TheoryData<string> Names => MemoryTests.Names;

    [Theory, MemberData(nameof(Names))]
    public async Task Over_tcp(string name) => await tcp.PlayAsync(ExchangeTable.Named(name));

    [Theory, MemberData(nameof(Names))]
    public async Task Over_a_unix_socket(string name) => await unix.PlayAsync(ExchangeTable.Named(name));

    public sealed class TcpServer : SharedServer
    {
        internal override Task<WireServer> StartAsync(IReadOnlyList<string> flags)
            => Task.FromResult<WireServer>(new SocketServer(new IPEndPoint(IPAddress.Loopback, 0), flags));
    }

    public sealed class UnixServer : SharedServer
    {
        private readonly TemporaryFolder _folder = new();
        private int _count;

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            _folder.Dispose();
        }

        internal override Task<WireServer> StartAsync(IReadOnlyList<string> flags)
            => Task.FromResult<WireServer>(new SocketServer(new UnixDomainSocketEndPoint(_folder[$"{++_count}"]), flags));
    }
}
