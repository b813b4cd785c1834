using System.Globalization;
using System.Text.RegularExpressions;

namespace LivenessEngine.Fuzz.Differential;

/// <summary>Replies without what two servers cannot have in common: versions become their order, and seconds are rounded.</summary>
internal static partial class ReplyText
{
    private const string Error = "ERROR";
    private const string NonNumeric = "CLIENT_ERROR cannot increment or decrement non-numeric value";
    private const string BadFormat = "CLIENT_ERROR bad command line format";

    /// <summary>The replies, one by one: a line each, with the value behind it.</summary>
    public static List<string> Read(string replies, Versions versions)
    {
        var read = new List<string>();
        for (int at = 0; at < replies.Length;)
        {
            int end = replies.IndexOf("\r\n", at, StringComparison.Ordinal);
            if (end < 0)
            {
                read.Add(replies[at..]);
                break;
            }

            string[] words = replies[at..end].Split(' ');
            at = end + 2;
            string value = "";
            string? length = words switch
            {
                ["VALUE", _, _, string bytes, ..] => bytes,
                ["VA", string bytes, ..] => bytes,
                _ => null,
            };
            if (length is not null && int.TryParse(length, CultureInfo.InvariantCulture, out int number))
            {
                int behind = Math.Min(at + number + 2, replies.Length);
                value = "\n" + replies[at..behind];
                at = behind;
            }

            Normalise(words, versions);
            read.Add(string.Join(' ', words) + value);
        }

        return read;
    }

    /// <summary>Whether the older memcached answers as we do, but for how it tells that a line lacks words.</summary>
    public static bool IsSame(string ours, string theirs) => ours == theirs || (ours == BadFormat && theirs == Error);

    /// <summary>Whether memcached took a number of 64 bits for a negative one, because there is a minus somewhere behind it in its memory.</summary>
    public static bool IsReadTooFar(Sequence sequence, string ours, string theirs)
        => theirs == NonNumeric && ours.Length > 0 && (char.IsAsciiDigit(ours[0]) || ours.StartsWith("HD", StringComparison.Ordinal) || ours.StartsWith("VA ", StringComparison.Ordinal))
            && HasLargeNumber(sequence);

    /// <summary>Whether a number of so many digits is sent that it may be of 64 bits.</summary>
    public static bool HasLargeNumber(Sequence sequence) => sequence.Stages.Any(stage => LargeNumber().IsMatch(stage));

    [GeneratedRegex("[0-9]{19}", RegexOptions.CultureInvariant)]
    private static partial Regex LargeNumber();

    private static void Normalise(string[] words, Versions versions)
    {
        switch (words)
        {
            case ["VERSION", ..]:
                words[1] = "";
                break;
            case ["VALUE", _, _, _, string version]:
                words[4] = Ordinal(version, versions);
                break;
            case ["ME", _, ..]:
                NormaliseDebug(words, versions);
                break;
            case ["VA" or "HD" or "EN" or "NS" or "EX" or "NF", ..]:
                NormaliseFlags(words, versions);
                break;
        }
    }

    private static void NormaliseFlags(string[] words, Versions versions)
    {
        for (int i = 1; i < words.Length; i++)
        {
            words[i] = words[i] switch
            {
                ['c', .. string version] => "c" + Ordinal(version, versions),
                ['t', .. string seconds] => "t" + Rounded(seconds),
                ['l', .. string seconds] => "l" + Floor(seconds),
                _ => words[i],
            };
        }
    }

    // 1.6.18 tells the exptime with its sign turned round, so that a last second reads as never; classes and sizes are each server's own.
    private static void NormaliseDebug(string[] words, Versions versions)
    {
        for (int i = 2; i < words.Length; i++)
        {
            string[] pair = words[i].Split('=', 2);
            words[i] = pair switch
            {
                ["exp", "-1"] => "exp=10",
                ["exp", string seconds] => "exp=" + Rounded(seconds.TrimStart('-')),
                ["la", string seconds] => "la=" + Floor(seconds),
                ["cas", string version] => "cas=" + Ordinal(version, versions),
                ["cls" or "size", _] => pair[0],
                _ => words[i],
            };
        }
    }

    private static string Ordinal(string version, Versions versions) => versions.OrdinalOf(version).ToString(CultureInfo.InvariantCulture);

    private static string Floor(string seconds)
        => long.TryParse(seconds, CultureInfo.InvariantCulture, out long number) ? (number / 10 * 10).ToString(CultureInfo.InvariantCulture) : seconds;

    // Up to the next ten: the clocks of two servers tick at different moments.
    private static string Rounded(string seconds)
        => long.TryParse(seconds, CultureInfo.InvariantCulture, out long number) && number > 0
            ? ((number + 9) / 10 * 10).ToString(CultureInfo.InvariantCulture)
            : seconds;
}
