using LivenessEngine.Memcached.Server.Udp;
using LivenessEngine.Testing;

namespace LivenessEngine.Memcached.Tests.Server.Udp;

/// <summary>What datagrams are answered with, without a socket. StockUdpTests has memcached's own answers.</summary>
public sealed class UdpExchangeTests : IAsyncDisposable
{
    private const string Header = "\u0012\u0034\0\0\0\u0001\0\0";

    private readonly MemoryServer _server = new();
    private readonly UdpExchange _exchange;
    private readonly List<byte[]> _sent = [];

    public UdpExchangeTests() => _exchange = new UdpExchange(_server.Server.Context);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public void Each_request_has_a_reply_of_its_own()
    {
        Assert.Equal(["STORED\r\n", "VALUE a 0 1\r\n1\r\nEND\r\n", "END\r\n"], Ask("set a 0 0 1\r\n1\r\nget a\r\nget b\r\n"));
        Assert.Equal(["END\r\n"], Ask("set a 0 0 1 noreply\r\n2\r\nget c\r\n"));
        Assert.Equal(["VA 1\r\n2\r\n", "MN\r\n"], Ask("mg b v q\r\nmg a v\r\nmn\r\n"));
    }

    [Fact]
    public void Several_keys_are_one_reply()
        => Assert.Equal(["STORED\r\n", "VALUE a 0 1\r\n1\r\nVALUE a 0 1\r\n1\r\nEND\r\n"], Ask("set a 0 0 1\r\n1\r\nget a b a\r\n"));

    [Fact]
    public void What_is_not_whole_is_no_request_and_nothing_of_it_stays()
    {
        Assert.Empty(Ask("get "));
        Assert.Empty(Ask("set a 0 0 9\r\n12"));
        Assert.Empty(Ask("quit\r\nget a\r\n"));
        Assert.Empty(Ask(new string('k', 3000)));
        Assert.Equal(["ERROR\r\n"], Ask("345\r\n"));
        Assert.Equal(["END\r\n"], Ask("get a\r\n"));
    }

    [Theory, InlineData(1391, 1), InlineData(1392, 1), InlineData(1393, 2), InlineData(100_000, 72), InlineData(1_000_000, 719)]
    public void A_long_reply_is_cut_into_datagrams_that_count(int reply, int datagrams)
    {
        int length = reply - $"VALUE a 0 {reply}\r\n\r\nEND\r\n".Length;
        _server.Connect().Ask($"set a 0 0 {length}\r\n{new string('x', length)}\r\n");

        string whole = string.Concat(Ask("get a\r\n"));

        Assert.StartsWith($"VALUE a 0 {length}\r\nxxx", whole, StringComparison.Ordinal);
        Assert.EndsWith("x\r\nEND\r\n", whole, StringComparison.Ordinal);
        Assert.Equal(datagrams, _sent.Count);
        Assert.All(_sent, (datagram, number) =>
        {
            Assert.True(datagram.Length <= 1400);
            Assert.Equal(
                (byte[])[0x12, 0x34, (byte)(number >> 8), (byte)number, (byte)(datagrams >> 8), (byte)datagrams, 0, 0], datagram.AsSpan(0, 8).ToArray());
        });
    }

    [Fact]
    public void Nobody_gets_much_more_than_one_value_out_of_one_datagram()
    {
        _server.Connect().Ask($"set a 0 0 1000000\r\n{new string('x', 1_000_000)}\r\n");

        Assert.Equal(["SERVER_ERROR out of memory writing a reply by UDP\r\n"], Ask("get a a a\r\n"));
        Assert.Equal(["END\r\n"], Ask("get b\r\n"));

        // Three replies of 719 datagrams: the third is over the bound.
        Ask(string.Concat(Enumerable.Repeat("get a\r\n", 100)));
        Assert.Equal(3 * 719, _sent.Count);
    }

    [Fact]
    public void What_is_too_much_by_the_binary_protocol_is_not_answered_in_words()
    {
        MemoryConnection client = _server.Connect();
        client.Ask("stats detail on\r\n");
        client.Ask(string.Concat(Enumerable.Range(0, 10_000).Select(i => $"get {new string('p', 230)}{i}:a\r\n")));

        Assert.Empty(Ask(Packets.Request(Packets.Stat, "detail dump")));
        Assert.Equal([Packets.Reply(Packets.NoOp)], Ask(Packets.Request(Packets.NoOp)));
    }

    [Fact]
    public void Nobody_watches_and_nothing_is_kept_for_who_asks()
    {
        Assert.Equal(["CLIENT_ERROR watch commands not allowed\r\n", "END\r\n"], Ask("watch fetchers liveness newgroup\r\nget a\r\n"));

        Assert.Equal(0, _server.Server.Context.Events.NextId() - 1);
        Assert.DoesNotContain("newgroup", _server.Engine.Groups.Names);
    }

    [Fact]
    public void Heartbeats_count()
    {
        Assert.Equal(["STORED\r\n"], Ask("set compute:node1 0 0 2\r\nok\r\n"));

        Assert.StartsWith("STAT compute:node1 up ", Ask("stats liveness\r\n")[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task There_is_none_beside_authentication()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["users"], "user:word\n", TestContext.Current.CancellationToken);
        await using var engine = new TestEngine();
        var options = new MemcachedServerOptions { AuthenticationFile = folder["users"], UdpEndPoints = { new(System.Net.IPAddress.Loopback, 0) } };

        var error = Assert.Throws<ArgumentException>(() => new MemcachedServer(engine.Engine, options, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance));

        Assert.StartsWith("UdpEndPoints: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task There_is_none_beside_TLS()
    {
        await using var engine = new TestEngine();
        var options = new MemcachedServerOptions { Tls = new MemcachedTlsOptions { CertificateChain = "chain.pem" }, UdpEndPoints = { new(System.Net.IPAddress.Loopback, 0) } };

        var error = Assert.Throws<ArgumentException>(() => new MemcachedServer(engine.Engine, options, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance));

        Assert.StartsWith("UdpEndPoints: ", error.Message, StringComparison.Ordinal);
    }

    // Replies without their headers, those that took several datagrams in pieces.
    private List<string> Ask(string requests)
    {
        _sent.Clear();
        _exchange.Answer(Bytes.Of(Header + requests), datagram => _sent.Add(datagram.ToArray()));
        return [.. _sent.Select(datagram => Bytes.ToText(datagram.AsSpan(8).ToArray()))];
    }
}
