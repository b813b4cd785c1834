namespace LivenessEngine.Memcached.Server;

/// <summary>What the server counts for all connections, one <see cref="Table.ThreadCounters"/> column each.</summary>
internal enum WireCounter
{
    GetCommands,
    GetMisses,
    GetExpired,
    GetFlushed,
    TouchCommands,
    TouchMisses,
    DeleteMisses,
    IncrMisses,
    DecrMisses,
    CasMisses,
    FlushCommands,
    MetaCommands,
    StoreTooLarge,
    StoreNoMemory,
    BytesRead,
    BytesWritten,
    Connections,
    RejectedConnections,
    IdleKicks,
    AuthCommands,
    AuthErrors,
    Yields,
    LogWritten,
    LogDropped,
    LogSent,
    LogSkipped,

    Count,
}

/// <summary>What the server counts for each size class: totals are the sums over the classes, as in memcached.</summary>
internal enum ClassCounter
{
    GetHits,
    SetCommands,
    DeleteHits,
    IncrHits,
    DecrHits,
    CasHits,
    CasBadval,
    TouchHits,

    Count,
}
