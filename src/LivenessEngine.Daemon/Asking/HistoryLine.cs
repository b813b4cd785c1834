using System.Globalization;

namespace LivenessEngine.Daemon.Asking;

/// <summary>A transition that is past, as a daemon tells it: <c>STAT &lt;Unix time&gt; &lt;group&gt;:&lt;member&gt; &lt;from&gt;-&gt;&lt;to&gt; &lt;reason&gt;</c>.</summary>
internal sealed record HistoryLine(DateTimeOffset At, string Group, string Member, string From, string To, string Reason)
{
    /// <exception cref="FormatException">It is none.</exception>
    public static HistoryLine Parse(string name, string value)
    {
        string[] words = value.Split(' ', 3);
        if (words.Length == 3
            && words[0].Split(':', 2) is [var group, var member]
            && words[1].Split("->", 2) is [var from, var to]
            && decimal.TryParse(name, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal seconds))
        {
            return new HistoryLine(DateTimeOffset.UnixEpoch.AddMilliseconds((double)(seconds * 1000)), group, member, from, to, words[2]);
        }

        throw new FormatException($"'{Terminal.Plain($"{name} {value}")}' is no line of a history");
    }
}
