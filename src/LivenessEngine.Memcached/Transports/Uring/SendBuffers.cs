namespace LivenessEngine.Memcached.Transports.Uring;

/// <summary>
/// The buffers that a loop's connections send from. Where clients take their replies, all of a turn's are sent before the
/// next turn, and one buffer serves for all.
/// </summary>
internal sealed class SendBuffers
{
    private const int MostSpare = 64;

    private readonly Stack<SendBuffer> _spare = new();
    private SendBuffer _current = new();

    /// <summary>Buffers with bytes in them that somebody needs.</summary>
    public int Taken { get; private set; }

    /// <summary>A buffer with so much room behind what is used of it.</summary>
    public SendBuffer With(int room)
    {
        if (SendBuffer.Size - _current.Used < room)
        {
            // Whoever uses the other brings it back.
            _current = _spare.TryPop(out SendBuffer? spare) ? spare : new();
        }

        return _current;
    }

    /// <summary>One more needs bytes of it.</summary>
    public void Hold(SendBuffer buffer)
    {
        if (buffer.Users++ == 0)
        {
            Taken++;
        }
    }

    /// <summary>One of its users needs it no more.</summary>
    public void Release(SendBuffer buffer)
    {
        if (--buffer.Users > 0)
        {
            return;
        }

        Taken--;
        buffer.Used = 0;
        if (buffer != _current && _spare.Count < MostSpare)
        {
            _spare.Push(buffer);
        }
    }
}
