using CsCheck;
using LivenessEngine.Memcached.Protocol.Binary;
using LivenessEngine.Testing;

namespace LivenessEngine.Memcached.Tests.Protocol.Binary;

public sealed class BinaryParserTests
{
    private static readonly Gen<int> ExtrasLength = Gen.Frequency((4, Gen.OneOf(0, 4, 8, 20)), (1, Gen.Int[0, 255]));
    private static readonly Gen<int> KeyLength = Gen.Frequency((6, Gen.Int[0, 4]), (1, Gen.OneOf(249, 250, 251, 65_535)));

    // Most tell the truth about the length of their body.
    private static readonly Gen<string> Request =
        from opcode in Gen.Frequency((8, Gen.Byte[0, 0x25]), (1, Gen.Byte))
        from extras in ExtrasLength
        from key in KeyLength
        from value in Gen.Frequency((3, Gen.Const(0L)), (1, Gen.Long[-30, 30]), (1, Gen.Long[0, uint.MaxValue - 70_000L]))
        from magic in Gen.Frequency((20, Gen.Const((byte)0x80)), (1, Gen.Byte))
        from body in Gen.Frequency((6, Gen.Const(extras + key)), (1, Gen.Int[0, 300]))
        select Packets.Lying(opcode, key, extras, (uint)Math.Max(key + extras + value, 0), new string('b', Math.Min(body, 600)), magic);

    private static readonly Gen<string> Mutated =
        from request in Request
        from at in Gen.Int[0, 30]
        from with in Gen.Byte
        from length in Gen.Frequency((3, Gen.Const(int.MaxValue)), (1, Gen.Int[0, 40]))
        select Mutate(request, at, (char)with)[..Math.Min(request.Length, length)];

    [Fact]
    public void Every_request_is_what_the_slow_parser_says()
        => Gen.OneOf(Request, Mutated).Sample(
            request => Assert.Equal(SlowBinaryParser.Parse([.. Bytes.Of(request)]), Describe(request)), iter: 100_000);

    [Fact]
    public void An_error_names_the_command_and_its_number()
    {
        Assert.Equal(BinaryParseResult.BadLengths, BinaryParser.Parse(Bytes.Of(Packets.Lying(0x09, 5, 0, 1)), out BinaryRequest request, out int length));

        Assert.Equal(Opcode.GetQ, request.Sender.Opcode);
        Assert.Equal(0xff706f01u, request.Sender.Opaque);
        Assert.Equal(0, length);
    }

    [Fact]
    public void Extras_are_read_as_what_they_are()
    {
        Parse(Packets.Store(Packets.Set, "key", "value", flags: 0xdeadbeef, exptime: 0xfedcba98), out BinaryRequest set);
        Assert.Equal((0xdeadbeef, 0xfedcba98, 5u), (set.Flags, set.Exptime, set.ValueLength));

        Parse(Packets.Count(Packets.Increment, "key", 1ul << 63, 77, 5), out BinaryRequest increment);
        Assert.Equal((1ul << 63, 77ul, 5u), (increment.Delta, increment.Initial, increment.Exptime));

        Parse(Packets.Request(Packets.Flush), out BinaryRequest flush);
        Assert.Equal(0u, flush.Exptime);
    }

    private static void Parse(string text, out BinaryRequest request)
        => Assert.Equal(BinaryParseResult.Done, BinaryParser.Parse(Bytes.Of(text), out request, out _));

    private static string Mutate(string request, int at, char with)
        => at < request.Length ? string.Concat(request.AsSpan(0, at), $"{with}", request.AsSpan(at + 1)) : request;

    private static string Describe(string text)
    {
        BinaryParseResult result = BinaryParser.Parse(Bytes.Of(text), out BinaryRequest request, out int length);
        if (result is not (BinaryParseResult.Done or BinaryParseResult.UnknownCommand))
        {
            return $"{result}";
        }

        Assert.Equal(24 + request.Extras.Length + request.Key.Length, length);
        string body = Convert.ToHexString(request.Extras) + Convert.ToHexString(request.Key);
        return $"{result} {request.Command}{(request.IsQuiet ? "Q" : "")} {body} value={request.ValueLength} cas={request.Cas}";
    }
}
