using System.Net;
using System.Net.Sockets;
using LivenessEngine.Memcached.Transports;
using LivenessEngine.Memcached.Transports.Epoll;
using LivenessEngine.Memcached.Transports.Loops;
using LivenessEngine.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace LivenessEngine.Memcached.Tests.Transports.Loops;

public sealed class FallbackTransportTests
{
    [Fact]
    public async Task Where_a_later_ring_is_refused_epoll_serves_and_says_so()
    {
        Assert.SkipUnless(EpollTransport.IsSupported, "only Linux has epoll");
        await using var engine = new TestEngine();
        var log = new ListLogger();
        int rings = 0;
        var options = new MemcachedServerOptions { Listeners = { new IPEndPoint(IPAddress.Loopback, 0) } };
        var transport = new FallbackTransport(
            () => new LoopSet(MemcachedTransport.IoUring, 2, name => ++rings == 2 ? throw new IOException("no more rings") : new EpollLoop(name, isOneOfMany: true)),
            () => EpollTransport.NewLoops(2),
            new ListeningSockets(options.Backlog, options.UnixSocketMode, NullLogger.Instance),
            engine.Engine.Clock,
            log);
        await using var server = new MemcachedServer(engine.Engine, options, transport, NullLogger.Instance);

        server.Start();

        using Socket client = await ClientSocket.OpenAsync(server.EndPoints[0]);
        await client.SendAsync(Bytes.Of("stats settings\r\n"), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(new NetworkStream(client));
        string? line = null;
        while (line != "END" && line?.StartsWith("STAT transport", StringComparison.Ordinal) != true)
        {
            line = await Eventually.Of(reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask(), "the settings");
        }

        Assert.Equal("STAT transport epoll", line);
        Assert.Contains(log.Lines, said => said.Contains("io_uring, event loop 2 of 2: no more rings", StringComparison.Ordinal));
    }
}
