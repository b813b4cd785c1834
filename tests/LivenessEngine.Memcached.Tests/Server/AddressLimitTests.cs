using System.Net;
using LivenessEngine.Memcached.Server;

namespace LivenessEngine.Memcached.Tests.Server;

public sealed class AddressLimitTests
{
    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    [InlineData("fe80::1:2", "fe80::1:2")]
    [InlineData("::1", "::1")]
    public void An_address_counts_for_whoever_has_it(string address, string owner)
        => Assert.Equal(IPAddress.Parse(owner), AddressLimit.OwnerOf(IPAddress.Parse(address)));

    [Fact]
    public void There_is_room_again_when_one_has_gone()
    {
        var limit = new AddressLimit(2);
        Assert.True(limit.TryEnter(IPAddress.Loopback) && limit.TryEnter(IPAddress.Loopback) && limit.TryEnter(IPAddress.IPv6Loopback));
        Assert.False(limit.TryEnter(IPAddress.Loopback));

        limit.Leave(IPAddress.Loopback);

        Assert.True(limit.TryEnter(IPAddress.Loopback));
    }
}
