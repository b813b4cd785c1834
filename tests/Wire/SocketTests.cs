using LivenessEngine.Memcached;
using LivenessEngine.Memcached.Transports.Uring;
using LivenessEngine.Wire.Exchanges;
using LivenessEngine.Wire.Servers;

namespace LivenessEngine.Wire;

/// <summary>The whole table on our server in this process, over real sockets, on every transport that this system has.</summary>
public sealed class SocketTests(SocketTests.Servers servers) : IClassFixture<SocketTests.Servers>
{
    public static TheoryData<MemcachedTransport, string> Rows => new(
        from transport in Transports from exchange in ExchangeTable.All select (transport, exchange.Name));

    private static IEnumerable<MemcachedTransport> Transports
        => UringTransport.IsSupported ? [MemcachedTransport.IoUring, MemcachedTransport.Epoll, MemcachedTransport.Sockets]
            : OperatingSystem.IsLinux() ? [MemcachedTransport.Epoll, MemcachedTransport.Sockets]
            : [MemcachedTransport.Sockets];

    [Theory, MemberData(nameof(Rows))]
    public Task Over_tcp(MemcachedTransport transport, string name) => servers.Tcp[transport].PlayAsync(ExchangeTable.Named(name));

    [Theory, MemberData(nameof(Rows))]
    public Task Over_a_unix_socket(MemcachedTransport transport, string name) => servers.Unix[transport].PlayAsync(ExchangeTable.Named(name));

    public sealed class Servers : IAsyncDisposable
    {
        internal Dictionary<MemcachedTransport, TcpServer> Tcp { get; } = Transports.ToDictionary(it => it, it => new TcpServer(it));

        internal Dictionary<MemcachedTransport, UnixServer> Unix { get; } = Transports.ToDictionary(it => it, it => new UnixServer(it));

        public async ValueTask DisposeAsync()
        {
            foreach (SharedServer server in Tcp.Values.Concat<SharedServer>(Unix.Values))
            {
                await server.DisposeAsync();
            }
        }
    }
}
