using System.Numerics;
using System.Runtime.CompilerServices;

namespace LivenessEngine.Table;

/// <summary>
/// From a key to its block: one lock-free list of all blocks in the order of their reversed hashes, and an array of
/// buckets that are entries into it (split-ordered list: Shalev and Shavit, 2006; list: Harris, 2001, Michael, 2002).
/// </summary>
/// <remarks>
/// <para>A bucket is a word in the array and a node of the list at once, so finding a key costs one cache line for the
/// bucket and one for the block. Doubling the buckets moves nothing: it changes <c>_log2</c>, and each new bucket is
/// linked into its place inside its parent's run by the first thread that comes by. There is no tombstone: a deleted
/// block is unlinked and its memory reused.</para>
/// <para>Uniqueness: a key that is absent is inserted behind the last block whose order is not greater than its own,
/// so two threads inserting the same key compete for the same link, and one of the two swaps fails and looks again.
/// </para>
/// <para>Every method needs the caller to be inside an epoch, which is what keeps a block's address from meaning
/// another block between a read and the swap that depends on it (the ABA problem). Where entering an epoch says
/// nothing, soak test <c>ReadersNeverSeeAReusedBlock</c> fails within seconds.</para>
/// </remarks>
internal sealed unsafe class HashIndex
{
    private const int InitialLog2 = 12;
    private const int CacheLine = 64;

    // How many blocks Fill asks the memory for ahead of the one it links.
    private const int FillAhead = 8;

    private readonly byte* _blocks;
    private readonly Region _region;
    private readonly ulong* _buckets;
    private readonly int _maxLog2;
    private readonly IRetire _retire;
    private readonly long* _column;

    // Written by Interlocked in Grow, only ever upwards; read by everybody. A reader with a stale value enters the list
    // at an ancestor of its bucket, which is before it in the list: a longer way to the same answer.
    private int _log2;

    /// <param name="blocks">The address that offsets count from.</param>
    /// <param name="maxBlocks">The most blocks there can be; the array is reserved for one bucket each.</param>
    /// <param name="retire">Told of every block that was unlinked, once.</param>
    /// <param name="column">What is asked of a member that is found, by row; null for nothing.</param>
    public HashIndex(byte* blocks, long maxBlocks, IRetire retire, long* column)
    {
        _column = column;
        _blocks = blocks;
        _retire = retire;
        _maxLog2 = Math.Clamp(BitOperations.Log2((ulong)maxBlocks) + 1, InitialLog2, 31);
        _log2 = InitialLog2;
        _region = new Region((long)sizeof(ulong) << _maxLog2);
        _buckets = _region.Array<ulong>();
        _buckets[0] = Link.End;
    }

    /// <summary>Unlinked blocks go here, on the thread that unlinked them.</summary>
    internal interface IRetire
    {
        void Retire(in EpochGuard guard, ulong block);
    }

    /// <summary>A place in the list: the link there, the word it held, and the block it leads to, if it is the one sought.</summary>
    internal struct Position
    {
        public ulong* Previous;
        public ulong Word;
        public BlockHeader* Block;
        public ulong Next;

        /// <summary>The word without the claim of the bucket that it may stand in.</summary>
        public readonly ulong Link => Word & ~Table.Link.Claimed;

        /// <summary>What to swap in for <see cref="Word"/> so that it leads to <paramref name="link"/>.</summary>
        public readonly ulong Leading(ulong link) => link | (Word & Table.Link.Claimed);
    }

    public int BucketsLog2 => Volatile.Read(ref _log2);

    /// <summary>
    /// The live block with this key, or null. Changes nothing, steps over deleted blocks. The moment at which it is
    /// true: the read of the block's unmarked <c>Next</c>, or of the link that leads past the key's place.
    /// </summary>
    public BlockHeader* Lookup(in EpochGuard guard, uint hash, ReadOnlySpan<byte> key) => Walk(guard, hash, key, out _);

    /// <summary>The row of the live member with this key, 0 if there is none.</summary>
    /// <remarks>
    /// From the link, where the block says the same: then the address of the store that a beat makes there is known one
    /// cache miss earlier, and the loads of the next lookup do not wait for it (bench <c>LookupBench</c>: a third of a beat).
    /// </remarks>
    public int LookupRow(in EpochGuard guard, uint hash, ReadOnlySpan<byte> key)
    {
        BlockHeader* block = Walk(guard, hash, key, out uint hint);
        if (block == null)
        {
            return 0;
        }

        // A branch and no move of a condition, which would wait for the block.
        if (block->Member != (int)hint)
        {
            return block->Member;
        }

        return (int)hint;
    }

    /// <summary>
    /// The first live block with this hash, or the next one after a given one; null when there is none. For those who
    /// know a block's hash and some other mark of it, but not its key.
    /// </summary>
    public BlockHeader* NextWith(in EpochGuard guard, uint hash, BlockHeader* after)
    {
        ulong link = after == null ? Volatile.Read(ref *Start(guard, hash)) : Volatile.Read(ref after->Next);
        while (true)
        {
            link &= ~(Link.Claimed | Link.Mark);
            if (Link.IsBucket(link))
            {
                if (IsPast(Link.BucketOf(link), hash))
                {
                    return null;
                }

                link = Volatile.Read(ref _buckets[Link.BucketOf(link)]);
                continue;
            }

            BlockHeader* block = At(link);
            link = Volatile.Read(ref block->Next);
            if (block->Hash == hash && !Link.IsMarked(link))
            {
                return block;
            }

            if (Link.OrderOf(block->Hash) > Link.OrderOf(hash))
            {
                return null;
            }
        }
    }

    /// <summary>
    /// Finds the live block with this key, or the place for it, and unlinks every deleted block on the way.
    /// </summary>
    public bool Find(in EpochGuard guard, uint hash, ReadOnlySpan<byte> key, out Position position)
        => Search(guard, Start(guard, hash), Link.OrderOf(hash), hash, key, null, out position);

    /// <summary>Finds this very block if it is live: for those who met it on its page and hold a hint only.</summary>
    public bool FindBlock(in EpochGuard guard, BlockHeader* block, out Position position)
    {
        uint hash = block->Hash;
        return Search(guard, Start(guard, hash), Link.OrderOf(hash), hash, default, block, out position);
    }

    /// <summary>Inserts at a place that <see cref="Find"/> returned with no block. False: look again.</summary>
    public bool TryInsert(in Position position, BlockHeader* block)
    {
        block->Next = position.Link;
        return Swap(position.Previous, position.Word, position.Leading(LinkTo(block)));
    }

    /// <summary>
    /// Replaces the block at the position by one with the same key. The swap of the old block's <c>Next</c> is the
    /// moment: before it readers find the old block, after it the new one. False: look again. Without the mark two
    /// replacements of one block both succeed, and the first is lost: soak test <c>UpdatesAreNeverLost</c>.
    /// </summary>
    public bool TryReplace(in EpochGuard guard, in Position position, BlockHeader* replacement)
    {
        ulong link = LinkTo(replacement);
        replacement->Next = position.Next;
        if (!Swap(&position.Block->Next, position.Next, link | Link.Mark))
        {
            return false;
        }

        Unlink(guard, position, link);
        return true;
    }

    /// <summary>
    /// Deletes the block at the position; the swap of its <c>Next</c> is the moment. False: look again. Without the mark a
    /// block that is inserted behind it at the same time is lost: soak test <c>HistoriesAreLinearizable</c>.
    /// </summary>
    public bool TryRemove(in EpochGuard guard, in Position position)
    {
        if (!Swap(&position.Block->Next, position.Next, position.Next | Link.Mark))
        {
            return false;
        }

        Unlink(guard, position, position.Next);
        return true;
    }

    /// <summary>Doubles the buckets if there are more blocks than three for every four buckets.</summary>
    public void GrowIfFull(long blocks)
    {
        int log2 = Volatile.Read(ref _log2);
        if (log2 < _maxLog2 && blocks > 3L << (log2 - 2))
        {
            Interlocked.CompareExchange(ref _log2, log2 + 1, log2);
        }
    }

    /// <summary>Makes the index anew of blocks in the order of the list. Called before anyone else calls.</summary>
    public void Fill(ReadOnlySpan<ulong> blocks)
    {
        while (_log2 < _maxLog2 && blocks.Length > 3L << (_log2 - 2))
        {
            _log2++;
        }

        ulong* last = _buckets;
        uint place = 0;
        for (int i = 0; i < blocks.Length; i++)
        {
            ulong block = blocks[i];
            if (System.Runtime.Intrinsics.X86.Sse.IsSupported && i + FillAhead < blocks.Length)
            {
                System.Runtime.Intrinsics.X86.Sse.Prefetch0(At(blocks[i + FillAhead]));
            }

            last = LinkBuckets(last, ref place, Link.OrderOf(At(block)->Hash) >> (32 - _log2));
            Lead(last, LinkTo(At(block)));
            last = &At(block)->Next;
        }

        Lead(LinkBuckets(last, ref place, (1u << _log2) - 1), Link.End);
    }

    // Mostly it is there already, and a page that nothing is stored into is not written to the disk.
    private static void Lead(ulong* word, ulong link)
    {
        if (*word != link)
        {
            *word = link;
        }
    }

    // All buckets behind a place in the list, up to another.
    private ulong* LinkBuckets(ulong* last, ref uint place, uint end)
    {
        while (place < end)
        {
            uint bucket = Link.BucketAt(++place, _log2);
            Lead(last, Link.ToBucket(bucket));
            last = &_buckets[bucket];
        }

        return last;
    }

    /// <summary>Asks for the cache line of the bucket, for a key that is about to be looked up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(uint hash)
    {
        if (System.Runtime.Intrinsics.X86.Sse.IsSupported)
        {
            System.Runtime.Intrinsics.X86.Sse.Prefetch0(_buckets + BucketOf(hash));
        }
    }

    /// <summary>
    /// Asks for the first block of the bucket and for what hangs on it. What lies there may be another's by now: nothing is
    /// read of it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchBlock(uint hash)
    {
        ulong link = Volatile.Read(ref _buckets[BucketOf(hash)]);
        if (System.Runtime.Intrinsics.X86.Sse.IsSupported && link != Link.None && !Link.IsBucket(link))
        {
            byte* block = (byte*)At(link);
            System.Runtime.Intrinsics.X86.Sse.Prefetch0(block);
            System.Runtime.Intrinsics.X86.Sse.Prefetch0(block + CacheLine);
            PrefetchColumn(link);
        }
    }

    /// <summary>Whether a block that was found is still in the index, under this version of it.</summary>
    public static bool IsLive(BlockHeader* block) => !Link.IsMarked(Volatile.Read(ref block->Next));

    public static ReadOnlySpan<byte> KeyOf(BlockHeader* block) => new((byte*)block + BlockHeader.Size, block->KeyLength);

    private static bool IsPast(uint bucket, uint hash) => bucket == 0 || Link.OrderOfBucket(bucket) > Link.OrderOf(hash);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool KeyEquals(BlockHeader* block, ReadOnlySpan<byte> key)
        => block->KeyLength == key.Length && KeyOf(block).SequenceEqual(key);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private BlockHeader* Walk(in EpochGuard guard, uint hash, ReadOnlySpan<byte> key, out uint rowHint)
    {
        ulong link = Volatile.Read(ref *Start(guard, hash)) & ~Link.Claimed;
        rowHint = 0;
        while (true)
        {
            if (Link.IsBucket(link))
            {
                if (IsPast(Link.BucketOf(link), hash))
                {
                    return null;
                }

                link = Volatile.Read(ref _buckets[Link.BucketOf(link)]) & ~Link.Claimed;
                continue;
            }

            BlockHeader* block = At(link);
            rowHint = Link.RowOf(link);
            PrefetchColumn(link);
            link = Volatile.Read(ref block->Next);
            if (block->Hash == hash && !Link.IsMarked(link) && KeyEquals(block, key))
            {
                return block;
            }

            if (Link.OrderOf(block->Hash) > Link.OrderOf(hash))
            {
                return null;
            }

            link &= ~Link.Mark;
        }
    }

    // By key, or by identity when the key is empty (no stored key is), or for the place alone.
    private bool Search(
        in EpochGuard guard, ulong* start, uint order, uint hash, ReadOnlySpan<byte> key, BlockHeader* identity, out Position position)
    {
        Unsafe.SkipInit(out position);
    restart:
        position.Previous = start;
        position.Word = Volatile.Read(ref *start);
        while (true)
        {
            ulong link = position.Link;
            if (Link.IsBucket(link))
            {
                uint bucket = Link.BucketOf(link);
                if (bucket == 0 || Link.OrderOfBucket(bucket) > order)
                {
                    position.Block = null;
                    return false;
                }

                position.Previous = &_buckets[bucket];
                position.Word = Volatile.Read(ref *position.Previous);
                continue;
            }

            BlockHeader* block = At(link);
            ulong next = Volatile.Read(ref block->Next);
            if (Link.IsMarked(next))
            {
                // Whoever's swap succeeds here has unlinked the block, and it alone may retire it.
                ulong past = position.Leading(next & ~Link.Mark);
                if (!Swap(position.Previous, position.Word, past))
                {
                    goto restart;
                }

                _retire.Retire(guard, Link.OffsetOf(link));
                position.Word = past;
                continue;
            }

            if (identity == null ? block->Hash == hash && KeyEquals(block, key) : block == identity)
            {
                position.Block = block;
                position.Next = next;
                return true;
            }

            if (Link.OrderOf(block->Hash) > order)
            {
                position.Block = null;
                return false;
            }

            position.Previous = &block->Next;
            position.Word = next;
        }
    }

    private void Unlink(in EpochGuard guard, in Position position, ulong successor)
    {
        if (Swap(position.Previous, position.Word, position.Leading(successor)))
        {
            _retire.Retire(guard, Link.OffsetOf(position.Link));
        }
        else
        {
            // Something else changed just before it. A walk to the same place unlinks it, if nobody else has yet.
            FindBlock(guard, position.Block, out _);
        }
    }

    /// <summary>The word at which the search for a hash starts: its bucket, or the nearest linked ancestor of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong* Start(in EpochGuard guard, uint hash)
    {
        uint bucket = BucketOf(hash);
        return IsLinked(bucket) ? &_buckets[bucket] : LinkBucket(guard, bucket);
    }

    // Mostly of the member that is sought, and then it comes together with the block.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void PrefetchColumn(ulong link)
    {
        if (System.Runtime.Intrinsics.X86.Sse.IsSupported)
        {
            System.Runtime.Intrinsics.X86.Sse.Prefetch0(_column + Link.RowOf(link));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsLinked(uint bucket)
    {
        ulong word = Volatile.Read(ref _buckets[bucket]);
        return word != Link.None && (word & Link.Claimed) == 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint BucketOf(uint hash) => hash & ((1u << Volatile.Read(ref _log2)) - 1);

    /// <summary>
    /// Links a bucket into the list, behind the blocks of its parent that come before it. One thread does it: the one
    /// that swaps <see cref="Link.Claimed"/> into the empty word. Others do not wait for it but start at the parent.
    /// Were two to do it at once, the slower could write a word that has gone stale into a bucket already in use: soak test
    /// <c>GrowthLosesNothing</c>.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong* LinkBucket(in EpochGuard guard, uint bucket)
    {
        ulong* word = &_buckets[bucket];
        uint parent = bucket & ~(1u << BitOperations.Log2(bucket));
        ulong* start = IsLinked(parent) ? &_buckets[parent] : LinkBucket(guard, parent);
        if (!Swap(word, Link.None, Link.Claimed))
        {
            return IsLinked(bucket) ? word : start;
        }

        Position place;
        do
        {
            Search(guard, start, Link.OrderOfBucket(bucket), 0, default, null, out place);
            Volatile.Write(ref *word, place.Link | Link.Claimed);
        }
        while (!Swap(place.Previous, place.Word, place.Leading(Link.ToBucket(bucket))));

        Interlocked.And(ref *word, ~Link.Claimed);
        return word;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private BlockHeader* At(ulong link) => (BlockHeader*)(_blocks + Link.OffsetOf(link));

    private ulong LinkTo(BlockHeader* block) => Link.ToBlock((ulong)((byte*)block - _blocks), block->Member);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Swap(ulong* word, ulong expected, ulong replacement)
        => Interlocked.CompareExchange(ref Unsafe.AsRef<ulong>(word), replacement, expected) == expected;
}
