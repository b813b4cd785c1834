namespace LivenessEngine.Memcached.Server.Watching;

/// <summary>
/// Bytes on their way from those who log to the one who passes them on. What does not fit is refused, so that nobody waits
/// for a reader; the lock is held for the time of a copy.
/// </summary>
/// <param name="capacity">Bytes that may wait.</param>
internal sealed class LineBuffer(int capacity)
{
    private readonly Lock _gate = new();
    private byte[] _bytes = new byte[capacity];
    private int _length;

    /// <summary>Takes both parts, or neither.</summary>
    public bool TryAdd(ReadOnlySpan<byte> head, ReadOnlySpan<byte> line)
    {
        lock (_gate)
        {
            if (head.Length + line.Length > _bytes.Length - _length)
            {
                return false;
            }

            head.CopyTo(_bytes.AsSpan(_length));
            line.CopyTo(_bytes.AsSpan(_length + head.Length));
            _length += head.Length + line.Length;
            return true;
        }
    }

    /// <summary>Takes everything that waits, and gives an array of the same size for what comes.</summary>
    public ReadOnlyMemory<byte> Swap(ref byte[]? spare)
    {
        lock (_gate)
        {
            byte[] bytes = _bytes;
            _bytes = spare ?? new byte[capacity];
            spare = bytes;
            int length = _length;
            _length = 0;
            return bytes.AsMemory(0, length);
        }
    }
}
