namespace LivenessEngine.Table;

/// <summary>Walks over a value, CRLF included, in the pieces that it is kept in.</summary>
internal unsafe ref struct ValueParts
{
    private readonly BlockStore _store;
    private BlockHeader* _inline;
    private ulong _chunk;

    /// <param name="store">Where the block is.</param>
    /// <param name="head">A block with a value, which nobody frees meanwhile.</param>
    public ValueParts(BlockStore store, BlockHeader* head)
    {
        _store = store;
        bool chunked = head->Kind == BlockKind.Chunked;
        _inline = chunked ? null : head;
        _chunk = chunked ? BlockStore.ChainOf(head) : 0;
    }

    public bool TryNext(out ReadOnlySpan<byte> part)
    {
        if (_inline != null)
        {
            part = BlockStore.InlineValue(_inline);
            _inline = null;
            return true;
        }

        if (_chunk == 0)
        {
            part = default;
            return false;
        }

        BlockHeader* chunk = _store.At(_chunk);
        part = BlockStore.ChunkValue(chunk);
        _chunk = chunk->Next;
        return true;
    }
}
