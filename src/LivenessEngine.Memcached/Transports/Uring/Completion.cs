namespace LivenessEngine.Memcached.Transports.Uring;

/// <summary>What became of a request (struct io_uring_cqe).</summary>
/// <param name="Data">What the request carried.</param>
/// <param name="Result">What the call would have returned, or the error below zero.</param>
/// <param name="Flags">See io_uring_enter(2).</param>
internal readonly record struct Completion(ulong Data, int Result, uint Flags)
{
    /// <summary>Whether the bytes lie in one of the buffers.</summary>
    public bool HasBuffer => (Flags & 1) != 0;

    /// <summary>Whether more of the same request will come.</summary>
    public bool HasMore => (Flags & 2) != 0;

    public int Buffer => (int)(Flags >> 16);
}
