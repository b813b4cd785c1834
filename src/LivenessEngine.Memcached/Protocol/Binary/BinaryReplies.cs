using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace LivenessEngine.Memcached.Protocol.Binary;

/// <summary>Writes the replies of the binary protocol.</summary>
/// <remarks>
/// A reply's header is a request's, with 0x81 for its first byte and a status in the place of the reserved bytes. Errors say
/// in their body what memcached says.
/// </remarks>
internal static class BinaryReplies
{
    private const byte Magic = 0x81;
    private const int KeyLengthAt = 2;
    private const int ExtrasLengthAt = 4;
    private const int StatusAt = 6;
    private const int BodyLengthAt = 8;
    private const int OpaqueAt = 12;
    private const int CasAt = 16;

    /// <summary>A reply whose body is a value, or nothing.</summary>
    public static void Reply(
        this ref ReplyWriter writer, in ReplyAddress to, BinaryStatus status, scoped ReadOnlySpan<byte> value = default, ulong cas = 0)
    {
        Span<byte> target = writer.Take(BinaryParser.HeaderLength + value.Length);
        WriteHeader(target, to, status, extrasLength: 0, keyLength: 0, value.Length, cas);
        value.CopyTo(target[BinaryParser.HeaderLength..]);
        writer.Advance(BinaryParser.HeaderLength + value.Length);
    }

    /// <summary>A failure, and what memcached says of it.</summary>
    public static void Fail(this ref ReplyWriter writer, in ReplyAddress to, BinaryStatus status)
        => writer.Reply(to, status, MessageOf(status));

    /// <summary>A reply with a key and a value, as those of Stat are.</summary>
    public static void ReplyWithKey(
        this ref ReplyWriter writer, in ReplyAddress to, BinaryStatus status, scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> value)
    {
        Span<byte> target = writer.Take(BinaryParser.HeaderLength + key.Length + value.Length);
        WriteHeader(target, to, status, extrasLength: 0, key.Length, value.Length, cas: 0);
        key.CopyTo(target[BinaryParser.HeaderLength..]);
        value.CopyTo(target[(BinaryParser.HeaderLength + key.Length)..]);
        writer.Advance(BinaryParser.HeaderLength + key.Length + value.Length);
    }

    /// <summary>The beginning of a reply to a get, up to the value; takes room for that too. The caller advances over both.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="to">Who asked for it.</param>
    /// <param name="flags">The item's flags, the only extras of any reply.</param>
    /// <param name="key">The key, where it is wanted.</param>
    /// <param name="valueLength">Bytes of the value.</param>
    /// <param name="cas">The version.</param>
    /// <param name="room">Bytes to take room for behind it.</param>
    /// <param name="length">How long it is.</param>
    public static Span<byte> BeginValue(
        this ref ReplyWriter writer,
        in ReplyAddress to,
        uint flags,
        scoped ReadOnlySpan<byte> key,
        int valueLength,
        ulong cas,
        int room,
        out int length)
    {
        length = BinaryParser.HeaderLength + sizeof(uint) + key.Length;
        Span<byte> target = writer.Take(length + room);
        WriteHeader(target, to, BinaryStatus.Success, sizeof(uint), key.Length, valueLength, cas);
        BinaryPrimitives.WriteUInt32BigEndian(target[BinaryParser.HeaderLength..], flags);
        key.CopyTo(target[(BinaryParser.HeaderLength + sizeof(uint))..]);
        return target[length..];
    }

    private static void WriteHeader(
        Span<byte> target, in ReplyAddress to, BinaryStatus status, int extrasLength, int keyLength, int valueLength, ulong cas)
    {
        target = target[..BinaryParser.HeaderLength];
        target[0] = Magic;
        target[1] = (byte)to.Opcode;
        BinaryPrimitives.WriteUInt16BigEndian(target[KeyLengthAt..], (ushort)keyLength);
        target[ExtrasLengthAt] = (byte)extrasLength;
        target[ExtrasLengthAt + 1] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(target[StatusAt..], (ushort)status);
        BinaryPrimitives.WriteUInt32BigEndian(target[BodyLengthAt..], (uint)(extrasLength + keyLength + valueLength));
        MemoryMarshal.Write(target[OpaqueAt..], to.Opaque);
        BinaryPrimitives.WriteUInt64BigEndian(target[CasAt..], cas);
    }

    private static ReadOnlySpan<byte> MessageOf(BinaryStatus status) => status switch
    {
        BinaryStatus.NotFound => "Not found"u8,
        BinaryStatus.Exists => "Data exists for key."u8,
        BinaryStatus.TooLarge => "Too large."u8,
        BinaryStatus.InvalidArguments => "Invalid arguments"u8,
        BinaryStatus.NotStored => "Not stored."u8,
        BinaryStatus.NonNumeric => "Non-numeric server-side value for incr or decr"u8,
        BinaryStatus.AuthenticationFailed => "Auth failure."u8,
        BinaryStatus.UnknownCommand => "Unknown command"u8,
        BinaryStatus.OutOfMemory => "Out of memory"u8,
        _ => default,
    };
}
