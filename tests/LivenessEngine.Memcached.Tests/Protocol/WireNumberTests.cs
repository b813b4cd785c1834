using LivenessEngine.Memcached.Protocol;

namespace LivenessEngine.Memcached.Tests.Protocol;

public sealed class WireNumberTests
{
    [Theory]
    [InlineData("0", 0UL)]
    [InlineData("1", 1UL)]
    [InlineData("007", 7UL)]
    [InlineData("+5", 5UL)]
    [InlineData("-0", 0UL)]
    [InlineData("18446744073709551615", ulong.MaxValue)]
    [InlineData("00000000000000000000000000000000018446744073709551615", ulong.MaxValue)]
    [InlineData("5 x", 5UL)]
    [InlineData("5\tx", 5UL)]
    [InlineData("5\n", 5UL)]
    [InlineData("5\v", 5UL)]
    [InlineData("5\f", 5UL)]
    [InlineData("5\r", 5UL)]
    public void An_unsigned_number(string text, ulong expected)
    {
        Assert.True(WireNumber.TryParse(Bytes.Of(text), out ulong value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("x")]
    [InlineData("-")]
    [InlineData("+")]
    [InlineData("+-1")]
    [InlineData("--1")]
    [InlineData("-1")]
    [InlineData("1x")]
    [InlineData("1.5")]
    [InlineData("1\u000e")]
    [InlineData("1\b")]
    [InlineData("0x10")]
    [InlineData("1\u0000")]
    [InlineData("18446744073709551616")]
    [InlineData("18446744073709551620")]
    [InlineData("99999999999999999999")]
    [InlineData("184467440737095516150")]
    public void No_unsigned_number(string text) => Assert.False(WireNumber.TryParse(Bytes.Of(text), out ulong _));

    [Fact]
    public void A_minus_before_a_number_so_large_that_it_turns_positive_is_let_through_as_memcached_does()
    {
        Assert.True(WireNumber.TryParse("-18446744073709551615"u8, out ulong value));
        Assert.Equal(1UL, value);
    }

    [Theory]
    [InlineData("0", 0L)]
    [InlineData("-0", 0L)]
    [InlineData("-1", -1L)]
    [InlineData("+1", 1L)]
    [InlineData("2592001", 2592001L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775807", -long.MaxValue)]
    [InlineData("-5 x", -5L)]
    public void A_signed_number(string text, long expected)
    {
        Assert.True(WireNumber.TryParse(Bytes.Of(text), out long value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("x")]
    [InlineData("1x")]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("99999999999999999999")]
    public void No_signed_number(string text) => Assert.False(WireNumber.TryParse(Bytes.Of(text), out long _));
}
