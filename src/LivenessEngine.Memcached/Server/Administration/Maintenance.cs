namespace LivenessEngine.Memcached.Server.Administration;

/// <summary>
/// What memcached's clients may set of its background threads. Kept for "stats settings"; the crawl here neither sleeps nor
/// stops in the middle, and pages move when they are needed.
/// </summary>
internal sealed class Maintenance
{
    private int _automoveLevel = 1;
    private uint _crawlerSleep;
    private uint _crawlerLimit;
    private bool _tracksSizes;

    /// <summary>slabs automove</summary>
    public int AutomoveLevel
    {
        get => Volatile.Read(ref _automoveLevel);
        set => Volatile.Write(ref _automoveLevel, value);
    }

    /// <summary>lru_crawler sleep, in microseconds</summary>
    public uint CrawlerSleep
    {
        get => Volatile.Read(ref _crawlerSleep);
        set => Volatile.Write(ref _crawlerSleep, value);
    }

    /// <summary>lru_crawler tocrawl</summary>
    public uint CrawlerLimit
    {
        get => Volatile.Read(ref _crawlerLimit);
        set => Volatile.Write(ref _crawlerLimit, value);
    }

    /// <summary>Whether "stats sizes" counts (stats sizes_enable).</summary>
    public bool TracksSizes
    {
        get => Volatile.Read(ref _tracksSizes);
        set => Volatile.Write(ref _tracksSizes, value);
    }
}
