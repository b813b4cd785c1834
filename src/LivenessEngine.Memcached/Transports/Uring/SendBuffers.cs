namespace LivenessEngine.Memcached.Transports.Uring;

internal sealed class SendBuffer
{
    public const int Size = 128 << 10;

    public byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(Size, pinned: true);

    public int Used { get; set; }

    public int Users { get; set; }
}

internal sealed class SendBuffers
{
    private readonly Stack<SendBuffer> _spare = new();

    public SendBuffer Current { get; private set; } = new();

    public SendBuffer With(int room)
    {
        if (SendBuffer.Size - Current.Used < room)
        {
            Current = _spare.TryPop(out SendBuffer? spare) ? spare : new();
        }

        return Current;
    }

    public void Release(SendBuffer buffer)
    {
        if (--buffer.Users == 0)
        {
            buffer.Used = 0;
            if (buffer != Current && _spare.Count < 64)
            {
                _spare.Push(buffer);
            }
        }
    }
}
