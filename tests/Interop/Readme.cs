using LivenessEngine.Testing;

namespace LivenessEngine.Interop;

/// <summary>What README.md says, taken out of it.</summary>
internal static class Readme
{
    public static string Text { get; } = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    /// <summary>The lines of the first block of code in a language ("" for none).</summary>
    public static string FirstBlock(string language) => Blocks().First(block => block.Language == language).Code;

    /// <summary>The lines of the first block of code in a language that hold a text.</summary>
    public static string BlockWith(string language, string text)
        => Blocks().First(block => block.Language == language && block.Code.Contains(text, StringComparison.Ordinal)).Code;

    // Fences come in pairs: what lies between an opening and a closing one is code.
    private static IEnumerable<(string Language, string Code)> Blocks()
    {
        string[] parts = $"\n{Text}".Split("\n```");
        for (int i = 1; i < parts.Length; i += 2)
        {
            int end = parts[i].IndexOf('\n', StringComparison.Ordinal);
            yield return (parts[i][..end].Trim(), parts[i][(end + 1)..]);
        }
    }
}
