using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace LivenessEngine.Memcached.Nova;

/// <summary>The texts, names and datetimes of a pickle.</summary>
internal static class PickleText
{
    /// <summary>A datetime's state: year (2 bytes), month, day, hour, minute, second, microsecond (3 bytes).</summary>
    public const int DateLength = 10;

    private const int Fold = 0x80;

    public static PickleName NameOf(ReadOnlySpan<byte> module, ReadOnlySpan<byte> name)
        => module.SequenceEqual("dogpile.cache.api"u8) && name.SequenceEqual("CachedValue"u8) ? PickleName.CachedValue
            : module.SequenceEqual("datetime"u8) && name.SequenceEqual("datetime"u8) ? PickleName.DateTime
            : module.SequenceEqual("_codecs"u8) && name.SequenceEqual("encode"u8) ? PickleName.Encode
            : IsOf(module, "copy_reg"u8, "copyreg"u8) && name.SequenceEqual("_reconstructor"u8) ? PickleName.Reconstructor
            : IsOf(module, "__builtin__"u8, "builtins"u8) && name.SequenceEqual("tuple"u8) ? PickleName.Tuple
            : PickleName.Other;

    /// <summary>
    /// Copies a text or bytes, each character to one byte. False if it is neither, if it is longer than there is room, or if
    /// it has a character that is not Latin-1.
    /// </summary>
    public static bool TryCopy(ReadOnlySpan<byte> pickle, PickleNode node, Span<byte> copy, out int length)
    {
        ReadOnlySpan<byte> rest = pickle.Slice(node.Offset, node.Length);
        length = 0;
        while (!rest.IsEmpty)
        {
            int used = 1;
            int character = node.Kind switch
            {
                PickleKind.Bytes => rest[0],
                PickleKind.Utf8 => Rune.DecodeFromUtf8(rest, out Rune rune, out used) == System.Buffers.OperationStatus.Done ? rune.Value : -1,
                PickleKind.Escaped => rest[0] == '\\' ? Hexadecimal(rest, (byte)'u', 4, out used) : rest[0],
                PickleKind.Quoted => rest[0] == '\\' ? Unquote(rest, out used) : rest[0],
                _ => -1,
            };
            if (character is < 0 or > byte.MaxValue || length == copy.Length)
            {
                return false;
            }

            copy[length++] = (byte)character;
            rest = rest[used..];
        }

        return node.Kind is PickleKind.Bytes or PickleKind.Utf8 or PickleKind.Escaped or PickleKind.Quoted;
    }

    public static bool TryDate(ReadOnlySpan<byte> state, out DateTime time)
    {
        time = default;
        int year = BinaryPrimitives.ReadUInt16BigEndian(state);

        // The highest bit of the month is PEP 495's fold, which has no meaning without a zone.
        int month = state[2] & ~Fold;
        int microsecond = (state[7] << 16) | (state[8] << 8) | state[9];
        if (year is < 1 or > 9999
            || month is < 1 or > 12
            || state[3] < 1
            || state[3] > DateTime.DaysInMonth(year, month)
            || state[4] > 23
            || state[5] > 59
            || state[6] > 59
            || microsecond > 999_999)
        {
            return false;
        }

        time = new DateTime(year, month, state[3], state[4], state[5], state[6], DateTimeKind.Utc).AddTicks(microsecond * TimeSpan.TicksPerMicrosecond);
        return true;
    }

    /// <summary>Bytes for a message: what cannot be printed as a dot, and not too many.</summary>
    public static string Show(ReadOnlySpan<byte> bytes)
    {
        const int most = 60;
        var text = new StringBuilder();
        foreach (byte part in bytes[..Math.Min(bytes.Length, most)])
        {
            text.Append(part == (byte)'\n' ? ' ' : part is >= 0x20 and < 0x7f ? (char)part : '.');
        }

        return text.Append(bytes.Length > most ? "..." : "").ToString();
    }

    private static bool IsOf(ReadOnlySpan<byte> module, ReadOnlySpan<byte> python2, ReadOnlySpan<byte> python3)
        => module.SequenceEqual(python2) || module.SequenceEqual(python3);

    // \xHH, \\, \', \", \n, \r or \t: all that repr makes.
    private static int Unquote(ReadOnlySpan<byte> rest, out int used)
    {
        used = 2;
        return rest.Length < 2 ? -1 : rest[1] switch
        {
            (byte)'x' => Hexadecimal(rest, (byte)'x', 2, out used),
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            (byte)'\\' or (byte)'\'' or (byte)'"' => rest[1],
            _ => -1,
        };
    }

    // A backslash, a letter, and so many digits.
    private static int Hexadecimal(ReadOnlySpan<byte> rest, byte letter, int digits, out int used)
    {
        used = 2 + digits;
        return rest.Length >= used && rest[1] == letter
            && int.TryParse(rest[2..used], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int character) ? character : -1;
    }
}
