namespace LivenessEngine.Configuration;

/// <summary>The memcached servers that heartbeats go to, as oslo.cache's options name them.</summary>
/// <param name="Place">Where the servers stand, for messages.</param>
/// <param name="Servers">As they are written: host, host:port, [v6]:port, unix:/path.</param>
/// <param name="Backend"><c>[cache] backend</c>: which Python client Nova uses, and so which server a key belongs to.</param>
/// <param name="SocketTimeout"><c>[cache] memcache_socket_timeout</c>, 1 s.</param>
/// <param name="DeadRetry"><c>[cache] memcache_dead_retry</c>, 300 s.</param>
/// <param name="PoolSize"><c>[cache] memcache_pool_maxsize</c>, 10.</param>
internal sealed record MemcachedConfiguration(
    string Place, IReadOnlyList<string> Servers, string Backend, TimeSpan SocketTimeout, TimeSpan DeadRetry, int PoolSize)
{
    /// <summary>The seed's and old Nova's word for in-process caching.</summary>
    private const string None = "<None>";

    private const string Section = "cache";

    // Those of oslo_cache/_opts.py that speak memcached, and those that keep to the process.
    private static readonly string[] Remote =
        ["oslo_cache.memcache_pool", "dogpile.cache.memcached", "dogpile.cache.pymemcache", "dogpile.cache.pylibmc", "dogpile.cache.bmemcached"];

    private static readonly string[] Local = ["oslo_cache.dict", "dogpile.cache.memory", "dogpile.cache.null"];

    /// <summary>
    /// Today's names count where <c>[cache] enabled</c> is true; else the old one, <c>[DEFAULT] memcached_servers</c>. Null
    /// for in-process caching.
    /// </summary>
    public static MemcachedConfiguration? Read(OptionReader reader)
    {
        bool enabled = reader.Flag(Section, "enabled", false);
        (string section, string option) = enabled ? (Section, "memcache_servers") : (OptionReader.DefaultSection, "memcached_servers");
        string backend = enabled ? BackendOf(reader) : "dogpile.cache.memcached";
        IReadOnlyList<string> servers = reader.List(section, option) ?? (enabled ? ["localhost:11211"] : []);
        if (Local.Contains(backend) || servers is [] or [None])
        {
            return null;
        }

        if (servers.Contains(None))
        {
            throw reader.Wrong(section, option, string.Join(',', servers), $"either {None} or servers with commas between");
        }

        return new MemcachedConfiguration(
            reader.PlaceOf(section, option),
            [.. servers.Select(WithoutFamily)],
            backend,
            TimeSpan.FromSeconds(reader.Number(Section, "memcache_socket_timeout", 1, 0.001, 3600)),
            TimeSpan.FromSeconds(reader.Integer(Section, "memcache_dead_retry", 300, 0, 86_400)),
            reader.Integer(Section, "memcache_pool_maxsize", 10, 1, 10_000));
    }

    private static string BackendOf(OptionReader reader)
    {
        (string, string)[] choices = [.. Remote.Concat(Local).Select(name => (name, name))];
        return reader.Choice(Section, "backend", "dogpile.cache.null", choices);
    }

    // python-memcached has the address family in front: inet:host:port, inet6:[v6]:port, inet6[v6]:port.
    private static string WithoutFamily(string server)
        => server.StartsWith("inet6:", StringComparison.Ordinal) ? server["inet6:".Length..]
            : server.StartsWith("inet6[", StringComparison.Ordinal) ? server["inet6".Length..]
            : server.StartsWith("inet:", StringComparison.Ordinal) ? server["inet:".Length..]
            : server;
}
