using System.Globalization;

namespace LivenessEngine.Daemon.Asking;

/// <summary>A member as "stats liveness" told of it.</summary>
/// <param name="Group">Its group.</param>
/// <param name="Member">Its name.</param>
/// <param name="State">up, down or unknown.</param>
/// <param name="LastSeen">When it was last seen; null for never.</param>
/// <param name="Age">Seconds since then.</param>
internal sealed record MemberLine(string Group, string Member, string State, DateTimeOffset? LastSeen, double? Age)
{
    /// <summary>From the name and the value of a STAT line.</summary>
    /// <exception cref="FormatException">It is no such line.</exception>
    public static MemberLine Parse(string name, string value)
    {
        int colon = name.IndexOf(':', StringComparison.Ordinal);
        string[] words = value.Split(' ');
        if (colon < 0 || words.Length < 3)
        {
            throw new FormatException($"the server sent a line of another form: 'STAT {name} {value}'");
        }

        double lastSeen = double.Parse(words[1], CultureInfo.InvariantCulture);
        double age = double.Parse(words[2], CultureInfo.InvariantCulture);
        return new MemberLine(
            name[..colon],
            name[(colon + 1)..],
            words[0],
            lastSeen < 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(lastSeen * 1000)),
            age < 0 ? null : age);
    }
}
