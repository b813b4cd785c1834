namespace LivenessEngine.Fuzz;

/// <summary>Spoils a conversation, a little or a lot.</summary>
internal static class Mutation
{
    private const int MostMutations = 6;
    private const int Longest = 4_000_000;

    private static readonly string[] Dictionary =
    [
        "\r\n", "\n", "\r", " ", "  ", "\0", "\u0080", "\u00ff", "noreply", "get ", "gets ", "gat 0 ", "set ", "END\r\n", "quit\r\n", "HTTP/1.1\r\n",
        "0", "-1", "-0", "2147483645", "2147483647", "2147483648", "4294967295", "4294967296", "9223372036854775807", "9223372036854775808",
        "18446744073709551615", "18446744073709551616", "99999999999999999999999", "1e9", "0x10", "+5", ":", "compute:", "\t",
        "flush_all\r\n", "stats\r\n", "stats liveness\r\n", "liveness release compute\r\n", "version\r\n", "watch liveness\r\n", "cache_memlimit 8\r\n", "verbosity 2\r\n",
    ];

    /// <summary>The conversation with some changes, in bytes; now and then with none.</summary>
    /// <param name="conversation">A valid one.</param>
    /// <param name="other">Another, to take pieces from.</param>
    /// <param name="random">Decides everything.</param>
    public static byte[] Of(string conversation, string other, Random random)
    {
        string text = conversation;
        for (int left = random.Next(MostMutations); left > 0 && text.Length is > 0 and < Longest; left--)
        {
            text = One(text, other, random);
        }

        return System.Text.Encoding.Latin1.GetBytes(text);
    }

    private static string One(string text, string other, Random random)
    {
        int at = Place(text, random);
        int length = Math.Min(random.Next(1, random.Next(8) == 0 ? 5000 : 20), text.Length - at);
        return random.Next(9) switch
        {
            0 => text[..at] + (char)random.Next(256) + text[Math.Min(at + 1, text.Length)..],
            1 => text.Insert(at, Dictionary[random.Next(Dictionary.Length)]),
            2 => text.Remove(at, length),
            3 => text.Insert(at, text.Substring(at, length)),
            4 => text[..at] + Dictionary[random.Next(Dictionary.Length)] + text[(at + length)..],
            5 => text[..at],
            6 => text[..at] + other[random.Next(other.Length)..],
            7 => text.Insert(at, Garbage(random)),
            _ => text.Insert(at, string.Concat(Enumerable.Repeat(text.Substring(at, length), random.Next(2, 100)))),
        };
    }

    // In the first part mostly, where the lines are: long values would take nearly all of it.
    private static int Place(string text, Random random) => random.Next(random.Next(3) == 0 ? text.Length : Math.Min(text.Length, 300));

    private static string Garbage(Random random)
    {
        byte[] bytes = new byte[random.Next(1, random.Next(5) == 0 ? 5000 : 50)];
        random.NextBytes(bytes);
        return System.Text.Encoding.Latin1.GetString(bytes);
    }
}
