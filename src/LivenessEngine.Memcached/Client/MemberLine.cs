using System.Globalization;

namespace LivenessEngine.Memcached.Client;

/// <summary>
/// A member as "stats liveness" tells of it: <c>&lt;group&gt;:&lt;member&gt; &lt;state&gt; &lt;last seen&gt; &lt;age&gt;</c>, and
/// where it is registered in Nova's services table <c>id= binary= disabled= forced_down= updated_at=</c> behind that; and
/// <c>skew=</c> where its heartbeats carry a time.
/// </summary>
internal static class MemberLine
{
    // 31 December 9999: what lies behind it is no time.
    private const double LastSecond = 253_402_300_799;

    /// <summary>From the name and the value of a STAT line.</summary>
    /// <exception cref="FormatException">It is no such line.</exception>
    public static MemberStatus Parse(string name, string value)
        => TryParse(name, value) ?? throw new FormatException($"the server sent a line of another form: 'STAT {name} {value}'");

    /// <summary>The same; null if it is no such line.</summary>
    public static MemberStatus? TryParse(string name, string value)
    {
        int colon = name.IndexOf(':', StringComparison.Ordinal);
        string[] words = value.Split(' ');
        if (colon <= 0
            || words.Length < 3
            || !Enum.TryParse(words[0], ignoreCase: true, out MemberState state)
            || !TrySeconds(words[1], out double seen)
            || !TrySeconds(words[2], out double age))
        {
            return null;
        }

        Dictionary<string, string> fields = FieldsOf(words.AsSpan(3));
        (string group, string member) = (name[..colon], name[(colon + 1)..]);
        return new MemberStatus(group, member, state, Time(seen), age < 0 ? null : TimeSpan.FromSeconds(age))
        {
            Service = ServiceIn(fields, group, member),
            Skew = SkewIn(fields),
        };
    }

    // Words that a later server may add are passed over.
    private static Dictionary<string, string> FieldsOf(ReadOnlySpan<string> words)
    {
        var fields = new Dictionary<string, string>();
        foreach (string word in words)
        {
            int at = word.IndexOf('=', StringComparison.Ordinal);
            if (at > 0)
            {
                fields[word[..at]] = word[(at + 1)..];
            }
        }

        return fields;
    }

    private static TimeSpan? SkewIn(Dictionary<string, string> fields)
        => fields.TryGetValue("skew", out string? text)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
            && Math.Abs(seconds) <= LastSecond
                ? TimeSpan.FromSeconds(seconds)
                : null;

    private static ServiceRecord? ServiceIn(Dictionary<string, string> fields, string group, string member)
    {
        if (!fields.TryGetValue("id", out string? text) || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long id))
        {
            return null;
        }

        return new ServiceRecord(
            id,
            member,
            fields.GetValueOrDefault("binary", $"nova-{group}"),
            group,
            null,
            0,
            0,
            fields.GetValueOrDefault("disabled") == "1",
            null,
            fields.GetValueOrDefault("forced_down") == "1",
            null,
            TrySeconds(fields.GetValueOrDefault("updated_at", "-1"), out double updated) ? Time(updated) : null);
    }

    private static bool TrySeconds(string word, out double seconds)
        => double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out seconds) && seconds is >= -1 and <= LastSecond;

    private static DateTimeOffset? Time(double seconds)
        => seconds < 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(seconds * 1000));
}
