using System.Globalization;
using System.Numerics;
using LivenessEngine.Memcached.Protocol;

namespace LivenessEngine.Memcached.Tests.Protocol;

/// <summary>The parser again, slow and obvious: words first, and then what they mean.</summary>
internal static class SlowParser
{
    private static readonly Dictionary<string, Command> Commands = new()
    {
        ["get"] = Command.Get,
        ["gets"] = Command.Gets,
        ["gat"] = Command.Gat,
        ["gats"] = Command.Gats,
        ["set"] = Command.Set,
        ["add"] = Command.Add,
        ["replace"] = Command.Replace,
        ["append"] = Command.Append,
        ["prepend"] = Command.Prepend,
        ["cas"] = Command.Cas,
        ["delete"] = Command.Delete,
        ["incr"] = Command.Incr,
        ["decr"] = Command.Decr,
        ["touch"] = Command.Touch,
        ["mg"] = Command.MetaGet,
        ["ms"] = Command.MetaSet,
        ["md"] = Command.MetaDelete,
        ["ma"] = Command.MetaArithmetic,
        ["me"] = Command.MetaDebug,
        ["mn"] = Command.MetaNoOp,
        ["flush_all"] = Command.FlushAll,
        ["verbosity"] = Command.Verbosity,
        ["version"] = Command.Version,
        ["quit"] = Command.Quit,
        ["shutdown"] = Command.Shutdown,
        ["liveness"] = Command.Liveness,
        ["cache_memlimit"] = Command.CacheMemlimit,
        ["stats"] = Command.Stats,
        ["lru_crawler"] = Command.LruCrawler,
        ["lru"] = Command.Lru,
        ["slabs"] = Command.Slabs,
        ["watch"] = Command.Watch,
    };

    /// <summary>What a line is, in one comparable text.</summary>
    public static string Parse(string line, int terminatorLength)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (line.Length + terminatorLength < 4 || words.Length == 0)
        {
            return "BadFormat";
        }

        if (!Commands.TryGetValue(words[0], out Command command))
        {
            return "UnknownCommand";
        }

        return command switch
        {
            Command.Get or Command.Gets or Command.MetaGet or Command.MetaDelete or Command.MetaArithmetic or Command.MetaDebug
                => words.Length < 2 ? "BadFormat" : $"{command} {words[1]}",
            Command.MetaSet => words.Length < 3 || Signed(words[2]) is not { } length || length < 0 || length > int.MaxValue - 2
                ? "BadFormat"
                : $"MetaSet {words[1]} length={length}",
            Command.Gat or Command.Gats => words.Length < 3 ? "BadFormat"
                : Signed(words[1]) is { } exptime ? $"{command} {words[2]} exptime={exptime}"
                : "InvalidExptime",
            Command.Set or Command.Add or Command.Replace or Command.Append or Command.Prepend or Command.Cas => Store(command, words),
            Command.Delete => words.Length is < 2 or > 5 || words[1].Length > 250 ? "BadFormat" + NoReply(words, 2) : $"Delete {words[1]}{NoReply(words, 2)}",
            Command.Incr or Command.Decr => words.Length < 3 || words[1].Length > 250 ? "BadFormat" + NoReply(words, 3)
                : Unsigned(words[2]) is { } delta ? $"{command} {words[1]} delta={delta}{NoReply(words, 3)}"
                : "InvalidDelta" + NoReply(words, 3),
            Command.Touch => words.Length < 3 || words[1].Length > 250 ? "BadFormat" + NoReply(words, 3)
                : Signed(words[2]) is { } exptime ? $"Touch {words[1]} exptime={exptime}{NoReply(words, 3)}"
                : "InvalidExptime" + NoReply(words, 3),
            Command.Stats => $"{command}",
            _ => $"{command}{NoReply(words, 1)}",
        };
    }

    /// <summary>What the parser under test made of a line, in the same text.</summary>
    public static string Describe(ParseResult result, in Request request)
    {
        string noReply = request.NoReply ? " noreply" : "";
        if (result != ParseResult.Done)
        {
            string swallow = result == ParseResult.BadFormat && request.ValueLength >= 0 ? $" swallow={request.ValueLength}" : "";
            return result == ParseResult.UnknownCommand ? "UnknownCommand" : $"{result}{swallow}{noReply}";
        }

        string key = Bytes.ToText(request.Key);
        return request.Command switch
        {
            Command.Get or Command.Gets or Command.MetaGet or Command.MetaDelete or Command.MetaArithmetic or Command.MetaDebug
                => $"{request.Command} {key}",
            Command.MetaSet => $"MetaSet {key} length={request.ValueLength}",
            Command.Gat or Command.Gats => $"{request.Command} {key} exptime={request.Exptime}",
            Command.Cas => $"Cas {key} flags={request.Flags} exptime={request.Exptime} length={request.ValueLength} cas={request.Cas}{noReply}",
            Command.Set or Command.Add or Command.Replace or Command.Append or Command.Prepend
                => $"{request.Command} {key} flags={request.Flags} exptime={request.Exptime} length={request.ValueLength}{noReply}",
            Command.Delete => $"Delete {key}{noReply}",
            Command.Incr or Command.Decr => $"{request.Command} {key} delta={request.Delta}{noReply}",
            Command.Touch => $"Touch {key} exptime={request.Exptime}{noReply}",
            _ => $"{request.Command}{noReply}",
        };
    }

    private static string Store(Command command, string[] words)
    {
        bool withCas = command == Command.Cas;
        if (words.Length < 5 || Signed(words[4]) is not { } length || length < 0 || length > int.MaxValue - 2)
        {
            return "BadFormat";
        }

        string noReply = NoReply(words, withCas ? 6 : 5);
        ulong? cas = withCas ? (words.Length > 5 ? Unsigned(words[5]) : null) : 0;
        if (words[1].Length > 250 || Unsigned(words[2]) is not { } flags || Signed(words[3]) is not { } exptime || cas is null)
        {
            return $"BadFormat swallow={length}{noReply}";
        }

        string version = withCas ? $" cas={cas}" : "";
        return $"{command} {words[1]} flags={(uint)flags} exptime={exptime} length={length}{version}{noReply}";
    }

    // The last word, where it is none of those that the command needs.
    private static string NoReply(string[] words, int needed) => words.Length > needed && words[^1] == "noreply" ? " noreply" : "";

    private static ulong? Unsigned(string word)
    {
        // A minus is let through where the number is so large that it turns positive.
        return Number(word) is not { } number ? null
            : number >= 0 ? (number <= ulong.MaxValue ? (ulong)number : null)
            : number >= -(BigInteger)ulong.MaxValue && (number + ulong.MaxValue + 1) <= long.MaxValue ? (ulong)(number + ulong.MaxValue + 1) : null;
    }

    private static long? Signed(string word)
        => Number(word) is { } number && BigInteger.Abs(number) <= long.MaxValue ? (long)number : null;

    // White space, a sign, digits, and then the end or white space: as strtoull takes it.
    private static BigInteger? Number(string word)
    {
        char[] whiteSpace = ['\t', '\n', '\v', '\f', '\r'];
        word = word.TrimStart(whiteSpace);
        int end = word.IndexOfAny(whiteSpace);
        string number = end < 0 ? word : word[..end];
        string digits = number.Length > 0 && number[0] is '+' or '-' ? number[1..] : number;
        return digits.Length > 0 && digits.All(char.IsAsciiDigit)
            ? BigInteger.Parse(digits, CultureInfo.InvariantCulture) * (number[0] == '-' ? -1 : 1)
            : null;
    }
}
