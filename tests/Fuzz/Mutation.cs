using System.Text;

namespace LivenessEngine.Fuzz;

/// <summary>Spoils an input, a little or a lot.</summary>
internal static class Mutation
{
    private const int MostMutations = 6;
    private const int Longest = 2_000_000;

    private static readonly byte[][] Words = [.. new[]
    {
        "\r\n", "\n", "\r", " ", "  ", "\0", "\u0080", "\u00ff", "noreply", "get ", "gets ", "gat 0 ", "set ", "END\r\n", "quit\r\n", "HTTP/1.1\r\n",
        "0", "-1", "-0", "2147483645", "2147483647", "2147483648", "4294967295", "4294967296", "9223372036854775807", "9223372036854775808",
        "18446744073709551615", "18446744073709551616", "99999999999999999999999", "1e9", "0x10", "+5", ":", "compute:", "\t",
        "mg ", "ms ", "md ", "ma ", "me ", "mn\r\n", " b", " q", " k", " v", " N30", " R30", " T30", " I", " E7", " C1", " MA", " Oab", " x", " aGVsbG8= ",
        "flush_all\r\n", "stats\r\n", "stats liveness\r\n", "liveness release compute\r\n", "version\r\n", "watch liveness\r\n", "cache_memlimit 8\r\n", "verbosity 2\r\n",
        "\u007f\u00ff\u00ff\u00ff", "\u0080\0\0\0", "\0\0\0\u0001", "\u00ff\u00ff\u00ff\u00ff",
    }.Select(Encoding.Latin1.GetBytes)];

    /// <summary>The input with some changes; now and then with none.</summary>
    /// <param name="input">A valid one, or one that was spoiled before.</param>
    /// <param name="other">Another, to take pieces from.</param>
    /// <param name="random">Decides everything.</param>
    public static byte[] Of(ReadOnlySpan<byte> input, ReadOnlySpan<byte> other, Random random)
    {
        byte[] spoiled = input.ToArray();
        for (int left = random.Next(MostMutations); left > 0 && spoiled.Length is > 0 and < Longest; left--)
        {
            spoiled = One(spoiled, other, random);
        }

        return spoiled;
    }

    private static byte[] One(byte[] input, ReadOnlySpan<byte> other, Random random)
    {
        int at = Place(input, random);
        int length = Math.Min(random.Next(1, random.Next(8) == 0 ? 5000 : 20), input.Length - at);
        switch (random.Next(11))
        {
            case 0:
                input[at] = (byte)random.Next(256);
                return input;
            case 1:
                input[at] ^= (byte)(1 << random.Next(8));
                return input;
            case 2:
                input[at] += (byte)random.Next(-3, 4);
                return input;
            case 3:
                return Replace(input, at, 0, Words[random.Next(Words.Length)]);
            case 4:
                return Replace(input, at, length, []);
            case 5:
                return Replace(input, at, 0, input.AsSpan(at, length));
            case 6:
                return Replace(input, at, length, Words[random.Next(Words.Length)]);
            case 7:
                return input[..at];
            case 8:
                return Replace(input, at, input.Length - at, other.IsEmpty ? other : other[random.Next(other.Length)..]);
            case 9:
                byte[] garbage = new byte[random.Next(1, random.Next(5) == 0 ? 5000 : 50)];
                random.NextBytes(garbage);
                return Replace(input, at, 0, garbage);
            default:
                return Replace(input, at, 0, [.. Enumerable.Repeat(input[at..(at + length)], random.Next(2, 100)).SelectMany(piece => piece)]);
        }
    }

    private static byte[] Replace(byte[] input, int at, int length, ReadOnlySpan<byte> by)
    {
        byte[] replaced = new byte[input.Length - length + by.Length];
        input.AsSpan(0, at).CopyTo(replaced);
        by.CopyTo(replaced.AsSpan(at));
        input.AsSpan(at + length).CopyTo(replaced.AsSpan(at + by.Length));
        return replaced;
    }

    // In the first part mostly, where the lines are: long values would take nearly all of it.
    private static int Place(byte[] input, Random random) => random.Next(random.Next(3) == 0 ? input.Length : Math.Min(input.Length, 300));
}
