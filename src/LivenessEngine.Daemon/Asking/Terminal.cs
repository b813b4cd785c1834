using System.Globalization;
using System.Text;
using Spectre.Console;

namespace LivenessEngine.Daemon.Asking;

internal static class Terminal
{
    /// <summary>A pipe has no width: nothing that goes into one is cut or wrapped.</summary>
    public static void Widen()
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = int.MaxValue / 2;
        }
    }

    /// <summary>Standard output for much text: not flushed with every line.</summary>
    public static StreamWriter OpenOutput() => new(Console.OpenStandardOutput(), new UTF8Encoding(false), 1 << 16);

    /// <summary>
    /// A name for a terminal: what would steer it (control characters, and those that turn the direction of writing) is
    /// spelled out. Anybody may have made the name.
    /// </summary>
    public static string Plain(string name)
    {
        if (!name.Any(Steers))
        {
            return name;
        }

        var plain = new StringBuilder();
        foreach (char c in name)
        {
            plain.Append(Steers(c) ? string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : c);
        }

        return plain.ToString();
    }

    private static bool Steers(char c)
        => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
