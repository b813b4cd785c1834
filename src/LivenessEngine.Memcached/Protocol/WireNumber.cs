namespace LivenessEngine.Memcached.Protocol;

/// <summary>
/// Numbers on request lines, by the rules of memcached's <c>safe_strtoull</c> and <c>safe_strtol</c>: any white space, an
/// optional sign, digits, and then the end of the token or white space again.
/// </summary>
internal static class WireNumber
{
    private static ReadOnlySpan<byte> Space => " \t\n\v\f\r"u8;

    /// <summary>An unsigned number; a minus sign only where the result is not negative after all (<c>-0</c>).</summary>
    public static bool TryParse(ReadOnlySpan<byte> token, out ulong value)
    {
        token = token.TrimStart(Space);
        bool negative = !token.IsEmpty && token[0] == '-';
        if (!TryDigits(negative || (!token.IsEmpty && token[0] == '+') ? token[1..] : token, out value))
        {
            return false;
        }

        value = negative ? 0 - value : value;
        return !negative || (long)value >= 0;
    }

    /// <summary>A signed number.</summary>
    public static bool TryParse(ReadOnlySpan<byte> token, out long value)
    {
        token = token.TrimStart(Space);
        bool negative = !token.IsEmpty && token[0] == '-';
        bool parsed = TryDigits(negative || (!token.IsEmpty && token[0] == '+') ? token[1..] : token, out ulong magnitude);
        value = negative ? -(long)magnitude : (long)magnitude;
        return parsed && magnitude <= long.MaxValue;
    }

    private static bool TryDigits(ReadOnlySpan<byte> token, out ulong value)
    {
        value = 0;
        int i = 0;
        for (; i < token.Length; i++)
        {
            uint digit = (uint)token[i] - '0';
            if (digit > 9)
            {
                break;
            }

            if (value > (ulong.MaxValue - digit) / 10)
            {
                return false;
            }

            value = (value * 10) + digit;
        }

        return i > 0 && (i == token.Length || IsSpace(token[i]));
    }

    private static bool IsSpace(byte b) => b is (byte)' ' or (>= 9 and <= 13);
}
