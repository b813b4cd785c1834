namespace LivenessEngine.Table.State;

/// <summary>
/// The blocks of a state file, none of which is trusted: a page may be of no class, a link may lead anywhere, a length may
/// be any number.
/// </summary>
internal sealed unsafe class SavedBlocks
{
    private readonly byte* _blocks;
    private readonly int* _words;
    private readonly ulong _seed;
    private readonly bool _hashesAgree;

    // Keeps the blocks mapped.
    private readonly StateImage _image;

    public SavedBlocks(StateImage image)
    {
        _image = image;
        _blocks = image.Blocks;
        _words = image.Words;
        _seed = image.Header.HashSeed;
        _hashesAgree = image.Header.HashKind == StateHeader.PresentHashKind;
        int end = image.Running.Present.PagesEnd;
        while (end > 1 && _words[end - 1] == 0)
        {
            end--;
        }

        PagesEnd = Math.Max(end, 1);
    }

    public StateImage Image => _image;

    /// <summary>One past the last page that was used.</summary>
    public int PagesEnd { get; }

    public BlockHeader* At(ulong block) => (BlockHeader*)(_blocks + block);

    /// <summary>The size class of a page, or -1 if no block is to be found in it.</summary>
    public int ClassOf(int page)
    {
        int word = _words[page];
        return word < 0 || PageTable.StateIn(word) is not (>= PageState.Current and <= PageState.Finishing)
            || PageTable.ClassIn(word) >= SizeClasses.Count ? -1 : PageTable.ClassIn(word);
    }

    /// <summary>Whether a block is what was published there once, its value included.</summary>
    public bool IsSound(BlockHeader* head, int blockSize)
    {
        if (head->KeyLength is 0 or > LivenessTable.MaxKeyLength || head->Kind > BlockKind.Bare || head->ValueLength < 0)
        {
            return false;
        }

        // The length first: what is longer than a block could be makes a small number of the sum.
        if ((head->Kind == BlockKind.Inline && head->ValueLength > blockSize) || BlockStore.HeadSizeOf(head) > blockSize)
        {
            return false;
        }

        return head->Checksum == BlockChecksum.Of(head)
            && (!_hashesAgree || head->Hash == KeyHash.Compute(HashIndex.KeyOf(head), _seed))
            && (head->Kind != BlockKind.Chunked || IsChainSound(head));
    }

    private bool IsChainSound(BlockHeader* head)
    {
        ulong at = BlockStore.ChainOf(head);
        long left = (long)head->ValueLength + BlockStore.CrLf;
        while (left > 0)
        {
            int size = SizeOf(at);
            BlockHeader* chunk = At(at);
            if (size == 0
                || chunk->State != BlockState.Chunk
                || chunk->Hash != head->Hash
                || chunk->ValueLength <= 0
                || chunk->ValueLength > Math.Min(left, size - BlockHeader.Size)
                || chunk->Checksum != BlockChecksum.OfChunk(chunk, head->Cas))
            {
                return false;
            }

            left -= chunk->ValueLength;
            at = chunk->Next;
        }

        return at == 0;
    }

    // 0 where no block can be.
    private int SizeOf(ulong block)
    {
        if (block >= (ulong)PagesEnd << SizeClasses.PageShift || PageTable.PageOf(block) == 0)
        {
            return 0;
        }

        int sizeClass = ClassOf(PageTable.PageOf(block));
        int size = sizeClass < 0 ? 0 : SizeClasses.SizeOf(sizeClass);
        int inPage = (int)(block & (SizeClasses.PageSize - 1));
        return size != 0 && inPage % size == 0 && inPage + size <= SizeClasses.PageSize ? size : 0;
    }
}
