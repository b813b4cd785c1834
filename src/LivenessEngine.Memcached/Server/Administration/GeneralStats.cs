using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using LivenessEngine.Memcached.Protocol;
using LivenessEngine.Memcached.Transports.Tls;
using LivenessEngine.Table;

namespace LivenessEngine.Memcached.Server.Administration;

/// <summary>stats: what exporters and memcached-tool read.</summary>
internal static class GeneralStats
{
    private static readonly string Version =
        typeof(GeneralStats).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    public static void Write(ServerContext server, ref Turn turn)
    {
        ref ReplyWriter writer = ref turn.Writer;
        ServerCounters counters = server.Counters;
        using Process process = Process.GetCurrentProcess();
        writer.Stat("pid", Environment.ProcessId);
        writer.Stat("uptime", (turn.Now.UnixMilliseconds - server.Started.UnixMilliseconds) / 1000);
        writer.Stat("time", turn.Now.UnixMilliseconds / 1000);
        writer.Stat("version", ServerContext.ProtocolVersion);
        writer.Stat("liveness_version", Version);
        writer.Stat("pointer_size", IntPtr.Size * 8);
        writer.Stat("rusage_user", Seconds(process.UserProcessorTime));
        writer.Stat("rusage_system", Seconds(process.PrivilegedProcessorTime));
        writer.Stat("max_connections", server.Options.MaxConnections);
        writer.Stat("curr_connections", server.Connections.Count);
        writer.Stat("total_connections", counters[WireCounter.Connections]);
        writer.Stat("rejected_connections", counters[WireCounter.RejectedConnections]);
        writer.Stat("connection_structures", server.Connections.Structures);
        WriteCommands(counters, ref writer);
        writer.Stat("bytes_read", counters[WireCounter.BytesRead]);
        writer.Stat("bytes_written", counters[WireCounter.BytesWritten]);
        writer.Stat("limit_maxbytes", server.Table.MemoryLimit);
        writer.Stat("accepting_conns", server.Connections.IsAccepting ? 1 : 0);
        writer.Stat("listen_disabled_num", 0);
        writer.Stat("time_in_listen_disabled_us", 0);
        writer.Stat("threads", server.Threads);
        writer.Stat("conn_yields", counters[WireCounter.Yields]);
        if (server.Tls is { } tls)
        {
            WriteTls(tls, ref writer);
        }

        writer.Stat("hash_power_level", server.Table.BucketsLog2);
        writer.Stat("hash_bytes", 8L << server.Table.BucketsLog2);
        writer.Stat("hash_is_expanding", 0);
        writer.Stat("log_worker_dropped", counters[WireCounter.LogDropped]);
        writer.Stat("log_worker_written", counters[WireCounter.LogWritten]);
        writer.Stat("log_watcher_skipped", counters[WireCounter.LogSkipped]);
        writer.Stat("log_watcher_sent", counters[WireCounter.LogSent]);
        writer.Stat("log_watchers", server.Events.Watchers);
        WriteTable(server, ref writer);
        writer.Write(Replies.End);
    }

    private static void WriteCommands(ServerCounters counters, ref ReplyWriter writer)
    {
        writer.Stat("cmd_get", counters[WireCounter.GetCommands]);
        writer.Stat("cmd_set", counters.Total(ClassCounter.SetCommands));
        writer.Stat("cmd_flush", counters[WireCounter.FlushCommands]);
        writer.Stat("cmd_touch", counters[WireCounter.TouchCommands]);
        writer.Stat("cmd_meta", counters[WireCounter.MetaCommands]);
        writer.Stat("get_hits", counters.Total(ClassCounter.GetHits));
        writer.Stat("get_misses", counters[WireCounter.GetMisses]);
        writer.Stat("get_expired", counters[WireCounter.GetExpired]);
        writer.Stat("get_flushed", counters[WireCounter.GetFlushed]);
        writer.Stat("delete_misses", counters[WireCounter.DeleteMisses]);
        writer.Stat("delete_hits", counters.Total(ClassCounter.DeleteHits));
        writer.Stat("incr_misses", counters[WireCounter.IncrMisses]);
        writer.Stat("incr_hits", counters.Total(ClassCounter.IncrHits));
        writer.Stat("decr_misses", counters[WireCounter.DecrMisses]);
        writer.Stat("decr_hits", counters.Total(ClassCounter.DecrHits));
        writer.Stat("cas_misses", counters[WireCounter.CasMisses]);
        writer.Stat("cas_hits", counters.Total(ClassCounter.CasHits));
        writer.Stat("cas_badval", counters.Total(ClassCounter.CasBadval));
        writer.Stat("touch_hits", counters.Total(ClassCounter.TouchHits));
        writer.Stat("touch_misses", counters[WireCounter.TouchMisses]);
        writer.Stat("store_too_large", counters[WireCounter.StoreTooLarge]);
        writer.Stat("store_no_memory", counters[WireCounter.StoreNoMemory]);
        writer.Stat("auth_cmds", counters[WireCounter.AuthCommands]);
        writer.Stat("auth_errors", counters[WireCounter.AuthErrors]);
        writer.Stat("idle_kicks", counters[WireCounter.IdleKicks]);
    }

    private static void WriteTls(TlsHandshakes tls, ref ReplyWriter writer)
    {
        if (tls.Options.ResumesSessions)
        {
            writer.Stat("ssl_new_sessions", tls.Sessions);
        }

        writer.Stat("ssl_handshake_errors", tls.Errors);
        writer.Stat("time_since_server_cert_refresh", (long)tls.Age.TotalSeconds);
    }

    private static void WriteTable(ServerContext server, ref ReplyWriter writer)
    {
        ItemCounters items = server.Items;
        writer.Stat("slab_reassign_rescues", items[TableCounter.PageRescues]);
        writer.Stat("slab_reassign_evictions_nomem", items[TableCounter.PageEvictions]);
        writer.Stat("slab_reassign_inline_reclaim", items[TableCounter.PageReclaims]);
        writer.Stat("slab_reassign_busy_items", items[TableCounter.PageBusyItems]);
        writer.Stat("slab_reassign_running", server.Table.DrainingPages > 0 ? 1 : 0);
        writer.Stat("slabs_moved", items[TableCounter.PagesMoved]);
        writer.Stat("lru_crawler_starts", items[TableCounter.CrawlerStarts]);
        writer.Stat("bytes", items[TableCounter.Bytes]);
        writer.Stat("curr_items", items[TableCounter.Items]);
        writer.Stat("total_items", items[TableCounter.TotalItems]);
        writer.Stat("slab_global_page_pool", server.Table.PooledPages);
        writer.Stat("expired_unfetched", items[TableCounter.ExpiredUnfetched]);
        writer.Stat("evicted_unfetched", items[TableCounter.EvictedUnfetched]);
        writer.Stat("evictions", items[TableCounter.Evictions]);
        writer.Stat("reclaimed", items[TableCounter.Reclaimed]);
        writer.Stat("crawler_reclaimed", items[TableCounter.CrawlerReclaimed]);
        writer.Stat("crawler_items_checked", items[TableCounter.CrawlerChecked]);
        writer.Stat("direct_reclaims", items[TableCounter.DirectReclaims]);
    }

    // Seconds and microseconds, as memcached prints a timeval.
    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("F6", CultureInfo.InvariantCulture);
}
