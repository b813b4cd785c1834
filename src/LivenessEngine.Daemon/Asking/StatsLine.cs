using System.Globalization;

namespace LivenessEngine.Daemon.Asking;

/// <summary>
/// A member as "stats liveness" tells of it: <c>&lt;group&gt;:&lt;member&gt; &lt;state&gt; &lt;last seen&gt; &lt;age&gt;</c>, and
/// where it is registered in Nova's services table <c>id= binary= disabled= forced_down= updated_at=</c> behind that.
/// </summary>
internal static class StatsLine
{
    /// <summary>From the name and the value of a STAT line.</summary>
    /// <exception cref="FormatException">It is no such line.</exception>
    public static MemberStatus Parse(string name, string value)
    {
        int colon = name.IndexOf(':', StringComparison.Ordinal);
        string[] words = value.Split(' ');
        if (colon < 0 || words.Length < 3 || !Enum.TryParse(words[0], ignoreCase: true, out MemberState state))
        {
            throw new FormatException($"the server sent a line of another form: 'STAT {name} {value}'");
        }

        double age = double.Parse(words[2], CultureInfo.InvariantCulture);
        (string group, string member) = (name[..colon], name[(colon + 1)..]);
        return new MemberStatus(group, member, state, Time(words[1]), age < 0 ? null : TimeSpan.FromSeconds(age))
        {
            Service = words.Length > 3 ? ServiceIn(words[3..], group, member) : null,
        };
    }

    private static ServiceRecord ServiceIn(string[] words, string group, string member)
    {
        Dictionary<string, string> fields = words
            .Select(word => word.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1]);
        return new ServiceRecord(
            long.Parse(fields["id"], CultureInfo.InvariantCulture),
            member,
            fields["binary"],
            group,
            null,
            0,
            0,
            fields["disabled"] == "1",
            null,
            fields["forced_down"] == "1",
            null,
            Time(fields["updated_at"]));
    }

    private static DateTimeOffset? Time(string seconds)
        => double.Parse(seconds, CultureInfo.InvariantCulture) is >= 0 and var time
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(time * 1000))
            : null;
}
