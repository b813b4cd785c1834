namespace LivenessEngine.Memcached;

/// <summary>Which of several servers a key belongs to. Everybody who shares the servers has to choose alike.</summary>
public enum MemcachedPlacement
{
    /// <summary>
    /// <c>crc32</c>: as python-memcached does, and so Nova's backends <c>oslo_cache.memcache_pool</c> and
    /// <c>dogpile.cache.memcached</c>. A dead server's keys go to the others.
    /// </summary>
    Crc32,

    /// <summary>
    /// <c>rendezvous</c>: as pymemcache's HashClient does, and so <c>dogpile.cache.pymemcache</c>. A dead server's keys go to
    /// the others.
    /// </summary>
    Rendezvous,

    /// <summary>
    /// <c>ketama</c>: MD5, 160 points a server, as libmemcached does with <c>ketama_weighted</c> and equal weights. A dead
    /// server's keys are out of reach until it is back.
    /// </summary>
    Ketama,

    /// <summary>
    /// <c>ketama-unweighted</c>: 100 points a server by Jenkins' one-at-a-time hash, as libmemcached does with <c>ketama</c>
    /// alone. A dead server's keys are out of reach until it is back.
    /// </summary>
    KetamaUnweighted,

    /// <summary>
    /// <c>ketama-enyim</c>: as the KetamaNodeLocator of EnyimMemcachedCore does: <see cref="Ketama"/>, but the port is always
    /// spelled and the ring is closed the other way. A dead server's keys go to the others.
    /// </summary>
    KetamaEnyim,
}
