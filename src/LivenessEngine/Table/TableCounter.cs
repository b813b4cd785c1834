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

    /// <summary>Of those, with a deadline of their own.</summary>
    EvictedWithDeadline,

    /// <summary>Expired items whose memory was taken back to store something.</summary>
    Reclaimed,

    /// <summary>Expired items found by the crawl.</summary>
    CrawlerReclaimed,

    /// <summary>Items that the crawl has looked at.</summary>
    CrawlerChecked,

    /// <summary>Times that the crawl found something due, and went to look for it.</summary>
    CrawlerStarts,

    /// <summary>Times that a store had to make room for itself.</summary>
    DirectReclaims,

    /// <summary>Items moved out of a page that was to be emptied.</summary>
    PageRescues,

    /// <summary>Items that went because they could not be moved out of such a page.</summary>
    PageEvictions,

    /// <summary>Expired items found in such a page.</summary>
    PageReclaims,

    /// <summary>Items that had to stay in such a page.</summary>
    PageBusyItems,

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
