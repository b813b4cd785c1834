using CsCheck;
using LivenessEngine.Memcached.Protocol;

namespace LivenessEngine.Memcached.Tests.Protocol;

public sealed class Base64KeyTests
{
    [Theory]
    [InlineData("aGVsbG8=", "hello")]
    [InlineData("AQ==", "\u0001")]
    [InlineData("aGVs", "hel")]
    [InlineData("aGVs!bG8=", "hello")]
    [InlineData("aGVsbG8=aGVs", "hello")]
    [InlineData("ab=c", "i\u00b0")]
    [InlineData("", "")]
    [InlineData("a", "")]
    [InlineData("abc", "")]
    [InlineData("!!!!", "")]
    [InlineData("a===", "")]
    [InlineData("====", "")]
    public void Keys_are_decoded_as_memcached_does(string source, string key)
    {
        byte[] target = new byte[Math.Max(source.Length, 1)];
        int length = Base64Key.Decode(Bytes.Of(source), target);
        Assert.Equal(key, Bytes.ToText(target.AsSpan(0, length)));
    }

    [Fact]
    public void What_is_encoded_is_decoded()
        => Gen.Byte.Array[1, RequestParser.MaxKeyLength].Sample(key =>
        {
            byte[] encoded = new byte[Base64Key.MaxEncodedLength];
            int length = Base64Key.Encode(key, encoded);
            byte[] decoded = new byte[length];
            Assert.Equal(key, decoded[..Base64Key.Decode(encoded.AsSpan(0, length), decoded)]);
        });

    [Fact]
    public void Nothing_is_written_beyond_the_length_of_what_is_read()
        => Gen.Byte.Array[1, RequestParser.MaxKeyLength].Sample(source =>
        {
            byte[] target = new byte[source.Length];
            Assert.InRange(Base64Key.Decode(source, target), 0, source.Length);
        });
}
