using System.Globalization;
using System.Text;
using LivenessEngine.Testing;

namespace LivenessEngine.Fuzz.Coverage;

/// <summary>
/// Inputs that are kept: one a line, readable, what is no ASCII as \xNN. A line that begins with a name in angle brackets is
/// one that has failed once.
/// </summary>
internal static class CorpusFile
{
    public static string PathOf(string target) => Path.Combine(Repository.Root, "tests", "Fuzz", "Corpus", target + ".txt");

    public static List<byte[]> Read(string target)
        => File.Exists(PathOf(target))
            ? [.. File.ReadLines(PathOf(target)).Where(line => line.Length > 0 && line[0] != '#').Select(line => Parse(line[(line.IndexOf('"') + 1)..^1]))]
            : [];

    public static void Write(string target, IEnumerable<byte[]> inputs)
    {
        // Those with a name stay.
        string[] named = File.Exists(PathOf(target)) ? [.. File.ReadLines(PathOf(target)).Where(line => line is ['#' or '<', ..])] : [];
        File.WriteAllLines(PathOf(target), named.Concat(inputs.Select(input => $"\"{Format(input)}\"")));
    }

    /// <summary>Adds one that fails, under a name.</summary>
    public static void Add(string target, string name, byte[] input)
        => File.AppendAllText(PathOf(target), $"<{name}> \"{Format(input)}\"\n");

    public static string Format(ReadOnlySpan<byte> input)
    {
        var text = new StringBuilder();
        foreach (byte b in input)
        {
            text.Append(b switch
            {
                (byte)'\r' => "\\r",
                (byte)'\n' => "\\n",
                (byte)'\\' => "\\\\",
                >= 32 and <= 126 => ((char)b).ToString(),
                _ => string.Create(CultureInfo.InvariantCulture, $"\\x{b:x2}"),
            });
        }

        return text.ToString();
    }

    public static byte[] Parse(string text)
    {
        var input = new List<byte>();
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] != '\\')
            {
                input.Add((byte)text[at]);
                continue;
            }

            switch (text[++at])
            {
                case 'r':
                    input.Add((byte)'\r');
                    break;
                case 'n':
                    input.Add((byte)'\n');
                    break;
                case 'x':
                    input.Add(byte.Parse(text.AsSpan(at + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                    at += 2;
                    break;
                default:
                    input.Add((byte)text[at]);
                    break;
            }
        }

        return [.. input];
    }
}
