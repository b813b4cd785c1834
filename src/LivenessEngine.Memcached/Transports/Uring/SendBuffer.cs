namespace LivenessEngine.Memcached.Transports.Uring;

/// <summary>Replies of many connections, one behind the other. The loop's thread alone uses it.</summary>
internal sealed class SendBuffer
{
    /// <summary>The largest reply that a session writes before it flushes fits.</summary>
    public const int Size = 128 << 10;

    // Pinned, because the system reads it long after the call that asked for it.
    public byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(Size, pinned: true);

    /// <summary>Bytes from the front that are somebody's.</summary>
    public int Used { get; set; }

    /// <summary>How many need some of those bytes.</summary>
    public int Users { get; set; }
}
