using System.Globalization;
using LivenessEngine.Memcached;
using LivenessEngine.Table;

namespace LivenessEngine.Wire.Servers;

/// <summary>memcached's flags, as options of a server in this process.</summary>
internal static class OurOptions
{
    // With -S; memcached has a file of its own for that.
    private static readonly string Users = Path.Combine(AppContext.BaseDirectory, "Servers", "users");

    public static TableOptions Table(IReadOnlyList<string> flags) => new()
    {
        Evict = !flags.Contains("-M"),
        MemoryLimit = ValueOf(flags, "-m") is { } megabytes ? long.Parse(megabytes, CultureInfo.InvariantCulture) << 20 : 64 << 20,
        MemoryReserve = 1 << 30,
        MaxItemSize = ValueOf(flags, "-I") is { } size ? int.Parse(size, CultureInfo.InvariantCulture) : 1 << 20,
    };

    public static MemcachedServerOptions Server(IReadOnlyList<string> flags)
    {
        var options = new MemcachedServerOptions
        {
            AllowFlush = !flags.Contains("-F"),
            AllowShutdown = flags.Contains("-A"),
            UseCas = !flags.Contains("-C"),
            Verdict = ValueOf(flags, "--verdict") == "passthrough" ? HeartbeatVerdict.Passthrough : HeartbeatVerdict.Authoritative,
            AuthenticationFile = ValueOf(flags, "-Y") ?? (flags.Contains("-S") ? Users : null),
            Protocol = flags.Contains("-S") ? MemcachedProtocol.Binary : flags.Contains("-Y") ? MemcachedProtocol.Ascii : ValueOf(flags, "-B") switch
            {
                "binary" => MemcachedProtocol.Binary,
                "ascii" => MemcachedProtocol.Ascii,
                _ => MemcachedProtocol.Auto,
            },
            FlushHeartbeats = flags.Contains("--flush-heartbeats"),
        };
        if (ValueOf(flags, "-D") is { } delimiter)
        {
            options.PrefixDelimiter = delimiter[0];
            options.CollectDetail = true;
        }

        return options;
    }

    private static string? ValueOf(IReadOnlyList<string> flags, string flag)
    {
        int at = flags.ToList().IndexOf(flag);
        return at < 0 ? null : flags[at + 1];
    }
}
