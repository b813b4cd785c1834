using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace LivenessEngine.Tools.FleetSim.Backends.Wire;

/// <summary>
/// A heartbeat as python-memcached, Nova's client, pickles it: <c>CachedValue(datetime, {'ct': time.time(), 'v': 2})</c> by
/// protocol 0, some 235 bytes.
/// </summary>
internal static class NovaPickle
{
    public const int MostBytes = 320;

    /// <summary>The flag that python-memcached sets for a pickle.</summary>
    public const uint Flags = 1;

    private const int DateBytes = 10;

    private static ReadOnlySpan<byte> Head =>
        "ccopy_reg\n_reconstructor\np0\n(cdogpile.cache.api\nCachedValue\np1\nc__builtin__\ntuple\np2\n(cdatetime\ndatetime\np3\n(c_codecs\nencode\np4\n(V"u8;

    private static ReadOnlySpan<byte> Middle => "\np5\nVlatin1\np6\ntp7\nRp8\ntp9\nRp10\n(dp11\nVct\np12\nF"u8;

    private static ReadOnlySpan<byte> Tail => "\nsVv\np13\nI2\nstp14\ntp15\nRp16\n."u8;

    /// <summary>Writes it; returns how many bytes.</summary>
    /// <param name="utc">The node's own time.</param>
    /// <param name="value">Where to: <see cref="MostBytes"/> are enough.</param>
    public static int Write(DateTime utc, Span<byte> value)
    {
        Span<byte> date = stackalloc byte[DateBytes];
        BinaryPrimitives.WriteUInt16BigEndian(date, (ushort)utc.Year);
        date[2] = (byte)utc.Month;
        date[3] = (byte)utc.Day;
        date[4] = (byte)utc.Hour;
        date[5] = (byte)utc.Minute;
        date[6] = (byte)utc.Second;
        int microsecond = (int)(utc.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond);
        date[7] = (byte)(microsecond >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(date[8..], (ushort)microsecond);

        int length = Append(value, 0, Head);
        foreach (byte letter in date)
        {
            length = AppendLetter(value, length, letter);
        }

        length = Append(value, length, Middle);
        double seconds = (utc - DateTime.UnixEpoch).TotalSeconds;
        length += Encoding.ASCII.GetBytes(seconds.ToString("R", CultureInfo.InvariantCulture), value[length..]);
        return Append(value, length, Tail);
    }

    private static int Append(Span<byte> value, int length, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(value[length..]);
        return length + bytes.Length;
    }

    // As python's pickle does: raw-unicode-escape, with those escaped that would end or change the line.
    private static int AppendLetter(Span<byte> value, int length, byte letter)
    {
        if (letter is 0 or (byte)'\n' or (byte)'\r' or (byte)'\\' or 0x1a)
        {
            return length + Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\\u{letter:x4}"), value[length..]);
        }

        value[length] = letter;
        return length + 1;
    }
}
