using System.Net;
using System.Net.Sockets;
using LivenessEngine.Memcached.Protocol;
using LivenessEngine.Memcached.Server.Watching;
using LivenessEngine.Memcached.Transports;
using LivenessEngine.Table;

namespace LivenessEngine.Memcached.Server.Administration;

/// <summary>stats settings: what the server was started with.</summary>
internal static class SettingsStats
{
    // OpenSSL's numbers for the two.
    private const int PemFormat = 1, DerFormat = 2;

    private const int TlsRecord = 16 << 10;

    private static readonly string[] TlsVersions = ["tlsv1.0", "tlsv1.1", "tlsv1.2", "tlsv1.3"];

    public static void Write(ServerContext server, ref Turn turn)
    {
        ref ReplyWriter writer = ref turn.Writer;
        MemcachedServerOptions options = server.Options;
        IPEndPoint? tcp = server.Connections.Listening.OfType<IPEndPoint>().FirstOrDefault();
        IPEndPoint? udp = server.Udp is [IPEndPoint first, ..] ? first : null;
        UnixDomainSocketEndPoint? unix = server.Connections.Listening.OfType<UnixDomainSocketEndPoint>().FirstOrDefault();
        writer.Stat("maxbytes", server.Table.MemoryLimit);
        writer.Stat("maxconns", options.MaxConnections);
        writer.Stat("tcpport", tcp?.Port ?? 0);
        writer.Stat("udpport", udp?.Port ?? 0);
        writer.Stat("inter", (tcp ?? udp)?.Address.ToString() ?? "NULL");
        writer.Stat("verbosity", server.Verbosity);
        writer.Stat("oldest", 0);
        writer.Stat("evictions", server.Table.Evicts ? "on" : "off");
        writer.Stat("domain_socket", unix?.ToString() ?? "NULL");
        writer.Stat("umask", Convert.ToString((int)options.UnixSocketMode, 8));
        writer.Stat("shutdown_command", options.AllowShutdown);
        writer.Stat("growth_factor", "1.13");
        writer.Stat("chunk_size", SizeClasses.SmallestBlock);
        writer.Stat("num_threads", server.Threads);
        writer.Stat("stat_key_prefix", options.PrefixDelimiter.ToString());
        writer.Stat("detail_enabled", server.Prefixes.IsCollecting);
        writer.Stat("reqs_per_event", options.RequestsPerEvent);
        writer.Stat("cas_enabled", options.UseCas);
        writer.Stat("tcp_backlog", options.Backlog);
        writer.Stat("binding_protocol", NameOf(options.Protocol));
        writer.Stat("auth_enabled_sasl", server.Authentication is not null && options.Protocol != MemcachedProtocol.Ascii);
        writer.Stat("auth_enabled_ascii", options.Protocol == MemcachedProtocol.Binary ? "no" : options.AuthenticationFile ?? "no");
        writer.Stat("item_size_max", server.Table.Writer.MaxItemSize);
        writer.Stat("maxconns_fast", true);
        writer.Stat("slab_reassign", true);
        writer.Stat("slab_automove", server.Maintenance.AutomoveLevel);
        writer.Stat("slab_chunk_max", SizeClasses.LargestBlock);
        writer.Stat("lru_crawler", server.Table.CrawlsForExpired);
        writer.Stat("lru_crawler_sleep", server.Maintenance.CrawlerSleep);
        writer.Stat("lru_crawler_tocrawl", server.Maintenance.CrawlerLimit);
        writer.Stat("lru_maintainer_thread", false);
        writer.Stat("lru_segmented", false);
        writer.Stat("temp_lru", false);
        writer.Stat("flush_enabled", options.AllowFlush);
        writer.Stat("dump_enabled", options.AllowDump);
        writer.Stat("idle_timeout", (long)options.IdleTimeout.TotalSeconds);
        writer.Stat("watcher_logbuf_size", LogWatcher.BufferSize);
        writer.Stat("worker_logbuf_size", EventLog.WorkerBufferSize);
        writer.Stat("track_sizes", server.Maintenance.TracksSizes);
        writer.Stat("service_down_time", (long)server.Engine.Options.ServiceDownTime.TotalSeconds);
        writer.Stat("groups", string.Join(',', server.Members.Names));
        writer.Stat("verdict", server.Heartbeats.IsAuthoritative ? "authoritative" : "passthrough");
        writer.Stat("flush_heartbeats", options.FlushHeartbeats);
        WriteTls(options.Tls, ref writer);
        writer.Stat("transport", TransportName.Of(server.Transport));
        writer.Write(Replies.End);
    }

    private static void WriteTls(MemcachedTlsOptions? tls, ref ReplyWriter writer)
    {
        writer.Stat("ssl_enabled", tls is not null);
        writer.Stat("ssl_chain_cert", tls?.CertificateChain ?? "(null)");
        writer.Stat("ssl_key", tls?.Key ?? "(null)");
        writer.Stat("ssl_verify_mode", (long)(tls?.Verification ?? 0));
        writer.Stat("ssl_keyformat", tls is { IsKeyDer: true } ? DerFormat : PemFormat);
        writer.Stat("ssl_ciphers", tls?.Ciphers ?? "NULL");
        writer.Stat("ssl_ca_cert", tls?.ClientAuthorities ?? "NULL");
        writer.Stat("ssl_wbuf_size", TlsRecord);
        writer.Stat("ssl_session_cache", tls is { ResumesSessions: true });
        writer.Stat("ssl_kernel_tls", false);
        writer.Stat("ssl_min_version", TlsVersions[tls?.MinimumVersion ?? TlsVersions.Length - 2]);
    }

    private static string NameOf(MemcachedProtocol protocol) => protocol switch
    {
        MemcachedProtocol.Ascii => "ascii",
        MemcachedProtocol.Binary => "binary",
        _ => "auto-negotiate",
    };
}
