using LivenessEngine.Memcached.Protocol;

namespace LivenessEngine.Memcached.Tests.Protocol;

public sealed class UdpFrameTests
{
    [Theory]
    [InlineData("1234000000010000" + "20", true)]
    [InlineData("1234000500010077" + "20", true)]
    [InlineData("1234000000010000", false)]
    [InlineData("12340000000100", false)]
    [InlineData("", false)]
    [InlineData("1234000000020000" + "20", false)]
    [InlineData("1234000000000000" + "20", false)]
    [InlineData("1234000001000000" + "20", false)]
    public void A_request_is_one_datagram_with_something_in_it(string datagram, bool expected)
    {
        Assert.Equal(expected, UdpFrame.TryRead(Convert.FromHexString(datagram), out ushort request));
        Assert.Equal(expected ? 0x1234 : 0, request);
    }

    [Fact]
    public void A_header_counts_the_high_byte_first()
    {
        byte[] header = new byte[UdpFrame.HeaderBytes];

        UdpFrame.Write(header, 0xabcd, 258, 772);

        Assert.Equal("ABCD010203040000", Convert.ToHexString(header));
    }
}
