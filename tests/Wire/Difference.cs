using LivenessEngine.Wire.Exchanges;

namespace LivenessEngine.Wire;

/// <summary>Says in few words how a reply differs from what was expected.</summary>
internal static class Difference
{
    private const int Before = 60;
    private const int Most = 400;

    public static string Between(IEnumerable<Pattern> patterns, string reply, int at)
    {
        string expected = string.Join(" or ", patterns.Select(pattern => Shown(pattern.Text, 0)));
        return $"""
            The reply differs at byte {at}.
            expected: {expected}
            came:     {Shown(reply, 0)}
            from {Math.Max(at - Before, 0)}: {Shown(reply, Math.Max(at - Before, 0))}
            """;
    }

    private static string Shown(string text, int from)
    {
        string part = text[from..Math.Min(text.Length, from + Most)];
        string shown = part.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return part.Length < text.Length - from ? $"'{shown}'... ({text.Length} bytes)" : $"'{shown}'";
    }
}
