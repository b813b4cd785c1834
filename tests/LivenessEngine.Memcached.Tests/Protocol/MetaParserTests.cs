using CsCheck;
using LivenessEngine.Memcached.Protocol;

namespace LivenessEngine.Memcached.Tests.Protocol;

public sealed class MetaParserTests
{
    private static readonly Gen<string> Line =
        from command in Gen.OneOf("mg", "ms", "md", "ma")
        from key in Gen.OneOf("a", "aGVsbG8=", "!", new string('k', 250), new string('k', 251))
        from length in Gen.OneOf("0", "1", "x")
        from flags in Gen.OneOf(
            Gen.OneOf("b", "c", "v", "k", "q", "O1", "T1", "Tx", "N1", "N", "R1", "C1", "C-1", "E1", "F1", "Fx", "MA", "MI", "M", "J1", "D1", "x", "I", "Z", "1"),
            Gen.Char[' ', '\u00ff'].Array[1, 40].Select(chars => new string(chars))).Array[0, 22]
        select $"{command} {key} {(command == "ms" ? length + " " : "")}{string.Join(' ', flags)}";

    [Theory]
    [InlineData("mg a", nameof(MetaFault.None))]
    [InlineData("mg a v k Oabc q", nameof(MetaFault.None))]
    [InlineData("mg a v v", nameof(MetaFault.DuplicateFlag))]
    [InlineData("mg a Z", nameof(MetaFault.InvalidFlag))]
    [InlineData("mg a !", nameof(MetaFault.InvalidFlag))]
    [InlineData("mg a 1 1", nameof(MetaFault.InvalidFlag))]
    [InlineData("mg a \u007f", nameof(MetaFault.DuplicateFlag))]
    [InlineData("mg a \u00ff", nameof(MetaFault.DuplicateFlag))]
    [InlineData("mg a ~", nameof(MetaFault.InvalidFlag))]
    [InlineData("mg a @", nameof(MetaFault.InvalidFlag))]
    [InlineData("mg a Tx", nameof(MetaFault.BadToken))]
    [InlineData("mg a T", nameof(MetaFault.BadToken))]
    [InlineData("mg a Tx Z", nameof(MetaFault.InvalidFlag))]
    [InlineData("mg a b", nameof(MetaFault.BadKey))]
    [InlineData("mg a b Tx", nameof(MetaFault.BadToken))]
    [InlineData("mg a Tx b", nameof(MetaFault.BadKey))]
    [InlineData("mg a Tx Fx", nameof(MetaFault.BadToken))]
    [InlineData("mg a Fx", nameof(MetaFault.BadFormat))]
    [InlineData("mg a Jx", nameof(MetaFault.InvalidInitial))]
    [InlineData("mg a Dx", nameof(MetaFault.InvalidDelta))]
    [InlineData("mg a MX", nameof(MetaFault.None))]
    [InlineData("ms a 1 MX", nameof(MetaFault.InvalidSetMode))]
    [InlineData("ms a 1 M", nameof(MetaFault.InvalidSetMode))]
    [InlineData("ms a 1 MEx", nameof(MetaFault.None))]
    [InlineData("ma a MX", nameof(MetaFault.InvalidArithmeticMode))]
    [InlineData("ma a M", nameof(MetaFault.InvalidArithmeticMode))]
    [InlineData("ma a Jx", nameof(MetaFault.InvalidOrDuplicateFlag))]
    [InlineData("ma a b", nameof(MetaFault.InvalidOrDuplicateFlag))]
    [InlineData("mg a Oabcdefghijklmnopqrstuvwxyz01234", nameof(MetaFault.None))]
    [InlineData("mg a Oabcdefghijklmnopqrstuvwxyz012345", nameof(MetaFault.OpaqueTooLong))]
    [InlineData("mg a c f h k l q s t u v N1 R1 T1 P L I F1 C1", nameof(MetaFault.None))]
    [InlineData("mg a c f h k l q s t u v N1 R1 T1 P L I F1 C1 E1", nameof(MetaFault.TooManyFlags))]
    [InlineData("ms a 1 c f h k l q s t u v N1 R1 T1 P L I F1 C1", nameof(MetaFault.TooManyFlags))]
    public void A_fault_is_told(string line, string expected) => Assert.Equal(expected, Parse(line, out _, out _).ToString());

    [Fact]
    public void Tokens_are_read()
    {
        Assert.Equal(
            MetaFault.None,
            Parse("ms aGVsbG8= 7 b T-1 N2 R3 C4 E5 F6 D7 J8 MA q I", out MetaRequest request, out byte[] key));
        Assert.Equal("hello"u8, key);
        Assert.Equal((-1L, 2L, 3L, 4ul, 5ul, 6u), (request.Exptime, request.VivifyExptime, request.Recache, request.Cas, request.Version, request.ClientFlags));
        Assert.Equal((7ul, 8ul, (byte)'A'), (request.Delta, request.Initial, request.Mode));
        Assert.True(request.IsQuiet && request.IsBinaryKey && request.Has('I') && !request.Has('x') && !request.Has('k'));
        Assert.True(request.HasExptimeBefore((byte)'N') && !request.HasExptimeBefore((byte)'b'));
    }

    [Fact]
    public void Delta_is_1_unless_it_is_told()
    {
        Assert.Equal(MetaFault.None, Parse("ma n", out MetaRequest request, out _));
        Assert.Equal(1ul, request.Delta);
    }

    // What it throws would be a fault; and a good request has a key that can be stored.
    [Fact]
    public void Any_line_can_be_parsed()
        => Line.Sample(line =>
        {
            if (Parse(line, out MetaRequest request, out byte[] key) == MetaFault.None && request.Flags.Length >= 0)
            {
                Assert.InRange(key.Length, 1, RequestParser.MaxKeyLength);
            }
        });

    private static MetaFault Parse(string line, out MetaRequest request, out byte[] key)
    {
        request = default;
        key = "?"u8.ToArray();
        if (RequestParser.Parse(Bytes.Of(line), 2, out Request words) != ParseResult.Done)
        {
            return MetaFault.None;
        }

        MetaFault fault = MetaParser.Parse(words, new byte[RequestParser.MaxKeyLength], out request);
        key = request.Key.ToArray();
        return fault;
    }
}
