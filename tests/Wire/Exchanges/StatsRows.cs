using static LivenessEngine.Wire.Exchanges.Exchange;
using static LivenessEngine.Wire.Exchanges.Texts;

namespace LivenessEngine.Wire.Exchanges;

/// <summary>stats [&lt;what&gt; [&lt;more&gt;]]</summary>
internal static class StatsRows
{
    private const string Stats = "{stats}" + End;
    private const string Reset = "RESET\r\n";
    private const string BadLine = "CLIENT_ERROR bad command line\r\n";

    public static IEnumerable<Exchange> All =>
    [
        Row("stats", "stats\r\n", Stats).WithStatNames(
            "pid", "uptime", "time", "version", "pointer_size", "rusage_user", "rusage_system", "max_connections",
            "curr_connections", "total_connections", "rejected_connections", "cmd_get", "cmd_set", "cmd_flush", "cmd_touch",
            "cmd_meta", "get_hits", "get_misses", "get_expired", "get_flushed", "delete_misses", "delete_hits", "incr_misses",
            "incr_hits", "decr_misses", "decr_hits", "cas_misses", "cas_hits", "cas_badval", "touch_hits", "touch_misses",
            "auth_cmds", "auth_errors", "bytes_read", "bytes_written", "limit_maxbytes", "accepting_conns",
            "listen_disabled_num", "threads", "conn_yields", "curr_items", "total_items", "bytes", "evictions", "reclaimed",
            "store_too_large", "store_no_memory", "connection_structures", "time_in_listen_disabled_us", "hash_power_level", "hash_bytes",
            "hash_is_expanding", "slab_reassign_rescues", "slab_reassign_evictions_nomem", "slab_reassign_inline_reclaim",
            "slab_reassign_busy_items", "slab_reassign_running", "slabs_moved", "lru_crawler_starts", "log_worker_dropped",
            "log_worker_written", "log_watcher_skipped", "log_watcher_sent", "log_watchers", "slab_global_page_pool", "expired_unfetched",
            "evicted_unfetched", "crawler_reclaimed", "crawler_items_checked", "direct_reclaims"),
        Row("stats with a limit to idling", "stats\r\n", Stats).With("-o", "idle_timeout=100").WithStats("idle_kicks 0"),
        Row("stats with spaces behind", "stats  \r\n", Stats).WithStatNames("pid"),
        Row("stats of a new server", "stats\r\n", Stats).OnNewServer().WithStats(
            "pointer_size 64", "max_connections 1024", "curr_connections 1", "rejected_connections 0", "limit_maxbytes 67108864",
            "accepting_conns 1", "listen_disabled_num 0", "threads 4", "curr_items 0", "bytes 0", "evictions 0", "cmd_get 0"),
        Row("stats of something else", "stats foo\r\n", Error),
        Row("stats of something else with more", "stats foo bar\r\n", Error),
        Row("stats has no noreply", "stats noreply\r\n", Error),
        Row("stats reset", "stats reset\r\n", Reset),
        Row("stats reset with a word behind", "stats reset foo\r\n", Reset),
        Row("stats reset begins the counts anew", SetA + "get a b\r\nstats reset\r\nstats\r\n", Stored + ValueA + End + Reset + Stats).OnNewServer()
            .WithStats("cmd_get 0", "cmd_set 0", "get_hits 0", "get_misses 0", "total_items 0", "total_connections 0", "curr_items 1", "curr_connections 1"),

        Row("stats settings", "stats settings\r\n", Stats).OnNewServer().WithStats(
            "maxbytes 67108864", "maxconns 1024", "udpport 0", "verbosity 0", "evictions on",
            "umask 700", "num_threads 4", "stat_key_prefix :", "detail_enabled no", "cas_enabled yes", "tcp_backlog 1024",
            "auth_enabled_sasl no", "item_size_max 1048576", "flush_enabled yes", "idle_timeout 0")
            .WithStatNames("tcpport", "inter", "domain_socket", "maxconns_fast", "lru_crawler", "slab_reassign", "slab_automove", "binding_protocol",
                "growth_factor", "chunk_size", "slab_chunk_max", "lru_crawler_sleep", "lru_crawler_tocrawl", "lru_maintainer_thread", "lru_segmented",
                "temp_lru", "watcher_logbuf_size", "worker_logbuf_size", "track_sizes"),
        Row("stats settings of what was started with", "stats settings\r\n", Stats).With("-M", "-C", "-F", "-D", "#", "-m", "100", "-I", "2097152")
            .WithStats("maxbytes 104857600", "evictions off", "cas_enabled no", "flush_enabled no", "detail_enabled yes", "stat_key_prefix #", "item_size_max 2097152"),
        Row("stats conns", "stats conns\r\n", Stats),
        Row("stats sizes_enable, and what there is then", "stats sizes_enable\r\n" + SetA + "stats sizes\r\nstats sizes_disable\r\n", "STAT sizes_status enabled\r\n" + Stored + "STAT 64 1\r\n" + End + "STAT sizes_status disabled\r\n").OnNewServer(),
        Row("stats sizes_enable without versions", "stats sizes_enable\r\n", "STAT sizes_status error\r\nSTAT sizes_error cas_support_disabled\r\n").With("-C"),
        Row("stats sizes_disable", "stats sizes_disable\r\n", "STAT sizes_status disabled\r\n"),
        Row("stats sizes", "stats sizes\r\n", "STAT sizes_status disabled\r\n" + End),
        Row("stats extstore", "stats extstore\r\n", End),

        Row("stats items of an empty server", "stats items\r\n", End).OnNewServer(),
        Row("stats items", SetA + "stats items\r\n", Stored + Stats).OnNewServer().WithStats("items:1:number 1", "items:1:evicted 0", "items:1:outofmemory 0")
            .WithStatNames("items:1:age", "items:1:mem_requested", "items:1:reclaimed", "items:1:expired_unfetched", "items:1:evicted_unfetched", "items:1:crawler_reclaimed", "items:1:evicted_nonzero", "items:1:evicted_time", "items:1:crawler_items_checked"),
        Row("stats slabs", SetA + "get a\r\nstats slabs\r\n", Stored + ValueA + End + Stats).OnNewServer()
            .WithStats("1:get_hits 1", "1:cmd_set 1", "1:delete_hits 0")
            .WithStatNames("1:chunk_size", "1:chunks_per_page", "1:total_pages", "1:total_chunks", "1:used_chunks", "1:free_chunks", "1:free_chunks_end", "1:touch_hits", "1:incr_hits", "1:decr_hits", "1:cas_hits", "1:cas_badval", "active_slabs", "total_malloced"),

        Row("stats detail", "stats detail\r\n", DetailUsage),
        Row("stats detail of something else", "stats detail foo\r\n", DetailUsage),
        Row("stats detail on, and off", "stats detail on\r\nstats detail off\r\n", Ok + Ok),
        Row("stats detail dump of nothing", "stats detail dump\r\n", End),
        Row("stats detail counts by prefix", "stats detail on\r\nset a:b 0 0 1\r\n1\r\nget a:b a:c\r\nset x 0 0 1\r\n1\r\nget x\r\ndelete a:b\r\ndelete a:z\r\ntouch a:b 1\r\nincr a:b 1\r\ngat 1 a:b\r\nstats detail dump\r\n", Ok + Stored + "VALUE a:b 0 1\r\n1\r\n" + End + Stored + "VALUE x 0 1\r\n1\r\n" + End + "DELETED\r\n" + NotFound + NotFound + NotFound + End + "PREFIX a get 3 hit 1 set 1 del 2\r\n" + End),
        Row("stats detail takes the first delimiter", "stats detail on\r\nset a:b:c 0 0 1\r\n1\r\nset a: 0 0 1\r\n1\r\nstats detail dump\r\n", Ok + Stored + Stored + "PREFIX a get 0 hit 0 set 2 del 0\r\n" + End),
        Row("stats detail of an empty prefix", "stats detail on\r\nset :b 0 0 1\r\n1\r\nstats detail dump\r\n", Ok + Stored + "PREFIX  get 0 hit 0 set 1 del 0\r\n" + End),
        Row("stats detail that is off counts nothing", "set a:b 0 0 1\r\n1\r\nstats detail dump\r\n", Stored + End),
        Row("stats reset forgets the prefixes", "stats detail on\r\nset a:b 0 0 1\r\n1\r\nstats reset\r\nstats detail dump\r\n", Ok + Stored + Reset + End),
        Row("stats detail from the start, with another delimiter", "set a:b#c 0 0 1\r\n1\r\nstats detail dump\r\n", Stored + "PREFIX a:b get 0 hit 0 set 1 del 0\r\n" + End).With("-D", "#"),

        Row("stats cachedump without arguments", "stats cachedump\r\n", BadLine),
        Row("stats cachedump without a limit", "stats cachedump 1\r\n", BadLine),
        Row("stats cachedump of an empty class", "stats cachedump 1 0\r\n", End).OnNewServer(),
        Row("stats cachedump of class 0", "stats cachedump 0 0\r\n", End).OnNewServer(),
        Row("stats cachedump with a word behind", "stats cachedump 1 0 x\r\n", End).OnNewServer(),
        Row("stats cachedump of the last class", "stats cachedump 63 0\r\n", End).OnNewServer(),
        Row("stats cachedump of a class that is none", "stats cachedump 64 0\r\n", "CLIENT_ERROR Illegal slab id\r\n"),
        Row("stats cachedump of letters", "stats cachedump x 0\r\n", BadFormat),
        Row("stats cachedump limited to letters", "stats cachedump 1 x\r\n", BadFormat),
        Row("stats cachedump below 0", "stats cachedump -1 0\r\n", BadFormat),
    ];
}
