namespace LivenessEngine.Memcached.Nova;

/// <summary>
/// How a stored heartbeat keeps its <c>ct</c>: what <see cref="Table.BlockHeader.Heartbeat"/> holds. The numbers stay: blocks
/// may outlive the process.
/// </summary>
internal enum HeartbeatForm : byte
{
    None = 0,

    /// <summary>Decimal text that ends at a line feed (protocol 0).</summary>
    Text = 1,

    /// <summary>A double, big-endian (protocols 1 to 5).</summary>
    Double = 2,

    /// <summary>Either of them, inside of zlib.</summary>
    Compressed = 3,
}
