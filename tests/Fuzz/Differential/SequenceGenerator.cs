using System.Globalization;

namespace LivenessEngine.Fuzz.Differential;

/// <summary>Random sequences of valid requests, classic and meta, on a few keys, with numbers and sizes where something changes.</summary>
internal sealed class SequenceGenerator(Random random, string prefix)
{
    private const int MostStages = 3;
    private const int MostRequests = 8;
    private const int KeyLength = 250;

    private static readonly string[] Numbers =
        ["0", "1", "2", "9", "10", "99", "100", "4294967295", "4294967296", "9223372036854775807", "9223372036854775808", "18446744073709551614", "18446744073709551615"];

    private static readonly string[] ClientFlags = ["0", "0", "0", "1", "42", "65535", "65536", "2147483648", "4294967295"];
    private static readonly string[] StoreCommands = ["set", "set", "set", "add", "replace", "append", "prepend"];
    private static readonly string[] SetModes = ["", "", "", " MS", " ME", " MR", " MA", " MP"];
    private static readonly string[] ArithmeticModes = ["", "", " MI", " M+", " MD", " M-"];
    private static readonly string[] Others = ["mn\r\n", "version\r\n", "get\r\n", "ERR\r\n", "mg\r\n"];

    // Around a block, a chunk, a page, half and all of the largest item.
    private static readonly int[] Lengths =
        [1_000, 1_023, 8_191, 8_192, 16_383, 16_384, 32_700, 32_768, 65_535, 65_536, 100_000, 524_288, 524_289, 1_048_400, 1_048_512, 1_048_516, 1_048_517, 1_048_600];

    private readonly string[] _keys = [prefix, prefix + "b", prefix + new string('k', KeyLength - prefix.Length)];

    // The longest key less often.
    private string Key => _keys[random.Next(10) == 0 ? 2 : random.Next(2)];

    private string Exptime => random.Next(4) != 0 ? "0" : Of(
        "100", "1000", "-1", "-100", "2592000", "2592001", "4102444800", "9999999999",
        (DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1005).ToString(CultureInfo.InvariantCulture));

    private string Version => random.Next(4) == 0 ? Of(Numbers) : ((char)(Sequence.FirstVersion + random.Next(Sequence.MostVersions))).ToString();

    private string NoReply => random.Next(6) == 0 ? " noreply" : "";

    public Sequence Next()
        => new(Enumerable.Range(0, random.Next(1, MostStages + 1))
            .Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, MostRequests)).Select(_ => Request())))
            .ToArray());

    private string Request() => random.Next(24) switch
    {
        0 or 1 or 2 or 3 => Store(),
        4 or 5 => $"{Of("get", "gets")} {Keys()}\r\n",
        6 => $"{Of("gat", "gats")} {Exptime} {Keys()}\r\n",
        7 or 8 => WithData($"cas {Key} {Of(ClientFlags)} {Exptime}", Version + NoReply),
        9 => $"delete {Key}{Of("", "", " 0")}{NoReply}\r\n",
        10 or 11 => $"{Of("incr", "decr")} {Key} {Of(Numbers)}{NoReply}\r\n",
        12 => $"touch {Key} {Exptime}{NoReply}\r\n",
        13 or 14 or 15 => $"mg {Key}{Flags("v", "v", "s", "t", "c", "f", "k", "h", "l", "q", "u", "O" + random.Next(100), "N0", "N100", "R50", "R100000", "T100", "T0", "b")}\r\n",
        16 or 17 or 18 => WithData($"ms {Key}", Of(SetModes) + Flags("c", "k", "q", "T100", "T0", "T-1", "F" + Of(ClientFlags), "I", "C" + Version, "O" + random.Next(100))),
        19 => $"md {Key}{Flags("q", "k", "I", "T100", "C" + Version, "O" + random.Next(100))}\r\n",
        20 or 21 => $"ma {Key}{Of(ArithmeticModes)}{Flags("v", "t", "c", "k", "q", "D" + Of(Numbers), "J" + Of(Numbers), "N100", "N0", "C" + Version)}\r\n",
        22 => $"me {Key}\r\n",
        _ => random.Next(20) == 0 ? "flush_all\r\n" : Of(Others),
    };

    private string Store() => WithData($"{Of(StoreCommands)} {Key} {Of(ClientFlags)} {Exptime}", NoReply);

    private string WithData(string line, string words)
    {
        string data = random.Next(3) switch
        {
            0 => Of(Numbers),
            1 => new string((char)random.Next('a', 'z'), random.Next(60)),
            _ when random.Next(200) == 0 => new string('L', Lengths[random.Next(Lengths.Length)] + random.Next(-8, 9)),
            _ => Of("", "\r\n", "END\r\n", "1 ", " 1", "0007", "-0", "-1", "-18446744073709551615", "1\0", "+1", "\0", "\u00ff\u0080", "9999999999999999999", "99999999999999999999", "184467440737095516160"),
        };
        return $"{line} {data.Length}{(words.Length == 0 || words[0] == ' ' ? words : " " + words)}\r\n{data}\r\n";
    }

    // Each at most once, in any order.
    private string Flags(params string[] choices)
    {
        string flags = "";
        string seen = "";
        for (int left = random.Next(random.Next(3) == 0 ? 8 : 4); left > 0; left--)
        {
            string flag = choices[random.Next(choices.Length)];
            if (!seen.Contains(flag[0], StringComparison.Ordinal))
            {
                seen += flag[0];
                flags += " " + flag;
            }
        }

        return flags;
    }

    private string Keys() => string.Join(' ', Enumerable.Range(0, random.Next(30) == 0 ? 40 : random.Next(1, 4)).Select(_ => Key));

    private string Of(params ReadOnlySpan<string> choices) => choices[random.Next(choices.Length)];
}
