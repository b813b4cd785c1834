using System.Buffers.Text;

namespace LivenessEngine.Table;

/// <summary>
/// A value as an unsigned 64-bit number, by the rules of C's strtoull that memcached's incr and decr follow: white
/// space may stand before it, a white space must stand behind it (the CRLF of the item will do), and what follows that
/// is not looked at.
/// </summary>
internal static class DecimalValue
{
    public const int MaxDigits = 20;

    /// <param name="value">The value with its CRLF.</param>
    public static bool TryParse(ReadOnlySpan<byte> value, out ulong number)
    {
        int start = 0;
        while (start < value.Length && IsSpace(value[start]))
        {
            start++;
        }

        if (start < value.Length && value[start] == '+')
        {
            start++;
        }

        number = 0;
        return start < value.Length
            && char.IsAsciiDigit((char)value[start])
            && Utf8Parser.TryParse(value[start..], out number, out int used)
            && start + used < value.Length
            && IsSpace(value[start + used]);
    }

    public static int Format(ulong number, Span<byte> destination)
    {
        number.TryFormat(destination, out int written, default, System.Globalization.CultureInfo.InvariantCulture);
        return written;
    }

    private static bool IsSpace(byte b) => b is (byte)' ' or (>= 9 and <= 13);
}
