using System.Net;
using System.Net.Sockets;
using LivenessEngine.Testing;

namespace LivenessEngine.Memcached.Tests.Server.Udp;

public sealed class UdpListenerTests
{
    [Fact]
    public async Task A_logger_that_fails_ends_neither_the_receiving_nor_the_stop()
    {
        var logger = new FailingLogger("< get a", "failed");
        var options = new MemcachedServerOptions { UdpEndPoints = { new IPEndPoint(IPAddress.Loopback, 0) } };
        await using var server = new MemoryServer(options, logger: logger);
        server.Server.Context.SetVerbosity(2);
        using var client = new UdpClient();
        client.Connect(server.Server.UdpEndPoints[0]);

        await client.SendAsync(Request("get a\r\n"), TestContext.Current.CancellationToken);
        await client.SendAsync(Request("get b\r\n"), TestContext.Current.CancellationToken);
        UdpReceiveResult reply = await Eventually.Of(client.ReceiveAsync(TestContext.Current.CancellationToken).AsTask(), "the second is answered");

        Assert.Equal("END\r\n", Bytes.ToText(reply.Buffer.AsSpan(8).ToArray()));
        Assert.Equal(2, logger.Failures);
        await server.Server.StopAsync(TestContext.Current.CancellationToken);
    }

    private static byte[] Request(string text) => Bytes.Of("\0\u0001\0\0\0\u0001\0\0" + text);
}
