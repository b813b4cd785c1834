using LivenessEngine.Table;

namespace LivenessEngine.Memcached.Server;

/// <summary>
/// A value larger than a block on its way to a client: held, and written piece by piece between flushes. A client that reads
/// slowly goes on reading what it began to read, and its connection holds a bounded buffer.
/// </summary>
/// <param name="held">The value, and CRLF.</param>
/// <param name="length">How many bytes of that are wanted.</param>
internal struct LargeValue(HeldValue held, int length)
{
    private HeldValue _held = held;
    private int _left = length;

    /// <summary>Writes more of it; true when it is all written, or there is none.</summary>
    public bool Finish(ref Turn turn)
    {
        if (!_held.IsHeld)
        {
            return true;
        }

        while (turn.Writer.Total < Session.FlushThreshold)
        {
            if (!_held.TryNext(out ReadOnlySpan<byte> part))
            {
                _held.Release();
                return true;
            }

            part = part.Length > _left ? part[.._left] : part;
            _left -= part.Length;
            turn.Writer.Write(part);
        }

        return false;
    }

    public void Release() => _held.Release();
}
