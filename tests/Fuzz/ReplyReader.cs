using System.Buffers.Text;
using System.Text;
using System.Text.RegularExpressions;

namespace LivenessEngine.Fuzz;

/// <summary>Reads replies as a strict client does.</summary>
internal static partial class ReplyReader
{
    // Those that come most, so that not every line is matched by the pattern of all.
    private static readonly string[] Usual =
    [
        "STORED\r\n", "NOT_STORED\r\n", "EXISTS\r\n", "NOT_FOUND\r\n", "DELETED\r\n", "TOUCHED\r\n", "OK\r\n", "END\r\n", "ERROR\r\n", "HD\r\n", "EN\r\n", "NF\r\n",
        "NS\r\n", "EX\r\n", "MN\r\n", "CLIENT_ERROR bad command line format\r\n", "CLIENT_ERROR bad data chunk\r\n", "CLIENT_ERROR invalid flag\r\n",
    ];

    private static readonly byte[][] UsualLines = [.. Usual.Select(Encoding.Latin1.GetBytes)];

    /// <summary>Where the replies stop being replies of memcached; -1 when all of them are.</summary>
    public static int FirstError(ReadOnlySpan<byte> replies) => FirstError(replies, out _);

    /// <inheritdoc cref="FirstError(ReadOnlySpan{byte})"/>
    /// <param name="replies">The replies.</param>
    /// <param name="answered">How many requests they answer: what only goes before the end of a reply is not counted.</param>
    public static int FirstError(ReadOnlySpan<byte> replies, out int answered)
    {
        answered = 0;
        int at = 0;
        while (at < replies.Length)
        {
            int length = replies[at..].IndexOf((byte)'\n') + 1;
            if (length == 0)
            {
                return at;
            }

            ReadOnlySpan<byte> line = replies.Slice(at, length);
            if (line.StartsWith("VALUE "u8) || line.StartsWith("VA "u8))
            {
                // The data block counts its bytes and has an end of its own.
                Match value = Value().Match(Encoding.Latin1.GetString(line));
                int end = value.Success ? at + length + int.Parse(value.Groups["length"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) : replies.Length;
                if (end + 2 > replies.Length || !replies.Slice(end, 2).SequenceEqual("\r\n"u8))
                {
                    return at;
                }

                answered += line[1] == 'A' && line[2] == ' ' ? 1 : 0;
                at = end + 2;
                continue;
            }

            if (!IsLine(line))
            {
                return at;
            }

            answered += IsPartOfReply(line) ? 0 : 1;
            at += length;
        }

        return -1;
    }

    private static bool IsLine(ReadOnlySpan<byte> line)
    {
        foreach (byte[] usual in UsualLines)
        {
            if (line.SequenceEqual(usual))
            {
                return true;
            }
        }

        return (Utf8Parser.TryParse(line, out ulong _, out int digits) && line[digits..].SequenceEqual("\r\n"u8)) || Line().IsMatch(Encoding.Latin1.GetString(line));
    }

    private static bool IsPartOfReply(ReadOnlySpan<byte> line)
        => line.StartsWith("STAT "u8) || line.StartsWith("PREFIX "u8) || line.StartsWith("ITEM "u8) || line.StartsWith("key="u8)
            || line.StartsWith("mg "u8) || line.StartsWith("ts="u8) || line.Length <= 2;

    [GeneratedRegex(@"\A(VALUE [^ \n]{1,250} [0-9]{1,10} |VA )(?<length>[0-9]{1,10})( [^\n]*)?\r\n\z", RegexOptions.CultureInvariant)]
    private static partial Regex Value();

    // The blank line is memcached's, behind the refusal of a get. metadump's lines end without a CR.
    [GeneratedRegex(
        """
        \A(
            (STORED|NOT_STORED|EXISTS|NOT_FOUND|DELETED|TOUCHED|OK|RESET|END|ERROR|[0-9]{1,20}|)\r\n
            | (CLIENT_ERROR|SERVER_ERROR:?|ERROR|BADCLASS|MEMLIMIT_ADJUST_FAILED|MEMLIMIT_TOO_SMALL)\ [ -~]+\r\n
            | VERSION\ [0-9.]+\r\n
            | STAT\ [^ \n]+\ [^\n]*\r\n
            | PREFIX\ [^ \n]*\ get\ [0-9]+\ hit\ [0-9]+\ set\ [0-9]+\ del\ [0-9]+\r\n
            | ITEM\ [^ \n]+\ \[[0-9]+\ b;\ -?[0-9]+\ s\]\r\n
            | key=[A-Za-z0-9%._~-]+\ exp=-?[0-9]+\ la=[0-9]+\ cas=[0-9]+\ fetch=(yes|no)\ cls=[0-9]+\ size=[0-9]+\n
            | mg\ [^ \n]+(\ b)?\r\n
            | ts=[0-9.]+\ gid=[0-9]+\ type=[a-z_]+\ [^\n]*\r?\n
            | (HD|EN|NS|EX|NF|MN|ME)(\ [^\n]*)?\r\n
        )\z
        """,
        RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Line();
}
