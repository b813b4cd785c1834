namespace LivenessEngine.Table;

/// <summary>
/// A hold on a chunked value that outlives the epoch: a slow reader goes on reading what it began to read, whatever
/// happens to the item meanwhile. Its memory counts against the limit until the hold is let go.
/// </summary>
internal unsafe struct HeldValue
{
    private readonly BlockStore? _store;
    private readonly ulong _first;
    private ulong _next;

    internal HeldValue(BlockStore store, ulong first)
    {
        _store = store;
        _first = first;
        _next = first;
        store.HoldChain(first);
    }

    /// <summary>True until <see cref="Release"/>.</summary>
    public readonly bool IsHeld => _store != null;

    /// <summary>The next piece of the value; the last one ends with CRLF.</summary>
    public bool TryNext(out ReadOnlySpan<byte> part)
    {
        if (_store == null || _next == 0)
        {
            part = default;
            return false;
        }

        BlockHeader* chunk = _store.At(_next);
        part = BlockStore.ChunkValue(chunk);
        _next = chunk->Next;
        return true;
    }

    public void Release()
    {
        _store?.ReleaseChain(_first);
        this = default;
    }
}
