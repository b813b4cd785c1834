using System.Text.RegularExpressions;
using LivenessEngine.Testing;

namespace LivenessEngine.Wire.Exchanges;

/// <summary>
/// What a reply has to be, byte for byte but for its placeholders: <c>{n}</c> is a number, <c>{n:name}</c> a number that
/// later requests hold as <c>{name}</c>, <c>{word}</c> a word, <c>{line}</c> the rest of a line, and <c>{stats}</c> any
/// number of STAT lines. Of the binary protocol, <c>{cas}</c> and <c>{cas:name}</c> are the eight bytes of a version,
/// <c>{packets}</c> any number of statistics, and <c>{failures}</c> of stores that found no room.
/// </summary>
internal sealed partial class Pattern
{
    private const string StatLine = "STAT ";

    private readonly List<(string Literal, string Kind, string Name)> _parts = [];

    public Pattern(string expected)
    {
        int from = 0;
        foreach (Match match in Placeholder().Matches(expected))
        {
            _parts.Add((expected[from..match.Index], match.Groups["kind"].Value, match.Groups["name"].Value));
            from = match.Index + match.Length;
        }

        _parts.Add((expected[from..], "", ""));
        Text = expected;
    }

    public string Text { get; }

    /// <summary>Compares what has come, each character a byte; named numbers go into the captures.</summary>
    public Comparison Compare(string reply, IDictionary<string, string>? captures = null)
    {
        int at = 0;
        foreach ((string literal, string kind, string name) in _parts)
        {
            int common = Math.Min(literal.Length, reply.Length - at);
            if (string.CompareOrdinal(reply, at, literal, 0, common) != 0)
            {
                return new Comparison(Fit.None, at + DifferenceOf(reply.AsSpan(at), literal));
            }

            at += common;
            if (common < literal.Length)
            {
                return new Comparison(Fit.Prefix, at);
            }

            if (kind.Length == 0)
            {
                break;
            }

            int end = EndOf(kind, reply, at);
            if (end >= reply.Length && !(kind == "cas" && end == reply.Length))
            {
                // More of it may be on the way.
                return new Comparison(Fit.Prefix, at);
            }

            if (kind == "n" && end == at)
            {
                return new Comparison(Fit.None, at);
            }

            if (name.Length > 0 && captures is not null)
            {
                captures[name] = reply[at..end];
            }

            at = end;
        }

        return new Comparison(Fit.Whole, at);
    }

    private static int DifferenceOf(ReadOnlySpan<char> reply, string literal) => reply.CommonPrefixLength(literal);

    private static int EndOf(string kind, string reply, int at)
    {
        Func<char, bool> belongs = kind switch
        {
            "n" => char.IsAsciiDigit,
            "word" => static c => c is not (' ' or '\r' or '\n'),
            _ => static c => c is not ('\r' or '\n'),
        };
        switch (kind)
        {
            case "stats":
                return EndOfStats(reply, at);
            case "cas":
                return at + sizeof(ulong);
            case "packets":
                return EndOf(Packets.StatLength, reply, at);
            case "failures":
                return EndOf(Packets.FailureLength, reply, at);
        }

        while (at < reply.Length && belongs(reply[at]))
        {
            at++;
        }

        return at;
    }

    private static int EndOf(Func<string, int, int> lengthOf, string reply, int at)
    {
        while (at < reply.Length && lengthOf(reply, at) is > 0 and int length)
        {
            at += length;
        }

        return at;
    }

    private static int EndOfStats(string reply, int at)
    {
        while (at < reply.Length && StatLine.AsSpan().StartsWith(reply.AsSpan(at, Math.Min(StatLine.Length, reply.Length - at))))
        {
            int end = reply.IndexOf('\n', at);
            at = end < 0 ? reply.Length : end + 1;
        }

        return at;
    }

    [GeneratedRegex(@"\{(?<kind>n|word|line|stats|cas|packets|failures)(:(?<name>\w+))?\}")]
    private static partial Regex Placeholder();
}
