using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace LivenessEngine.Memcached.Protocol.Binary;

/// <summary>
/// From bytes to a request of the binary protocol: pure, allocates nothing, keeps nothing. What memcached (proto_bin.c) takes
/// and refuses is taken and refused here.
/// </summary>
/// <remarks>
/// The header, big-endian: magic, opcode, key length (2 bytes), extras length, data type, reserved (2), body length (4),
/// opaque (4), cas (8). The body: extras, key, value.
/// </remarks>
internal static class BinaryParser
{
    public const int HeaderLength = 24;

    /// <summary>The first byte of every request.</summary>
    public const byte Magic = 0x80;

    private const int KeyLengthAt = 2;
    private const int ExtrasLengthAt = 4;
    private const int BodyLengthAt = 8;
    private const int OpaqueAt = 12;
    private const int CasAt = 16;

    /// <summary>Parses header, extras and key.</summary>
    /// <param name="input">What has come.</param>
    /// <param name="request">
    /// The request; with an error, what the header says of opcode, opaque and the length of the value, if it was read.
    /// </param>
    /// <param name="length">How many bytes those are: what comes behind them is the value.</param>
    public static BinaryParseResult Parse(ReadOnlySpan<byte> input, out BinaryRequest request, out int length)
    {
        request = default;
        length = 0;
        if (input.Length < HeaderLength)
        {
            // As soon as it can be told: a line of text would never come to a header's length.
            return !input.IsEmpty && input[0] != Magic ? BinaryParseResult.BadMagic : BinaryParseResult.NeedMore;
        }

        if (input[0] != Magic)
        {
            return BinaryParseResult.BadMagic;
        }

        int keyLength = BinaryPrimitives.ReadUInt16BigEndian(input[KeyLengthAt..]);
        int extrasLength = input[ExtrasLengthAt];
        uint bodyLength = BinaryPrimitives.ReadUInt32BigEndian(input[BodyLengthAt..]);
        request.Opcode = (Opcode)input[1];
        request.Opaque = MemoryMarshal.Read<uint>(input[OpaqueAt..]);
        if (keyLength + extrasLength > bodyLength)
        {
            return BinaryParseResult.BadLengths;
        }

        // Here, so that nobody waits for a key that nobody wants.
        request.ValueLength = bodyLength - (uint)(keyLength + extrasLength);
        request.Command = Loud(request.Opcode);
        request.IsQuiet = request.Command != request.Opcode;
        RequestShape? shape = RequestShape.Of(request.Command);
        if (keyLength > RequestParser.MaxKeyLength || shape?.Admits(extrasLength, keyLength, request.ValueLength) == false)
        {
            return BinaryParseResult.InvalidArguments;
        }

        length = HeaderLength + extrasLength + keyLength;
        if (input.Length < length)
        {
            return BinaryParseResult.NeedMore;
        }

        request.Cas = BinaryPrimitives.ReadUInt64BigEndian(input[CasAt..]);
        request.Extras = input.Slice(HeaderLength, extrasLength);
        request.Key = input.Slice(HeaderLength + extrasLength, keyLength);
        return shape is null ? BinaryParseResult.UnknownCommand : BinaryParseResult.Done;
    }

    private static Opcode Loud(Opcode opcode) => opcode switch
    {
        Opcode.GetQ => Opcode.Get,
        Opcode.GetKQ => Opcode.GetK,
        Opcode.SetQ => Opcode.Set,
        Opcode.AddQ => Opcode.Add,
        Opcode.ReplaceQ => Opcode.Replace,
        Opcode.DeleteQ => Opcode.Delete,
        Opcode.IncrementQ => Opcode.Increment,
        Opcode.DecrementQ => Opcode.Decrement,
        Opcode.QuitQ => Opcode.Quit,
        Opcode.FlushQ => Opcode.Flush,
        Opcode.AppendQ => Opcode.Append,
        Opcode.PrependQ => Opcode.Prepend,
        Opcode.GatQ => Opcode.Gat,
        Opcode.GatKQ => Opcode.GatK,
        _ => opcode,
    };
}
