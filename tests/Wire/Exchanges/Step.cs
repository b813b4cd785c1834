using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using LivenessEngine.Testing;
using LivenessEngine.Wire.Servers;

namespace LivenessEngine.Wire.Exchanges;

/// <summary>A request, or several in one go, and the reply to it.</summary>
internal sealed partial record Step
{
    /// <summary>
    /// Each character a byte. <c>{now+10}</c> is the server's time in Unix seconds and ten more, <c>{name}</c> a number
    /// or a version from an earlier reply.
    /// </summary>
    public required string Send { get; init; }

    /// <summary>What memcached 1.6.45 answers, as a <see cref="Pattern"/>.</summary>
    public required string Expect { get; init; }

    /// <summary>What memcached 1.6.18 answers instead.</summary>
    public string? Older { get; init; }

    /// <summary>What we answer instead, on purpose.</summary>
    public string? Ours { get; init; }

    /// <summary>Time that passes before the request is sent.</summary>
    public TimeSpan After { get; init; }

    /// <summary>Lines <c>name value</c> that are among the reply's STAT lines.</summary>
    public IReadOnlyList<string> Stats { get; init; } = [];

    /// <summary>Names that are among the reply's STAT lines.</summary>
    public IReadOnlyList<string> StatNames { get; init; } = [];

    /// <summary>The replies that a server may give.</summary>
    public Pattern[] Expectations(Flavour flavour) => flavour switch
    {
        Flavour.Ours => [new Pattern(Ours ?? Expect)],
        Flavour.Older => [new Pattern(Older ?? Expect)],
        Flavour.Newer => [new Pattern(Expect)],
        _ => [new Pattern(Expect), new Pattern(Older ?? Expect)],
    };

    /// <summary>The bytes to send.</summary>
    public byte[] Request(long unixSeconds, IReadOnlyDictionary<string, string> captures)
    {
        string filled = Placeholder().Replace(Send, match =>
        {
            string name = match.Groups["name"].Value;
            string offset = match.Groups["offset"].Value;
            return name != "now" ? captures[name]
                : (unixSeconds + (offset.Length > 0 ? long.Parse(offset, CultureInfo.InvariantCulture) : 0)).ToString(CultureInfo.InvariantCulture);
        });
        return Encoding.Latin1.GetBytes(filled);
    }

    /// <summary>Fails if a STAT line is missing that has to be there.</summary>
    public void CheckStats(string reply)
    {
        string[] lines = [.. reply.Split("\r\n"), .. Packets.StatLines(reply)];
        foreach (string stat in Stats)
        {
            Assert.Contains($"STAT {stat}", lines);
        }

        foreach (string name in StatNames)
        {
            Assert.Contains(lines, line => line.StartsWith($"STAT {name} ", StringComparison.Ordinal));
        }
    }

    [GeneratedRegex(@"\{(?<name>\w+)(?<offset>[+-]\d+)?\}")]
    private static partial Regex Placeholder();
}
