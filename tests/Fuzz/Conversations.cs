namespace LivenessEngine.Fuzz;

/// <summary>Requests as a client sends them that knows the protocol.</summary>
internal static class Conversations
{
    private static readonly string[] Keys =
        ["a", "b", "key", "compute:host1", "compute:host2", "cert:x:y", "user:17", "noreply", "aGVsbG8=", "0123456789abcdef0123456789abcdef01234567", new string('k', 250), "\u00e4\u00ff"];

    private static readonly string[] Exptimes = ["0", "0", "0", "1", "100", "2592000", "2592001", "-1", "4000000000"];
    private static readonly string[] Numbers = ["0", "1", "5", "99", "18446744073709551615", "4294967296"];
    private static readonly string[] StoreCommands = ["set", "set", "set", "add", "replace", "append", "prepend"];

    private static readonly string[] Administration =
    [
        "stats", "stats settings", "stats items", "stats slabs", "stats sizes", "stats conns", "stats reset", "stats liveness",
        "stats liveness-engine", "stats liveness-history", "stats liveness-history 3", "stats liveness-history x",
        "liveness release compute", "liveness release", "stats liveness compute", "stats detail on", "stats detail off", "stats detail dump", "stats cachedump 1 10", "stats cachedump 5 0",
        "lru_crawler metadump all", "lru_crawler mgdump all", "lru_crawler crawl all", "lru_crawler metadump 1,2,3", "lru_crawler sleep 100",
        "version", "verbosity 0", "verbosity 2", "cache_memlimit 8", "cache_memlimit 16", "shutdown", "shutdown graceful", "slabs automove 1",
        "lru tune 10 25", "mn", "mg key v", "ms key 2\r\nhi", "md key", "me key", "watch fetchers", "quit",
    ];

    private static readonly string[] MetaFlags =
    [
        "b", "c", "f", "h", "k", "l", "q", "s", "t", "u", "v", "x", "I", "P", "L", "Oab", "N0", "N30", "R30", "R0", "T0", "T30", "T-1", "E5", "E0", "C1", "C5",
        "F7", "F4294967295", "D1", "D18446744073709551615", "J5", "MI", "MD", "MS", "ME", "MA", "MP", "MR",
    ];

    // Around the sizes where values change their form: a block, a chunk, the largest item.
    private static readonly int[] Lengths = [0, 1, 2, 10, 100, 1_000, 2_047, 8_192, 32_700, 32_768, 65_536, 200_000, 1_048_516, 1_048_517];

    /// <summary>One request or a few.</summary>
    public static byte[] Next(Random random)
        => System.Text.Encoding.Latin1.GetBytes(string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => Request(random))));

    private static string Request(Random random) => random.Next(19) switch
    {
        0 or 1 or 2 => Store(random),
        3 or 4 => $"get {KeysOf(random)}\r\n",
        5 => $"gets {KeysOf(random)}\r\n",
        6 => $"{Of(random, "gat", "gats")} {Of(random, Exptimes)} {KeysOf(random)}\r\n",
        7 => $"cas {Of(random, Keys)} 0 0 2 {Of(random, Numbers)}{NoReply(random)}\r\nhi\r\n",
        8 => $"delete {Of(random, Keys)}{NoReply(random)}\r\n",
        9 => $"{Of(random, "incr", "decr")} {Of(random, Keys)} {Of(random, Numbers)}{NoReply(random)}\r\n",
        10 => $"touch {Of(random, Keys)} {Of(random, Exptimes)}{NoReply(random)}\r\n",
        11 => $"set {Of(random, Keys)} 0 0 2{NoReply(random)}\r\n{random.Next(10, 100)}\r\n",
        12 => random.Next(3) == 0 ? "watch liveness\r\n" : $"flush_all{Of(random, "", " 0", " 5", " noreply")}\r\n",
        13 => Of(random, Administration) + "\r\n",
        14 or 15 => $"mg {Of(random, Keys)}{Flags(random)}\r\n",
        16 => MetaSet(random),
        17 => $"md {Of(random, Keys)}{Flags(random)}\r\n",
        _ => $"ma {Of(random, Keys)}{Flags(random)}\r\n",
    };

    private static string MetaSet(Random random)
    {
        int length = random.Next(20) == 0 ? Of(random, Lengths) : random.Next(100);
        return $"ms {Of(random, Keys)} {length}{Flags(random)}\r\n{new string((char)random.Next('0', 'Z'), length)}\r\n";
    }

    private static string Flags(Random random) => string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => " " + Of(random, MetaFlags)));

    private static string Store(Random random)
    {
        // Short ones mostly: a round is to have many requests.
        int length = random.Next(10) == 0 ? Of(random, Lengths) : random.Next(200);
        string line = $"{Of(random, StoreCommands)} {Of(random, Keys)} {random.Next(10)} {Of(random, Exptimes)} {length}{NoReply(random)}\r\n";
        return line + new string((char)random.Next('A', 'Z'), length) + "\r\n";
    }

    private static string KeysOf(Random random)
        => string.Join(' ', Enumerable.Range(0, random.Next(20) == 0 ? 300 : random.Next(1, 5)).Select(_ => Of(random, Keys)));

    private static string NoReply(Random random) => random.Next(5) == 0 ? " noreply" : "";

    private static T Of<T>(Random random, params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];
}
