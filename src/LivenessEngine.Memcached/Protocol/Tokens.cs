namespace LivenessEngine.Memcached.Protocol;

/// <summary>The words of a request line, one after the other: what stands between spaces.</summary>
internal ref struct Tokens(ReadOnlySpan<byte> line)
{
    private ReadOnlySpan<byte> _rest = line;

    /// <summary>What has not been taken yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>The next word, empty when there is none.</summary>
    public ReadOnlySpan<byte> Next()
    {
        int start = 0;
        while (start < _rest.Length && _rest[start] == ' ')
        {
            start++;
        }

        ReadOnlySpan<byte> from = _rest[start..];
        int length = from.IndexOf((byte)' ');
        if (length < 0)
        {
            _rest = default;
            return from;
        }

        _rest = from[(length + 1)..];
        return from[..length];
    }

    /// <summary>How many words are left.</summary>
    public readonly int Count()
    {
        Tokens copy = this;
        int count = 0;
        while (!copy.Next().IsEmpty)
        {
            count++;
        }

        return count;
    }
}
