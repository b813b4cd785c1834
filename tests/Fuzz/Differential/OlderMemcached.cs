using System.Globalization;

namespace LivenessEngine.Fuzz.Differential;

/// <summary>
/// Requests that memcached 1.6.18 is known to answer otherwise than 1.6.45, which we follow: a stream is compared up to the
/// first of them. Each has rows in the wire table, or a reason why there is none.
/// </summary>
internal static class OlderMemcached
{
    private const int MostMetaWords = 17;

    private static readonly (string Why, Func<string[], string, bool> Matches)[] Differences =
    [
        ("a get of a key that is too long throws the replies before it away", (words, _) => words[0] is "get" or "gets" or "gat" or "gats" && words.Any(IsTooLong)),
        ("bget is a get of old, which nothing tells of", (words, _) => words[0] == "bget"),
        ("gat without a key is no error", (words, _) => words is ["gat" or "gats", _]),
        ("an exptime of 32 bits is cut, to a time that is over: ours is the date that it is", (words, _) => ExptimeOf(words) is { } exptime && IsLargeNumber(exptime)),
        ("a malformed line does not swallow the data block, and so does not one with words behind", (words, _) => RequestFrames.IsStore(words[0]) && !IsGoodStore(words)),
        ("delete takes only a 0 behind the key", (words, _) => words[0] == "delete" && words is not ([_, not "noreply"] or [_, not "noreply", "0" or "noreply"] or [_, not "noreply", "0", "noreply"])),
        ("noreply in the place of a number hides the reply", (words, _) => words[0] is "incr" or "decr" or "touch" && words is [_, _, "noreply", ..]),
        ("incr, decr and touch take one word more at most", (words, _) => words[0] is "incr" or "decr" or "touch" && words.Length > 4),
        ("administration is in the wire table: replies are each server's own", (words, _) => IsAdministrative(words)),
        ("mg knows no C, E and x", (words, _) => words[0] == "mg" && HasFlag(words, 2, 'C', 'E', 'x')),
        ("ms knows no E and x, its s has no meaning, and its N has none for append", (words, _) => words[0] == "ms" && HasFlag(words, 3, 'E', 'x', 's', 'N')),
        ("an M without a letter has other words, and one with more than that", (words, _) => words[0] is ['m', _] && words.Skip(2).Any(word => word[0] == 'M' && word.Length != 2)),
        ("md knows no x and E", (words, _) => words[0] == "md" && HasFlag(words, 2, 'x', 'E')),
        ("ma knows no E, tells q otherwise where N makes the number, and loses T when the number outgrows its item", (words, _) => words[0] == "ma" && (HasFlag(words, 2, 'E', 'T') || (HasFlag(words, 2, 'q') && HasFlag(words, 2, 'N')))),
        ("flags of md and ma that are bad, and base64 keys that are none, have other words", (words, _) => words[0] is "md" or "ma" && !AreGoodFlags(words, 2)),
        ("20 words are too many, and tell it otherwise", (words, _) => words[0] is ['m', _] && words.Length > MostMetaWords),
        ("an opaque that is too long is told when the rest has been done", (words, _) => words[0] is ['m', _] && words.Skip(2).Any(word => word[0] == 'O' && word.Length > 32)),
        ("a meta key that is too long has other words", (words, _) => words[0] is "ms" or "ma" && words.Length > 1 && IsTooLong(words[1])),
        ("mg that makes an item of a base64 key tells the key as it is", (words, _) => words[0] == "mg" && HasFlag(words, 2, 'N') && HasFlag(words, 2, 'b')),
        ("a malformed ms loses replies", (words, _) => words[0] == "ms" && !IsLength(words.ElementAtOrDefault(2))),
        ("a number of more than 63 bits is negative for it where there is a minus anywhere behind", (words, line) => line.Contains('-', StringComparison.Ordinal) && words.Any(word => word.Length >= 19 && word.Count(char.IsAsciiDigit) >= 19)),
        ("a line ends for it at a zero byte", (_, line) => line.Contains('\0', StringComparison.Ordinal)),
        ("HTTP is closed, and the replies before it are thrown away", (_, line) => line.Contains("HTTP/", StringComparison.Ordinal)),
        ("a long line may be cut by the network, and is closed then", (_, line) => line.Length > 1_900),
    ];

    /// <summary>Why the request may be answered otherwise; null if it may not.</summary>
    public static string? WhyOther(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
        {
            return null;
        }

        foreach ((string why, Func<string[], string, bool> matches) in Differences)
        {
            if (matches(words, line))
            {
                return why;
            }
        }

        return null;
    }

    private static bool IsTooLong(string key) => key.Length > 250;

    private static bool IsLargeNumber(string word)
    {
        ReadOnlySpan<char> digits = word.AsSpan().TrimStart("TNR+-0");
        return digits.Length >= 10 && (!long.TryParse(digits, CultureInfo.InvariantCulture, out long number) || number > int.MaxValue);
    }

    private static string? ExptimeOf(string[] words) => words.Length < 2 ? null
        : words[0] is "gat" or "gats" ? words[1]
        : words[0] == "touch" ? words.ElementAtOrDefault(2)
        : RequestFrames.IsStore(words[0]) ? words.ElementAtOrDefault(3)
        : words[0] is ['m', _] ? words.FirstOrDefault(word => word[0] is 'T' or 'N' or 'R' && IsLargeNumber(word))
        : null;

    private static bool IsGoodStore(string[] words)
    {
        int count = words[0] == "cas" ? 6 : 5;
        return (words.Length == count || (words.Length == count + 1 && words[count] == "noreply"))
            && !IsTooLong(words[1])
            && IsNumber(words[2])
            && IsNumber(words[3].StartsWith('-') ? words[3][1..] : words[3])
            && IsLength(words[4])
            && (count == 5 || IsNumber(words[5]));
    }

    private static bool IsNumber(string word) => word.Length is > 0 and <= 20 && ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static bool IsLength(string? word) => word is { Length: > 0 and < 10 } && word.All(char.IsAsciiDigit);

    private static bool IsAdministrative(string[] words) => words[0] is "stats" or "verbosity" or "cache_memlimit" or "shutdown" or "slabs" or "lru"
        or "lru_crawler" or "watch" or "liveness" or "quit" or "refresh_certs" or "misbehave" or "extstore" or "debugtime"
        || (words[0] == "flush_all" && words is not (["flush_all"] or ["flush_all", "noreply"]));

    private static bool HasFlag(string[] words, int from, params ReadOnlySpan<char> flags)
    {
        for (int i = from; i < words.Length; i++)
        {
            if (flags.Contains(words[i][0]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool AreGoodFlags(string[] words, int from)
    {
        string seen = "";
        foreach (string word in words.Skip(from))
        {
            // With a number behind it that is one.
            if (word[0] is 'C' or 'D' or 'J' or 'N' or 'R' or 'T' && !ulong.TryParse(word.AsSpan(1), out _))
            {
                return false;
            }

            if (seen.Contains(word[0], StringComparison.Ordinal) || !"cfhklqstuvDIJMNOCRT".Contains(word[0], StringComparison.Ordinal))
            {
                return false;
            }

            seen += word[0];
        }

        return true;
    }
}
