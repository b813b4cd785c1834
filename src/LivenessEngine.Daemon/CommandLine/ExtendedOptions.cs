using System.Globalization;

namespace LivenessEngine.Daemon.CommandLine;

/// <summary>memcached's <c>-o name[=value],...</c>.</summary>
internal sealed class ExtendedOptions
{
    private const string Tls = "ssl_", ExternalStorage = "ext_";

    private readonly List<string> _withoutEffect = [];
    private readonly Dictionary<string, string?> _tls = [];

    /// <summary>How long a connection may be silent; zero for ever.</summary>
    public TimeSpan IdleTimeout { get; private set; }

    /// <summary>Whether sizes of items are counted from the beginning.</summary>
    public bool TracksSizes { get; private set; }

    /// <summary>Whether expired items are looked for before their memory is wanted.</summary>
    public bool CrawlsForExpired { get; private set; } = true;

    /// <summary>Those that tune memcached's own insides, as they were given: taken, and nothing else.</summary>
    public IReadOnlyList<string> WithoutEffect => _withoutEffect;

    /// <summary>Those of TLS (ssl_...), with their values; the last of a name counts.</summary>
    public IReadOnlyDictionary<string, string?> ForTls => _tls;

    /// <exception cref="UsageException">An option is unknown, or its value not allowed.</exception>
    public static ExtendedOptions Parse(IEnumerable<string> lists)
    {
        var options = new ExtendedOptions();
        foreach (string list in lists)
        {
            // As getsubopt(3) takes a list apart: what is empty between two commas is an option that nobody knows.
            string rest = list.EndsWith(',') ? list[..^1] : list;
            foreach (string option in rest.Length == 0 ? [] : rest.Split(','))
            {
                options.Take(option);
            }
        }

        return options;
    }

    private static TimeSpan ReadIdleTimeout(string? value)
        => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
            ? TimeSpan.FromSeconds(seconds)
            : throw new UsageException(
                $"Missing numeric argument for idle_timeout{(value is null ? "" : $": '{value}' is not allowed")}; it takes seconds, 0 (for ever) to {int.MaxValue}");

    private void Take(string option)
    {
        string[] parts = option.Split('=', 2);
        string? value = parts.Length == 2 ? parts[1] : null;
        if (parts[0] == "idle_timeout")
        {
            IdleTimeout = ReadIdleTimeout(value);
        }
        else if (parts[0] == "track_sizes")
        {
            TracksSizes = true;
        }
        else if (parts[0] is "lru_crawler" or "no_lru_crawler")
        {
            CrawlsForExpired = parts[0] == "lru_crawler";
        }
        else if (parts[0].StartsWith(ExternalStorage, StringComparison.Ordinal))
        {
            throw new UsageException($"-o {option}: there is no external storage (extstore) here; items are kept in memory (-m) and over a restart (--state-file)", ExitCode.Usage);
        }
        else if (parts[0].StartsWith(Tls, StringComparison.Ordinal))
        {
            _tls[parts[0]] = value;
        }
        else if (TuningOption.Find(parts[0]) is { } tuning)
        {
            tuning.Check(value);
            _withoutEffect.Add(option);
        }
        else
        {
            throw new UsageException($"Illegal suboption \"{option}\"");
        }
    }
}
