using System.Net;
using System.Net.Sockets;
using LivenessEngine.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace LivenessEngine.Memcached.Tests;

public sealed class MemcachedListenerTests
{
    private static readonly IPEndPoint Free = new(IPAddress.Loopback, 0);

    [Fact]
    public void An_end_point_is_a_listener_as_the_server_says()
    {
        MemcachedListener listener = Free;

        Assert.Same(Free, listener.EndPoint);
        Assert.Null(listener.Protocol);
        Assert.Null(listener.Tls);
        Assert.Throws<ArgumentNullException>(() => new MemcachedListener(null!));
    }

    [Fact]
    public void At_another_address_it_stays_as_it_is()
    {
        var listener = new MemcachedListener(Free) { Protocol = MemcachedProtocol.Binary, Tls = MemcachedTls.Mutual };

        MemcachedListener moved = listener.At(new IPEndPoint(IPAddress.Loopback, 11211));

        Assert.Equal("127.0.0.1:11211", moved.ToString());
        Assert.Equal((MemcachedProtocol.Binary, MemcachedTls.Mutual), (moved.Protocol, moved.Tls));
    }

    [Theory]
    [InlineData("127.0.0.1:11211", "127.0.0.1:11211", true)]
    [InlineData("127.0.0.1:11211", "127.0.0.1:11212", false)]
    [InlineData("0.0.0.0:11211", "127.0.0.1:11211", true)]
    [InlineData("0.0.0.0:11211", "[::1]:11211", false)]
    [InlineData("[::]:11211", "[::1]:11211", true)]
    [InlineData("127.0.0.2:11211", "127.0.0.1:11211", false)]
    public void A_connection_is_known_by_its_own_end(string address, string local, bool expected)
        => Assert.Equal(expected, new MemcachedListener(IPEndPoint.Parse(address)).Took(IPEndPoint.Parse(local)));

    [Fact]
    public async Task Each_listener_has_its_protocol()
    {
        await using var engine = new TestEngine();
        var options = new MemcachedServerOptions
        {
            Protocol = MemcachedProtocol.Ascii,
            Listeners = { Free, new MemcachedListener(Free) { Protocol = MemcachedProtocol.Binary } },
        };
        await using var server = new MemcachedServer(engine.Engine, options, NullLogger.Instance);

        server.Start();

        Assert.StartsWith("VERSION ", await AskAsync(server.EndPoints[0]), StringComparison.Ordinal);
        Assert.Equal("", await AskAsync(server.EndPoints[1]));
    }

    [Theory, InlineData(MemcachedTls.On), InlineData(MemcachedTls.Mutual)]
    public async Task A_listener_for_TLS_needs_a_server_that_has_it(MemcachedTls tls)
    {
        await using var engine = new TestEngine();
        var options = new MemcachedServerOptions { Listeners = { new MemcachedListener(new IPEndPoint(IPAddress.Loopback, 11211)) { Tls = tls } } };

        var error = Assert.Throws<ArgumentException>(() => new MemcachedServer(engine.Engine, options, NullLogger.Instance));

        Assert.StartsWith("Listeners: 127.0.0.1:11211 ", error.Message, StringComparison.Ordinal);
    }

    // Until the reply, or until the server closes.
    private static async Task<string> AskAsync(EndPoint endPoint)
    {
        using Socket client = await ClientSocket.OpenAsync(endPoint);
        await client.SendAsync(Bytes.Of("version\r\n"), TestContext.Current.CancellationToken);
        byte[] reply = new byte[100];
        int length = await Eventually.Of(client.ReceiveAsync(reply, TestContext.Current.CancellationToken).AsTask(), "a reply");
        return System.Text.Encoding.ASCII.GetString(reply, 0, length);
    }
}
