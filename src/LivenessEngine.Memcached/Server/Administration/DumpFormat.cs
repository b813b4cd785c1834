namespace LivenessEngine.Memcached.Server.Administration;

/// <summary>How an <see cref="ItemDump"/> shows the items.</summary>
internal enum DumpFormat
{
    /// <summary>stats cachedump</summary>
    Cachedump,

    /// <summary>lru_crawler metadump</summary>
    Metadump,

    /// <summary>lru_crawler mgdump: as the meta commands that get them.</summary>
    Mgdump,
}
