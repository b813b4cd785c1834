using System.Text;
using CsCheck;
using LivenessEngine.Table;

namespace LivenessEngine.Tests.Table;

/// <summary>Each line was tried on memcached 1.6: <c>set n 0 0 len</c>, the value, <c>incr n 0</c>.</summary>
public sealed class DecimalValueTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("5", 5)]
    [InlineData("007", 7)]
    [InlineData("5 abc", 5)]
    [InlineData("5  ", 5)]
    [InlineData("5\tx", 5)]
    [InlineData(" 5", 5)]
    [InlineData("\t\n\v\f\r 5", 5)]
    [InlineData("+5", 5)]
    [InlineData(" +5", 5)]
    [InlineData("5\0x", 5)]
    [InlineData("-0", 0)]
    [InlineData("-18446744073709551615", 1)]
    [InlineData("18446744073709551615", ulong.MaxValue)]
    [InlineData("00000000000000000000000000000000000000018446744073709551615", ulong.MaxValue)]
    public void A_number(string value, ulong expected)
    {
        Assert.True(DecimalValue.TryParse(Encoding.ASCII.GetBytes(value + "\r\n"), out ulong number));
        Assert.Equal(expected, number);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("abc")]
    [InlineData("5a")]
    [InlineData("5.0")]
    [InlineData("0x10")]
    [InlineData("1e3")]
    [InlineData("1,000")]
    [InlineData("-1")]
    [InlineData("-9223372036854775808")]
    [InlineData("- 0")]
    [InlineData("\0")]
    [InlineData("+")]
    [InlineData("++5")]
    [InlineData("+ 5")]
    [InlineData("18446744073709551616")]
    [InlineData("99999999999999999999999")]
    public void Not_a_number(string value)
        => Assert.False(DecimalValue.TryParse(Encoding.ASCII.GetBytes(value + "\r\n"), out _));

    [Fact]
    public void What_is_written_can_be_read()
        => Gen.ULong.Sample(number =>
        {
            Span<byte> digits = stackalloc byte[DecimalValue.MaxDigits + 2];
            int count = DecimalValue.Format(number, digits);
            "\r\n"u8.CopyTo(digits[count..]);
            return DecimalValue.TryParse(digits[..(count + 2)], out ulong read) && read == number;
        });
}
