using System.Buffers.Binary;

namespace LivenessEngine.Memcached.Nova;

/// <summary>
/// Writes a heartbeat for Nova by pickle protocol 4, byte for byte as python 3.4 and later writes it: every client of
/// python 3 reads it, whatever protocol it writes itself, and but for the two times it is always the same.
/// </summary>
internal static class CachedDateTimeWriter
{
    public const int Length = 117;

    private const int DateOffset = 73;
    private const int CreationTimeOffset = 97;
    private const int VersionOffset = 110;

    private static readonly byte[] Template =
    [
        0x80, 4, 0x95, 106, 0, 0, 0, 0, 0, 0, 0,
        0x8c, 17, .. "dogpile.cache.api"u8, 0x94, 0x8c, 11, .. "CachedValue"u8, 0x94, 0x93, 0x94,
        0x8c, 8, .. "datetime"u8, 0x94, 0x8c, 8, .. "datetime"u8, 0x94, 0x93, 0x94,
        (byte)'C', 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x94, 0x85, 0x94, (byte)'R', 0x94,
        (byte)'}', 0x94, (byte)'(', 0x8c, 2, .. "ct"u8, 0x94, (byte)'G', 0, 0, 0, 0, 0, 0, 0, 0,
        0x8c, 1, (byte)'v', 0x94, (byte)'K', 2, (byte)'u', 0x86, 0x94, 0x81, 0x94, (byte)'.',
    ];

    /// <summary>Writes <see cref="Length"/> bytes: the moment as the payload and as <c>ct</c>.</summary>
    /// <param name="utc">In Coordinated Universal Time.</param>
    /// <param name="value">Where to.</param>
    public static void Write(DateTime utc, Span<byte> value)
        => Write(utc, (utc - DateTime.UnixEpoch).TotalSeconds, value);

    public static void Write(DateTime payload, double creationTime, Span<byte> value, byte version = CachedDateTime.LatestVersion)
    {
        Template.AsSpan().CopyTo(value);
        value[VersionOffset] = version;
        Span<byte> date = value[DateOffset..];
        BinaryPrimitives.WriteUInt16BigEndian(date, (ushort)payload.Year);
        date[2] = (byte)payload.Month;
        date[3] = (byte)payload.Day;
        date[4] = (byte)payload.Hour;
        date[5] = (byte)payload.Minute;
        date[6] = (byte)payload.Second;
        int microsecond = (int)(payload.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond);
        date[7] = (byte)(microsecond >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(date[8..], (ushort)microsecond);
        BinaryPrimitives.WriteDoubleBigEndian(value[CreationTimeOffset..], creationTime);
    }
}
