namespace LivenessEngine.Memcached.Protocol;

/// <summary>The commands of the text protocol, classic and meta (memcached, protocol.txt).</summary>
internal enum Command
{
    /// <summary>A word that is no command.</summary>
    Unknown = 0,

    Get,
    Gets,
    Gat,
    Gats,

    Set,
    Add,
    Replace,
    Append,
    Prepend,
    Cas,

    Delete,
    Incr,
    Decr,
    Touch,

    MetaGet,
    MetaSet,
    MetaDelete,
    MetaArithmetic,
    MetaDebug,
    MetaNoOp,

    FlushAll,
    Verbosity,
    Version,
    Quit,
    Shutdown,
    CacheMemlimit,
    Stats,
    LruCrawler,
    Lru,
    Slabs,
    Watch,
    RefreshCerts,

    /// <summary>Ours.</summary>
    Liveness,
}
