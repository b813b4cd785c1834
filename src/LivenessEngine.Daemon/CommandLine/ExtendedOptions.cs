using System.Collections.Frozen;
using System.Globalization;

namespace LivenessEngine.Daemon.CommandLine;

/// <summary>memcached's <c>-o name[=value],...</c>.</summary>
internal sealed class ExtendedOptions
{
    // Those of memcached 1.6.45 that tune its own insides. They are taken, and change nothing here.
    private static readonly FrozenSet<string> WithoutEffect = FrozenSet.ToFrozenSet(
    [
        "maxconns_fast", "no_maxconns_fast", "hashpower", "slab_reassign", "no_slab_reassign", "slab_automove",
        "slab_automove_ratio", "slab_automove_window", "slab_automove_freeratio", "slab_chunk_max", "tail_repair_time",
        "hash_algorithm", "lru_crawler", "no_lru_crawler", "lru_crawler_sleep", "lru_crawler_tocrawl", "lru_maintainer",
        "no_lru_maintainer", "hot_lru_pct", "warm_lru_pct", "hot_max_factor", "warm_max_factor", "temporary_ttl",
        "watcher_logbuf_size", "worker_logbuf_size", "read_buf_mem_limit", "track_sizes", "no_hashexpand", "modern",
        "no_modern", "drop_privileges", "no_drop_privileges", "resp_obj_mem_limit", "sock_cookie_id",
        "no_inline_ascii_resp", "inline_ascii_resp", "no_chunked_items",
    ]);

    /// <summary>How long a connection may be silent; zero for ever.</summary>
    public TimeSpan IdleTimeout { get; private set; }

    /// <exception cref="UsageException">An option is unknown, or its value not allowed.</exception>
    public static ExtendedOptions Parse(IEnumerable<string> lists)
    {
        var options = new ExtendedOptions();
        foreach (string option in lists.SelectMany(list => list.Split(',', StringSplitOptions.RemoveEmptyEntries)))
        {
            options.Take(option);
        }

        return options;
    }

    private void Take(string option)
    {
        string[] parts = option.Split('=', 2);
        if (parts[0] == "idle_timeout")
        {
            if (parts.Length < 2 || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int seconds))
            {
                throw new UsageException("Missing numeric argument for idle_timeout");
            }

            IdleTimeout = TimeSpan.FromSeconds(seconds);
        }
        else if (!WithoutEffect.Contains(parts[0]))
        {
            throw new UsageException($"Illegal suboption \"{option}\"");
        }
    }
}
