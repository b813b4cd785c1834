namespace LivenessEngine.Table;

/// <summary>What the table counts, one <see cref="ThreadCounters"/> column each.</summary>
internal enum TableCounter
{
    /// <summary>Items in the index (added and taken off by different threads; the sum is the number).</summary>
    Items,

    /// <summary>Bytes of those items.</summary>
    Bytes,

    /// <summary>Items ever stored.</summary>
    TotalItems,

    /// <summary>Blocks in the index, bare members included.</summary>
    Blocks,

    /// <summary>Live items dropped to make room.</summary>
    Evictions,

    /// <summary>Of those, never read.</summary>
    EvictedUnfetched,

    /// <summary>Expired items whose memory was taken back to store something.</summary>
    Reclaimed,

    /// <summary>Expired items found by the crawl.</summary>
    CrawlerReclaimed,

    /// <summary>Expired items found by somebody who asked for them.</summary>
    ExpiredOnRead,

    /// <summary>Of all expired items, never read.</summary>
    ExpiredUnfetched,

    /// <summary>Pages that went from one size class to another.</summary>
    PagesMoved,

    /// <summary>Stores refused for lack of memory.</summary>
    OutOfMemory,

    Count,
}
