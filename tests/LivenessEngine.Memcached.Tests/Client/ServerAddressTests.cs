using System.Net;
using System.Net.Sockets;
using LivenessEngine.Memcached.Client;

namespace LivenessEngine.Memcached.Tests.Client;

public sealed class ServerAddressTests
{
    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", 11211)]
    [InlineData("127.0.0.1:1", "127.0.0.1", 1)]
    [InlineData("127.0.0.1:65535", "127.0.0.1", 65535)]
    [InlineData("[::1]:5", "::1", 5)]
    [InlineData("[::1]", "::1", 11211)]
    [InlineData("::1", "::1", 11211)]
    [InlineData("fe80::1:2:3", "fe80::1:2:3", 11211)]
    public void An_ip_address(string text, string address, int port)
        => Assert.Equal(new IPEndPoint(IPAddress.Parse(address), port), ServerAddress.Parse(text));

    [Theory]
    [InlineData("localhost", "localhost", 11211)]
    [InlineData("cache.example.org:11311", "cache.example.org", 11311)]
    public void A_name(string text, string host, int port)
    {
        var parsed = Assert.IsType<DnsEndPoint>(ServerAddress.Parse(text));
        Assert.Equal((host, port), (parsed.Host, parsed.Port));
    }

    [Theory]
    [InlineData("unix:/run/liveness.sock", "/run/liveness.sock")]
    [InlineData("/run/liveness.sock", "/run/liveness.sock")]
    [InlineData("unix:liveness.sock", "liveness.sock")]
    [InlineData("/run/with:colon", "/run/with:colon")]
    public void A_unix_socket(string text, string path)
        => Assert.Equal(path, Assert.IsType<UnixDomainSocketEndPoint>(ServerAddress.Parse(text)).ToString());

    [Theory]
    [InlineData("")]
    [InlineData(":11211")]
    [InlineData("host:")]
    [InlineData("host:x")]
    [InlineData("host:-1")]
    [InlineData("host:65536")]
    [InlineData("host:99999999999")]
    [InlineData("host: 1")]
    [InlineData("a host")]
    [InlineData("a:1\nb:1")]
    [InlineData("a\nb")]
    [InlineData("a:1:2")]
    [InlineData("[a:b]:1")]
    [InlineData("[]:1")]
    [InlineData("[::1]x")]
    [InlineData("[::1]:")]
    [InlineData("[::1]:x")]
    [InlineData("[::1]5")]
    [InlineData("[::1]::5")]
    [InlineData("unix:")]
    public void No_address(string text)
    {
        FormatException fault = Assert.Throws<FormatException>(() => ServerAddress.Parse(text));
        Assert.Contains($"'{text}'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("allowed", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_of_a_unix_socket_has_an_end()
    {
        FormatException fault = Assert.Throws<FormatException>(() => ServerAddress.Parse("/" + new string('x', 200)));
        Assert.Contains("allowed", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_port_may_come_from_elsewhere()
    {
        Assert.Equal(("host", 5), ServerAddress.Split("host", 5));
        Assert.Equal(("host", 6), ServerAddress.Split("host:6", 5));
    }
}
