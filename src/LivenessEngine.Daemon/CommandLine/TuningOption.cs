using System.Collections.Frozen;
using System.Globalization;

namespace LivenessEngine.Daemon.CommandLine;

/// <summary>
/// An option of <c>-o</c> that tunes memcached's own insides and changes nothing here. Its value is checked as memcached
/// does, so that a command line that is wrong there is wrong here.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Missing">What is said where it has no value; null where it needs none.</param>
/// <param name="Wrong">What is said of a value that is not allowed, with the value at {0}.</param>
/// <param name="Least">The least value.</param>
/// <param name="Most">The largest value.</param>
internal sealed record TuningOption(string Name, string? Missing = null, string Wrong = "", double Least = double.MinValue, double Most = double.MaxValue)
{
    private const string Number = "could not parse argument to ";
    private const string AnyNumber = "; it takes a number";
    private const string NotNegative = "; it takes a number, 0 or more";

    // Those of memcached 1.6.45.
    private static readonly FrozenDictionary<string, TuningOption> All = new TuningOption[]
    {
        new("maxconns_fast"), new("no_maxconns_fast"), new("slab_reassign"), new("no_slab_reassign"), new("no_slab_automove"),
        new("lru_maintainer"), new("no_lru_maintainer"),
        new("no_hashexpand"), new("modern"), new("no_modern"), new("drop_privileges"), new("no_drop_privileges"),
        new("inline_ascii_resp"), new("no_inline_ascii_resp"), new("no_chunked_items"), new("resp_obj_mem_limit"),
        new("sock_cookie_id"), new("hash_algorithm", "Missing hash_algorithm argument"),
        new("hashpower", "Missing numeric argument for hashpower", "Initial hashtable multiplier of {0} is too low or too high: allowed is 12 to 32", 12, 32),
        new("slab_automove", null, "slab_automove must be between 0 and 2", 0, 2),
        new("slab_automove_ratio", "Missing slab_automove_ratio argument", "slab_automove_ratio must be > 0 and < 1", 1e-9, 1 - 1e-9),
        new("slab_automove_window", "Missing slab_automove_window argument", "slab_automove_window must be > 2", 3),
        new("slab_automove_freeratio", "Missing slab_automove_freeratio argument", Number + "slab_automove_freeratio" + AnyNumber),
        new("slab_chunk_max", "Missing slab_chunk_max argument", Number + "slab_chunk_max" + NotNegative, 0),
        new("tail_repair_time", "Missing numeric argument for tail_repair_time", "Cannot set tail_repair_time to less than 10 seconds", 10),
        new("lru_crawler_sleep", "Missing lru_crawler_sleep value", "LRU crawler sleep must be between 0 and 1 second", 0, 1_000_000),
        new("lru_crawler_tocrawl", "Missing lru_crawler_tocrawl value", "lru_crawler_tocrawl takes a numeric 32bit value", 0, uint.MaxValue),
        new("hot_lru_pct", "Missing hot_lru_pct argument", "hot_lru_pct must be > 1 and < 80", 1, 79),
        new("warm_lru_pct", "Missing warm_lru_pct argument", "warm_lru_pct must be > 1 and < 80", 1, 79),
        new("hot_max_factor", "Missing hot_max_factor argument", "hot_max_factor must be > 0", 1e-9),
        new("warm_max_factor", "Missing warm_max_factor argument", "warm_max_factor must be > 0", 1e-9),
        new("temporary_ttl", "Missing temporary_ttl argument", Number + "temporary_ttl" + NotNegative, 0),
        new("watcher_logbuf_size", "Missing watcher_logbuf_size argument", Number + "watcher_logbuf_size" + NotNegative, 0),
        new("worker_logbuf_size", "Missing worker_logbuf_size argument", Number + "worker_logbuf_size" + NotNegative, 0),
        new("read_buf_mem_limit", "Missing read_buf_mem_limit argument", Number + "read_buf_mem_limit" + NotNegative, 0),
    }.ToFrozenDictionary(option => option.Name);

    private static readonly FrozenSet<string> HashAlgorithms = FrozenSet.ToFrozenSet(["jenkins", "murmur3", "xxh3"]);

    public static TuningOption? Find(string name) => All.GetValueOrDefault(name);

    /// <exception cref="UsageException">It needs a value, or another one.</exception>
    public void Check(string? value)
    {
        if (value is null)
        {
            if (Missing is not null)
            {
                throw new UsageException(Missing);
            }
        }
        else if (Name == "hash_algorithm")
        {
            if (!HashAlgorithms.Contains(value))
            {
                throw new UsageException($"Unknown hash_algorithm option (jenkins, murmur3, xxh3){Given(value)}");
            }
        }
        else if (Wrong.Length > 0
            && !(double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number >= Least && number <= Most))
        {
            throw new UsageException(string.Format(CultureInfo.InvariantCulture, Wrong, value) + Given(value));
        }
    }

    private string Given(string value) => $" (-o {Name}={value})";
}
