namespace LivenessEngine.Memcached.Protocol;

/// <summary>
/// Binary keys as they stand on the line (flag b). What is read is what memcached reads, which passes over every character
/// that is none of base64's, and ends at the first padding; so this is not the runtime's base64, which refuses that.
/// </summary>
internal static class Base64Key
{
    private const byte Padding = (byte)'=';

    /// <summary>The longest key in base64.</summary>
    public const int MaxEncodedLength = (RequestParser.MaxKeyLength + 2) / 3 * 4;

    /// <summary>Decodes; returns the length, 0 if it is no base64. The target is as long as the source.</summary>
    public static int Decode(ReadOnlySpan<byte> source, Span<byte> target)
    {
        int digits = 0;
        foreach (byte b in source)
        {
            digits += ValueOf(b) >= 0 ? 1 : 0;
        }

        if (digits == 0 || digits % 4 != 0)
        {
            return 0;
        }

        int length = 0;
        int padding = 0;
        uint block = 0;
        digits = 0;
        for (int i = 0; i < source.Length && padding == 0; i++)
        {
            int value = ValueOf(source[i]);
            if (value < 0)
            {
                continue;
            }

            block = (block << 6) | (uint)value;
            if (++digits % 4 != 0)
            {
                continue;
            }

            padding = PaddingOf(source[..(i + 1)]);
            target[length++] = (byte)(block >> 16);
            target[length++] = (byte)(block >> 8);
            target[length++] = (byte)block;
        }

        return padding > 2 ? 0 : length - padding;
    }

    /// <summary>Encodes; returns the length.</summary>
    public static int Encode(ReadOnlySpan<byte> key, Span<byte> target)
    {
        System.Buffers.Text.Base64.EncodeToUtf8(key, target, out _, out int length);
        return length;
    }

    // Of the last four digits, wherever among them.
    private static int PaddingOf(ReadOnlySpan<byte> source)
    {
        int padding = 0;
        for (int i = source.Length - 1, digits = 0; digits < 4; i--)
        {
            digits += ValueOf(source[i]) >= 0 ? 1 : 0;
            padding += source[i] == Padding ? 1 : 0;
        }

        return padding;
    }

    private static int ValueOf(byte b) => b switch
    {
        >= (byte)'A' and <= (byte)'Z' => b - 'A',
        >= (byte)'a' and <= (byte)'z' => b - 'a' + 26,
        >= (byte)'0' and <= (byte)'9' => b - '0' + 52,
        (byte)'+' => 62,
        (byte)'/' => 63,
        Padding => 0,
        _ => -1,
    };
}
