namespace LivenessEngine.Memcached;

/// <summary>What a heartbeat is written as. Both forms are always read.</summary>
public enum MemcachedValueForm
{
    /// <summary>What Nova writes and reads: dogpile.cache's CachedValue around a datetime, pickled.</summary>
    Nova,

    /// <summary>The Unix time in seconds, as decimal text with six places.</summary>
    Plain,
}
