using LivenessEngine.Table.State;

namespace LivenessEngine.Table;

/// <summary>How large a table may become and what it does when it is full.</summary>
internal sealed record TableOptions
{
    /// <summary>Bytes of pages for items; the index and the member columns come on top. memcached's default (-m 64).</summary>
    public long MemoryLimit { get; init; } = 64L << 20;

    /// <summary>
    /// Bytes up to which <see cref="LivenessTable.TrySetMemoryLimit"/> may raise the limit. Address space, not memory.
    /// </summary>
    public long MemoryReserve { get; init; }

    /// <summary>Largest item, counted as memcached counts it (-I 1m).</summary>
    public int MaxItemSize { get; init; } = 1 << 20;

    /// <summary>False: refuse to store when memory is used up (-M).</summary>
    public bool Evict { get; init; } = true;

    /// <summary>Where the table is kept, so that it outlives the process; null for memory alone.</summary>
    public StateFile? State { get; init; }

    /// <summary>Seed of the key hash; random by default. A state file brings its own.</summary>
    public ulong HashSeed { get; init; } = unchecked((ulong)Random.Shared.NextInt64(long.MinValue, long.MaxValue));
}
