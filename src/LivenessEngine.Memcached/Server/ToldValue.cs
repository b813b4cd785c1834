using LivenessEngine.Table;

namespace LivenessEngine.Memcached.Server;

/// <summary>A heartbeat's value as it is told to a reader, CRLF included, in three pieces.</summary>
internal readonly ref struct ToldValue(ReadOnlySpan<byte> before, ReadOnlySpan<byte> time, ReadOnlySpan<byte> behind)
{
    private readonly ReadOnlySpan<byte> _before = before;
    private readonly ReadOnlySpan<byte> _time = time;
    private readonly ReadOnlySpan<byte> _behind = behind;

    /// <summary>Bytes of the value, without CRLF.</summary>
    public int Length => _before.Length + _time.Length + _behind.Length - BlockStore.CrLf;

    /// <summary>Copies it with its CRLF; returns how many bytes that were.</summary>
    public int CopyTo(Span<byte> target)
    {
        _before.CopyTo(target);
        _time.CopyTo(target[_before.Length..]);
        _behind.CopyTo(target[(_before.Length + _time.Length)..]);
        return Length + BlockStore.CrLf;
    }
}
