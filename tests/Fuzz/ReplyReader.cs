using System.Globalization;
using System.Text.RegularExpressions;

namespace LivenessEngine.Fuzz;

/// <summary>Reads replies as a strict client does.</summary>
internal static partial class ReplyReader
{
    /// <summary>Where the replies stop being replies of memcached; -1 when all of them are.</summary>
    public static int FirstError(string replies)
    {
        int at = 0;
        while (at < replies.Length)
        {
            int end = replies.IndexOf('\n', at);
            if (end < 0)
            {
                return at;
            }

            string line = replies[at..(end + 1)];
            Match value = Value().Match(line);
            if (value.Success)
            {
                // The data block counts its bytes and has an end of its own.
                end += int.Parse(value.Groups["length"].Value, CultureInfo.InvariantCulture) + 2;
                if (end >= replies.Length || replies[end - 1] != '\r' || replies[end] != '\n')
                {
                    return at;
                }
            }
            else if (!Line().IsMatch(line))
            {
                return at;
            }

            at = end + 1;
        }

        return -1;
    }

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
            | mg\ [^ \n]+\r\n
            | ts=[0-9.]+\ gid=[0-9]+\ type=liveness\ event=(up|suspect|down)\ [^\n]*\r\n
            | (HD|EN|NS|EX|NF|MN|ME)(\ [^\n]*)?\r\n
        )\z
        """,
        RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Line();
}
