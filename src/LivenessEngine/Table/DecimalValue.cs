using System.Buffers.Text;

namespace LivenessEngine.Table;

/// <summary>
/// A value as an unsigned 64-bit number, by the rules of C's strtoull that memcached's incr and decr follow: white
/// space and a sign may stand before it, a white space (the CRLF of the item will do) or a zero byte must stand behind it,
/// and what follows that is not looked at.
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

        bool negative = start < value.Length && value[start] == '-';
        if (negative || (start < value.Length && value[start] == '+'))
        {
            start++;
        }

        number = 0;
        if (start == value.Length
            || !char.IsAsciiDigit((char)value[start])
            || !Utf8Parser.TryParse(value[start..], out number, out int used)
            || start + used == value.Length
            || !(IsSpace(value[start + used]) || value[start + used] == 0))
        {
            return false;
        }

        // Modulo 2^64, and good if it is not below 0 then (memcached, safe_strtoull).
        number = negative ? 0 - number : number;
        return !negative || (long)number >= 0;
    }

    public static int Format(ulong number, Span<byte> destination)
    {
        number.TryFormat(destination, out int written, default, System.Globalization.CultureInfo.InvariantCulture);
        return written;
    }

    private static bool IsSpace(byte b) => b is (byte)' ' or (>= 9 and <= 13);
}
