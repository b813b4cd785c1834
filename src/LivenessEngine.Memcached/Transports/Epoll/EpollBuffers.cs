namespace LivenessEngine.Memcached.Transports.Epoll;

/// <summary>
/// The buffers of one loop: one that all its connections receive into, one that they send from, and spare ones for when
/// a connection has to keep what it borrowed. So an idle connection has no buffer. The loop's thread alone uses them.
/// </summary>
internal sealed class EpollBuffers
{
    /// <summary>A batch larger than this is taken in several turns; the largest reply that a session writes before it flushes fits.</summary>
    public const int Size = 128 << 10;

    private const int MostSpare = 64;

    private readonly Stack<byte[]> _spare = new();

    /// <summary>What is received into. The loop's, and that of whoever it is lent to until the loop goes on.</summary>
    public byte[] Receive { get; private set; } = New();

    /// <summary>What is sent from; lent in the same way.</summary>
    public byte[] Send { get; private set; } = New();

    /// <summary>Buffers that are with connections.</summary>
    public int Taken { get; private set; }

    /// <summary>Whoever borrowed the buffer keeps it: takes another in its place.</summary>
    public void GiveAwayReceive() => Receive = Take();

    /// <inheritdoc cref="GiveAwayReceive"/>
    public void GiveAwaySend() => Send = Take();

    /// <summary>A buffer to keep, or one in place of which one is kept.</summary>
    public byte[] Take()
    {
        Taken++;
        return _spare.TryPop(out byte[]? buffer) ? buffer : New();
    }

    /// <summary>Takes back a buffer that was kept.</summary>
    public void Return(byte[] buffer)
    {
        Taken--;
        if (_spare.Count < MostSpare)
        {
            _spare.Push(buffer);
        }
    }

    // Pinned, so that its address may be given to the system at any time.
    private static byte[] New() => GC.AllocateUninitializedArray<byte>(Size, pinned: true);
}
