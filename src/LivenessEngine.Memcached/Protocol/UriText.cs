namespace LivenessEngine.Memcached.Protocol;

/// <summary>Keys as memcached shows them where a line has other words: RFC 3986's unreserved characters stand for themselves.</summary>
internal static class UriText
{
    /// <summary>Bytes that a byte takes at the most.</summary>
    public const int MostPerByte = 3;

    /// <summary>Writes the bytes encoded; returns how many that makes.</summary>
    public static int Encode(ReadOnlySpan<byte> bytes, Span<byte> target)
    {
        int length = 0;
        foreach (byte b in bytes)
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~')
            {
                target[length++] = b;
            }
            else
            {
                target[length++] = (byte)'%';
                target[length++] = (byte)"0123456789ABCDEF"[b >> 4];
                target[length++] = (byte)"0123456789ABCDEF"[b & 15];
            }
        }

        return length;
    }
}
