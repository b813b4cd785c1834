using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace LivenessEngine.Configuration;

/// <summary>
/// Reads options as oslo.config does: <c>$name</c>, <c>${name}</c> and <c>${section.name}</c> stand for other options'
/// values, <c>$$</c> and <c>\$</c> for a dollar sign. What is wrong is named with its file and line.
/// </summary>
internal sealed partial class OptionReader(IConfiguration configuration)
{
    public const string DefaultSection = "DEFAULT";

    /// <summary>The text of an option; null if it is not set.</summary>
    public string? Text(string section, string option) => Text(section, option, []);

    /// <summary>
    /// Items with commas between, without the white space around them; or an array, as other sources than nova.conf may have
    /// it. Null if it is not set.
    /// </summary>
    public IReadOnlyList<string>? List(string section, string option)
    {
        string key = ConfigurationPath.Combine(section, option);
        string[] items = [.. configuration.GetSection(key).GetChildren().Select(item => Text(key, item.Key) ?? "")];
        string? text = items.Length > 0 ? string.Join(',', items) : Text(section, option);
        return text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    public int Integer(string section, string option, int fallback, int least, int most)
        => Text(section, option) is not { } text ? fallback
            : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most
                ? value
                : throw Wrong(section, option, text, $"a whole number from {least} to {most}");

    public double Number(string section, string option, double fallback, double least, double most)
        => Text(section, option) is not { } text ? fallback
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= least && value <= most
                ? value
                : throw Wrong(section, option, text, string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"));

    public bool Flag(string section, string option, bool fallback)
        => Text(section, option) is not { } text ? fallback
            : text.ToLowerInvariant() switch
            {
                "true" or "1" or "on" or "yes" => true,
                "false" or "0" or "off" or "no" => false,
                _ => throw Wrong(section, option, text, "true or false (1, on, yes; 0, off, no)"),
            };

    /// <summary>One of some values.</summary>
    public T Choice<T>(string section, string option, T fallback, params ReadOnlySpan<(string Text, T Value)> choices)
    {
        if (Text(section, option) is not { } text)
        {
            return fallback;
        }

        var allowed = new List<string>();
        foreach ((string name, T value) in choices)
        {
            if (name == text)
            {
                return value;
            }

            allowed.Add(name);
        }

        throw Wrong(section, option, text, string.Join(", ", allowed));
    }

    /// <summary>What to throw for a value: it names where it stands, the option, the value and what is allowed.</summary>
    public ServiceGroupConfigurationException Wrong(string section, string option, string value, string allowed, Exception? fault = null)
        => new($"{OriginOf(section, option)}: [{section}] {option} is '{value}'; allowed is {allowed}.", fault);

    /// <summary>Where an option stands and what it is called, for a value that must not be shown.</summary>
    public string PlaceOf(string section, string option) => $"{OriginOf(section, option)}: [{section}] {option}";

    private string OriginOf(string section, string option)
    {
        string key = ConfigurationPath.Combine(section, option);
        if (configuration is IConfigurationRoot root)
        {
            foreach (IConfigurationProvider provider in root.Providers.Reverse())
            {
                if (provider.TryGet(key, out _))
                {
                    return provider is OsloConfigurationProvider file ? file.OriginOf(key) : $"{provider}";
                }
            }
        }

        return "configuration";
    }

    private string? Text(string section, string option, HashSet<string> asked)
    {
        string key = ConfigurationPath.Combine(section, option);
        string? value = configuration[key];
        if (value is null || !value.Contains('$', StringComparison.Ordinal))
        {
            return value;
        }

        // What stands behind a dollar sign may be a part of a password, and the whole value even more so: neither is shown.
        if (!asked.Add(key))
        {
            throw new ServiceGroupConfigurationException($"{PlaceOf(section, option)} stands for itself.");
        }

        var text = new StringBuilder();
        int at = 0;
        foreach (Match match in Reference().Matches(value))
        {
            text.Append(value, at, match.Index - at).Append(match.Groups["name"] switch
            {
                { Success: true } name => Referred(section, option, name.Value, asked),
                _ => "$",
            });
            at = match.Index + match.Length;
        }

        asked.Remove(key);
        return text.Append(value, at, value.Length - at).ToString();
    }

    // In its own section first, then among the defaults; with a dot in the section named.
    private string Referred(string section, string option, string name, HashSet<string> asked)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        string? value = dot > 0
            ? Text(name[..dot], name[(dot + 1)..], asked)
            : Text(section, name, asked) ?? Text(DefaultSection, name, asked);
        return value ?? throw new ServiceGroupConfigurationException(
            $"{PlaceOf(section, option)} stands for an option that is not set; a dollar sign itself is written '$$'.");
    }

    [GeneratedRegex(@"\$\$|\\\$|\$(?<name>[_a-z][._a-z0-9]*)|\$\{(?<name>[_a-z][._a-z0-9]*)\}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Reference();
}
