using System.Globalization;
using System.Text;

namespace LivenessEngine.Fuzz.Differential;

/// <summary>Bytes as a string literal, to be pasted into a row of the wire table; long runs of one character are told by their length.</summary>
internal static class Shown
{
    private const int LongestRun = 40;

    public static string Text(string text)
    {
        var shown = new StringBuilder();
        for (int at = 0, end; at < text.Length; at = end)
        {
            for (end = at + 1; end < text.Length && text[end] == text[at]; end++)
            {
            }

            string character = text[at] switch
            {
                '\r' => "\\r",
                '\n' => "\\n",
                >= ' ' and <= '~' => text[at].ToString(),
                _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)text[at]:x4}"),
            };
            shown.Append(end - at > LongestRun
                ? string.Create(CultureInfo.InvariantCulture, $"{{{character} * {end - at}}}")
                : string.Concat(Enumerable.Repeat(character, end - at)));
        }

        return shown.ToString();
    }
}
