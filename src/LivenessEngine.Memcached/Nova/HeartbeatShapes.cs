namespace LivenessEngine.Memcached.Nova;

/// <summary>
/// Reads heartbeats as <see cref="CachedDateTimeReader"/> does, and remembers the first few kinds that come, so that most are
/// compared and not read (bench HeartbeatBench).
/// </summary>
/// <remarks>Thread-safe. Allocates for a kind that is new, of which it keeps a bounded number, and for compressed values.</remarks>
internal sealed class HeartbeatShapes
{
    // Each client of a fleet has a kind, and protocols 1 and 2 a few, by the length of the datetime as text.
    private const int MostKinds = 16;

    // Replaced as a whole; of two new kinds at once, one is remembered the next time.
    private HeartbeatShape[] _shapes = [];

    public bool TryRead(ReadOnlySpan<byte> value, uint flags, out CachedDateTime read)
    {
        if ((flags & CachedDateTime.CompressedFlag) != 0)
        {
            return CachedDateTimeReader.TryRead(value, flags, out read);
        }

        HeartbeatShape[] shapes = Volatile.Read(ref _shapes);
        foreach (HeartbeatShape shape in shapes)
        {
            if (shape.TryRead(value, out read))
            {
                return true;
            }
        }

        if (!CachedDateTimeReader.TryRead(value, flags, out read))
        {
            return false;
        }

        if (shapes.Length < MostKinds && HeartbeatShape.Of(value, read) is { } added)
        {
            Interlocked.CompareExchange(ref _shapes, [.. shapes, added], shapes);
        }

        return true;
    }
}
