using System.Diagnostics;
using System.Runtime.CompilerServices;
using LivenessEngine.Table.State;

namespace LivenessEngine.Table;

/// <summary>An item being written: its block and how far the value has come. Owned by one caller; no thread shares it.</summary>
internal struct NewItem
{
    /// <summary>The head block's offset; 0 when there is no item.</summary>
    public ulong Block;

    /// <summary>The chunk that is being filled, 0 when the value stands in the head block.</summary>
    public ulong Chunk;

    /// <summary>Where in the block or chunk the next byte goes.</summary>
    public int Position;

    /// <summary>Bytes still to come, CRLF counted.</summary>
    public int Remaining;

    /// <summary>The last two bytes written, the later one lower: CRLF when the value ended as it should.</summary>
    public ushort Tail;

    /// <summary>Of a heartbeat: by how many milliseconds it arrived after the time that its writer gave it.</summary>
    public int Skew;

    /// <summary>Of an item that was stored: how long its value has become. All else has gone then.</summary>
    public int StoredLength;
}

/// <summary>
/// Blocks as items: how keys and values lie in them, chains of chunks for values larger than a block, and giving them
/// back. Not concerned with who can see a block.
/// </summary>
internal sealed unsafe class BlockStore
{
    public const int CrLf = 2;

    /// <summary>Bytes of the largest head with its value in it. It leaves room for a version of its own, so that it can get one.</summary>
    public const int LargestInline = SizeClasses.LargestBlock - sizeof(ulong);

    private const int ChunkPayload = SizeClasses.LargestBlock - BlockHeader.Size;

    private readonly Region _region;
    private readonly byte* _blocks;

    /// <param name="maxPages">How many pages there can ever be.</param>
    /// <param name="pageLimit">How many may be in use.</param>
    /// <param name="state">Holds the blocks, where they outlive the process.</param>
    public BlockStore(int maxPages, int pageLimit, StateFile? state = null)
    {
        _region = state?.Image.Memory ?? new Region((maxPages + 1L) * SizeClasses.PageSize);
        _blocks = state is null ? _region.Base : state.Image.Blocks;
        Slabs = new SlabAllocator(_blocks, new PageTable(maxPages + 1, state?.Image), pageLimit, state?.Space);
    }

    public SlabAllocator Slabs { get; }

    public byte* Base => _blocks;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public BlockHeader* At(ulong block) => (BlockHeader*)(_blocks + block);

    public ulong OffsetOf(BlockHeader* block) => (ulong)((byte*)block - _blocks);

    /// <summary>Bytes of the head block for such an item.</summary>
    public static int HeadSize(int keyLength, int valueLength, out bool chunked, ItemMarks marks = ItemMarks.None)
    {
        long inline = (long)BlockHeader.Size + keyLength + valueLength + CrLf;
        chunked = inline > LargestInline;
        return (chunked ? ChainAt(keyLength) + sizeof(ulong) : (int)inline) + TailOf(marks);
    }

    public static int HeadSizeOf(BlockHeader* head) => head->Kind switch
    {
        BlockKind.Inline => BlockHeader.Size + head->KeyLength + head->ValueLength + CrLf + TailOf(head->Marks),
        BlockKind.Chunked => ChainAt(head->KeyLength) + sizeof(ulong) + TailOf(head->Marks),
        _ => BlockHeader.Size + head->KeyLength,
    };

    /// <summary>The version that clients see.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong VersionOf(BlockHeader* head)
        => (head->Marks & ItemMarks.OwnVersion) == 0 ? head->Cas : OwnVersionOf(head);

    /// <summary>Gives a fresh block with <see cref="ItemMarks.OwnVersion"/> the version that clients see.</summary>
    public static void SetVersion(BlockHeader* head, ulong version) => Unsafe.WriteUnaligned(OwnVersionAt(head), version);

    /// <summary>The size class of the next chunk, with so many bytes of the value left.</summary>
    public static int ChunkClass(int remaining) => SizeClasses.ClassOf(BlockHeader.Size + Math.Min(remaining, ChunkPayload));

    /// <summary>Prepares a fresh block as the head of an item.</summary>
    public NewItem Begin(
        ulong block,
        ReadOnlySpan<byte> key,
        uint hash,
        uint flags,
        long deadline,
        int valueLength,
        bool chunked,
        ItemMarks marks = ItemMarks.None)
    {
        BlockHeader* head = At(block);
        head->Hash = hash;
        head->Flags = flags;
        head->Deadline = deadline;
        head->ValueLength = valueLength;
        head->KeyLength = (byte)key.Length;
        head->Member = 0;
        head->SetForm(chunked ? BlockKind.Chunked : BlockKind.Inline, marks);
        head->Fetched = 0;
        head->Checksum = 0;
        head->Heartbeat = 0;
        head->HeartbeatTimeAt = 0;
        key.CopyTo(new Span<byte>((byte*)head + BlockHeader.Size, key.Length));
        if (chunked)
        {
            ChainOf(head) = 0;
        }

        return new NewItem
        {
            Block = block,
            Position = BlockHeader.Size + key.Length,
            Remaining = valueLength + CrLf,
        };
    }

    /// <summary>Prepares a fresh block as the head of a member that has no item.</summary>
    public void BeginBare(ulong block, ReadOnlySpan<byte> key, uint hash)
    {
        Begin(block, key, hash, flags: 0, BlockHeader.Never, valueLength: 0, chunked: false);
        At(block)->Kind = BlockKind.Bare;
        At(block)->Cas = 0;
    }

    /// <summary>Hangs a fresh block behind the last chunk (0: behind the head), for what is left of the value.</summary>
    public void AddChunk(ulong head, ulong last, ulong block, int remaining)
    {
        BlockHeader* chunk = At(block);
        chunk->Next = 0;
        chunk->Hash = At(head)->Hash;
        chunk->Member = 1;
        chunk->Checksum = 0;
        chunk->ValueLength = Math.Min(remaining, ChunkPayload);
        if (last == 0)
        {
            ChainOf(At(head)) = block;
        }
        else
        {
            At(last)->Next = block;
        }

        // Last, so that a scan that takes it for a chunk finds its hash set.
        Volatile.Write(ref *(byte*)&chunk->State, (byte)BlockState.Chunk);
    }

    /// <summary>
    /// Goes on to the next chunk when the present one is full. False when there is none yet and the value needs one.
    /// </summary>
    public bool TryAdvance(ref NewItem item)
    {
        if (item.Remaining == 0 || At(item.Block)->Kind != BlockKind.Chunked)
        {
            return true;
        }

        if (item.Chunk != 0 && item.Position < BlockHeader.Size + At(item.Chunk)->ValueLength)
        {
            return true;
        }

        ulong next = item.Chunk == 0 ? ChainOf(At(item.Block)) : At(item.Chunk)->Next;
        if (next == 0)
        {
            return false;
        }

        item.Chunk = next;
        item.Position = BlockHeader.Size;
        return true;
    }

    /// <summary>Copies as much of the value as fits into the present block; returns how much that was.</summary>
    public int Append(ref NewItem item, ReadOnlySpan<byte> bytes)
    {
        BlockHeader* block = At(item.Chunk != 0 ? item.Chunk : item.Block);
        int room = item.Chunk != 0 ? BlockHeader.Size + block->ValueLength - item.Position : item.Remaining;
        int count = Math.Min(Math.Min(bytes.Length, room), item.Remaining);
        bytes[..count].CopyTo(new Span<byte>((byte*)block + item.Position, count));
        item.Position += count;
        item.Remaining -= count;
        item.Tail = count switch
        {
            0 => item.Tail,
            1 => (ushort)((item.Tail << 8) | bytes[0]),
            _ => (ushort)((bytes[count - 2] << 8) | bytes[count - 1]),
        };
        return count;
    }

    /// <summary>Copies bytes for which all blocks are there.</summary>
    public void AppendAll(ref NewItem item, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && TryAdvance(ref item))
        {
            bytes = bytes[Append(ref item, bytes)..];
        }
    }

    /// <summary>Copies the value of another block, without its CRLF.</summary>
    public void AppendValue(ref NewItem item, BlockHeader* from)
    {
        var parts = new ValueParts(this, from);
        int left = from->ValueLength;
        while (parts.TryNext(out ReadOnlySpan<byte> part))
        {
            part = part[..Math.Min(part.Length, left)];
            left -= part.Length;
            AppendAll(ref item, part);
        }
    }

    /// <summary>Appends spaces to an inline value.</summary>
    public void Pad(ref NewItem item, int count)
    {
        new Span<byte>((byte*)At(item.Block) + item.Position, count).Fill((byte)' ');
        item.Position += count;
        item.Remaining -= count;
    }

    /// <summary>The value of an inline item with its CRLF.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<byte> InlineValue(BlockHeader* head)
        => new((byte*)head + BlockHeader.Size + head->KeyLength, head->ValueLength + CrLf);

    /// <summary>The offset of a chunked value's first chunk.</summary>
    public static ref ulong ChainOf(BlockHeader* head)
    {
        Debug.Assert(head->Kind == BlockKind.Chunked, "only a chunked value has a chain");
        return ref *(ulong*)((byte*)head + ChainAt(head->KeyLength));
    }

    public static ReadOnlySpan<byte> ChunkValue(BlockHeader* chunk) => new((byte*)chunk + BlockHeader.Size, chunk->ValueLength);

    /// <summary>Holds the chain of a block that cannot be freed meanwhile: an epoch or another hold keeps it.</summary>
    public void HoldChain(ulong first) => Interlocked.Increment(ref At(first)->Member);

    /// <summary>Lets a chain go; the last to do so gives its chunks back.</summary>
    public void ReleaseChain(ulong first)
    {
        if (first == 0 || Interlocked.Decrement(ref At(first)->Member) != 0)
        {
            return;
        }

        for (ulong chunk = first; chunk != 0;)
        {
            ulong next = At(chunk)->Next;
            Slabs.Free(chunk);
            chunk = next;
        }
    }

    /// <summary>A copy that was not published lets go of the chain it shares; its block can be filled anew.</summary>
    public void LetChainGo(ulong copy)
    {
        BlockHeader* head = At(copy);
        if (head->Kind == BlockKind.Chunked)
        {
            ReleaseChain(ChainOf(head));
            head->Kind = BlockKind.Inline;
        }
    }

    /// <summary>Gives back a head block that nobody can see, with its hold on the chain.</summary>
    public void Free(ulong block)
    {
        BlockHeader* head = At(block);
        if (head->Kind == BlockKind.Chunked)
        {
            ReleaseChain(ChainOf(head));
        }

        Slabs.Free(block);
    }

    /// <summary>
    /// Makes a pending block a second version of a published one: same key, value, flags, deadline, cas and recency. It
    /// holds the chain of a chunked value. The caller is inside the epoch in which it found the original live.
    /// </summary>
    public void Copy(BlockHeader* original, ulong block)
    {
        BlockHeader* copy = At(block);
        int size = HeadSizeOf(original);
        const int cas = 8;
        Buffer.MemoryCopy((byte*)original + cas, (byte*)copy + cas, size - cas, size - cas);
        copy->State = BlockState.Pending;
        if (copy->Kind == BlockKind.Chunked)
        {
            HoldChain(ChainOf(copy));
        }
    }

    /// <summary>Makes a block such that who finds it in a file can tell that it is whole, and what became of it.</summary>
    public void Seal(BlockHeader* head, Publication publication)
    {
        if (head->Kind == BlockKind.Chunked && At(ChainOf(head))->Checksum == 0)
        {
            // The first one last: it says for all of them that they have one.
            SealChain(ChainOf(head), head->Cas);
        }

        head->Publication = publication;
        head->Checksum = BlockChecksum.Of(head);
    }

    /// <summary>It was not published, and may be changed.</summary>
    public static void Unseal(BlockHeader* head)
    {
        Volatile.Write(ref *(byte*)&head->State, (byte)BlockState.Pending);
        head->Checksum = 0;
    }

    private void SealChain(ulong first, ulong cas)
    {
        for (ulong chunk = At(first)->Next; chunk != 0; chunk = At(chunk)->Next)
        {
            At(chunk)->Checksum = BlockChecksum.OfChunk(At(chunk), cas);
        }

        Volatile.Write(ref At(first)->Checksum, BlockChecksum.OfChunk(At(first), cas));
    }

    /// <summary>Bytes that an item occupies as memcached counts them: header, key, value, CRLF.</summary>
    public static int SizeOf(BlockHeader* head)
        => BlockHeader.Size + head->KeyLength + (head->Kind == BlockKind.Bare ? 0 : head->ValueLength + CrLf);

    private static int TailOf(ItemMarks marks) => (marks & ItemMarks.OwnVersion) == 0 ? 0 : sizeof(ulong);

    // Rare, and so not inlined into every read.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong OwnVersionOf(BlockHeader* head) => Unsafe.ReadUnaligned<ulong>(OwnVersionAt(head));

    private static byte* OwnVersionAt(BlockHeader* head) => (byte*)head + HeadSizeOf(head) - sizeof(ulong);

    private static int ChainAt(int keyLength) => (BlockHeader.Size + keyLength + sizeof(ulong) - 1) & ~(sizeof(ulong) - 1);
}
