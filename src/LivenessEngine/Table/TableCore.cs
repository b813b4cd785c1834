using System.Runtime.CompilerServices;
using System.Text;
using LivenessEngine.Table.State;
using LivenessEngine.Time;

namespace LivenessEngine.Table;

/// <summary>
/// What reading, writing and membership share: memory, index, epochs, and the few steps that all of them are made of.
/// </summary>
/// <remarks>
/// Every block that was found is good until the caller leaves the epoch or allocates: <see cref="Allocate"/> may renew
/// the epoch, so a writer allocates first and looks for its key afterwards.
/// </remarks>
internal sealed unsafe class TableCore : IReclaimed, HashIndex.IRetire
{
    private const ulong RetiredRow = 1;
    private const int RowShift = 4;

    /// <summary>
    /// A bound, because what is evicted comes back only when every reader has moved on: a thread that was stopped
    /// inside its epoch must not make another evict all there is.
    /// </summary>
    private const int EvictionRounds = 8;

    private const int YieldsForEpoch = 8;

    private readonly Evictor _evictor;
    private readonly Limbo _limbo;
    private readonly StateFile? _state;

    // Counts up with every version of every item; the one word that all stores write. Changed by interlocked add:
    // with a plain one two versions would have one number, soak test UpdatesAreNeverLost.
    private PaddedLong _cas;

    // Items with a cas up to this one are flushed; the second is for those of members. Raised by compare-and-swap, read with
    // acquire: a reader that still sees the old value answers as if it had asked before the flush, which it may have.
    private ulong _flushedCas;
    private ulong _flushedMembersCas;

    // By class, in access stamps; statistics only.
    private readonly uint[] _evictedAges = new uint[SizeClasses.Count];

    // Written by whoever sets the table up, before it is served, and read by all: late by a request, it does no harm.
    private bool _verdictsDecide = true;

    public TableCore(TableOptions options)
    {
        _state = options.State;
        StateLayout layout = _state?.Image.Layout ?? StateLayout.For(options);
        Reserve = Math.Max(options.MemoryLimit, (layout.Pages - SlabAllocator.MaxOverdraft - 1L) << SizeClasses.PageShift);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((ulong)layout.Pages << SizeClasses.PageShift, Link.MaxOffset, nameof(options));
        Seed = _state?.Image.Header.HashSeed ?? options.HashSeed;
        _limbo = new Limbo(this);
        Store = new BlockStore(layout.Pages - 1, PagesFor(options.MemoryLimit), _state);
        Columns = new MemberColumns(layout.Rows, _state);
        Index = new HashIndex(Store.Base, BlocksIn(layout.Pages - SlabAllocator.MaxOverdraft - 1), this, Columns.LastSeenColumn);
        var scan = new PageScan(this, Store, Index);
        _evictor = new Evictor(Store.Slabs, scan, Counters, options.Evict);
    }

    public long Reserve { get; }

    public ulong Seed { get; }

    public BlockStore Store { get; }

    public HashIndex Index { get; }

    public MemberColumns Columns { get; }

    public TableCounters Counters { get; } = new();

    /// <summary>Called with each item that goes to make room, on the thread that needs it.</summary>
    public event EvictionObserver? Evicted;

    /// <summary>The evictor.</summary>
    public Evictor Evictor => _evictor;

    /// <summary>How long the item that was last evicted from a class had not been used, in seconds; 0 where none was.</summary>
    public long EvictedAge(int sizeClass) => AccessStamp.ToSeconds(Volatile.Read(ref _evictedAges[sizeClass]));

    public ulong LatestCas => (ulong)Volatile.Read(ref _cas.Value);

    public ulong NextCas() => (ulong)Interlocked.Increment(ref _cas.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint HashOf(ReadOnlySpan<byte> key) => KeyHash.Compute(key, Seed);

    public static int PagesFor(long bytes) => (int)Math.Clamp(bytes >> SizeClasses.PageShift, 1, int.MaxValue - 1024);

    public static int BlocksIn(int pages)
        => (int)Math.Min(pages * (long)(SizeClasses.PageSize / SizeClasses.SmallestBlock), int.MaxValue - 64);

    /// <summary>
    /// Whether a heartbeat is found by its member's verdict, and not by its deadline. Default true.
    /// </summary>
    public bool VerdictsDecide
    {
        get => Volatile.Read(ref _verdictsDecide);
        set => Volatile.Write(ref _verdictsDecide, value);
    }

    /// <summary>Makes every item invisible whose cas is not above this one; those of members only if asked to.</summary>
    public void FlushUpTo(ulong cas, bool members)
    {
        bool raised = TryRaise(ref _flushedCas, cas) | (members && TryRaise(ref _flushedMembersCas, cas));
        if (raised)
        {
            _evictor.Flushed();
        }

        // Also where another thread has flushed more: whoever is told of a flush has it in the file.
        _state?.Image.Running.Flushed(cas, members);
    }

    /// <summary>Whether a block (or null) holds an item that a client may see.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LookupResult Judge(BlockHeader* block, in Moment now)
    {
        if (block == null || block->Kind == BlockKind.Bare)
        {
            return LookupResult.Missing;
        }

        bool byVerdict = block->Heartbeat != 0 && _verdictsDecide;
        long time = byVerdict ? Expiry.AlreadyExpired : now.UnixMilliseconds;
        return block->Deadline <= time ? LookupResult.Expired
            : block->Cas <= Volatile.Read(ref block->Member == 0 ? ref _flushedCas : ref _flushedMembersCas) ? LookupResult.Flushed
            : byVerdict && !IsUp(block, now) ? LookupResult.Down
            : LookupResult.Found;
    }

    /// <summary>Whether a block is of a member that is up. A block that was not found in the index may give any answer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsUp(BlockHeader* block, in Moment now)
    {
        int row = block->Member;
        return row > 0 && row < Columns.Capacity && Columns.IsUp(row, now.DownBefore);
    }

    /// <summary>The deadline that a block goes by: that of a heartbeat is nothing to wait for, since its member's verdict decides.</summary>
    public long DeadlineOf(BlockHeader* block)
        => block->Heartbeat != 0 && _verdictsDecide && block->Deadline != Expiry.AlreadyExpired ? BlockHeader.Never : block->Deadline;

    /// <summary>
    /// A pending block of the class, 0 when memory is used up and nothing may go. Blocks found before are lost to the
    /// caller.
    /// </summary>
    /// <param name="replaced">
    /// A key whose block the new one is to replace, if it is there: then memory may be overdrawn, because as much comes
    /// back. So the beat of a known member finds room where there is none for anything else.
    /// </param>
    public ulong Allocate(in EpochGuard guard, int sizeClass, ReadOnlySpan<byte> replaced, in Moment now)
    {
        ulong block = Store.Slabs.Allocate(guard.Slot, sizeClass, overdraft: false);
        return block != 0 ? block : AllocateWhenFull(guard, sizeClass, replaced, now);
    }

    /// <summary>
    /// Puts a filled block into the index at a position just found: in place of the block there, or into the gap. False:
    /// something changed; find the position again.
    /// </summary>
    public bool TryPublish(in EpochGuard guard, in HashIndex.Position position, ulong block, uint stamp)
    {
        BlockHeader* head = Store.At(block);
        BlockHeader* old = position.Block;
        head->LastAccess = stamp;
        if (_state is not null)
        {
            Store.Seal(head, old != null ? Publication.Replacing : Publication.Inserting);
        }

        // Before the swap: once the store is acknowledged, whoever scans the pages finds the item.
        Volatile.Write(ref *(byte*)&head->State, (byte)BlockState.Published);
        if (!(old != null ? Index.TryReplace(guard, position, head) : Index.TryInsert(position, head)))
        {
            if (_state is not null)
            {
                BlockStore.Unseal(head);
            }

            return false;
        }

        // Nobody gives the block back before this thread has left its epoch.
        if (_state is not null)
        {
            Volatile.Write(ref *(byte*)&head->Publication, (byte)Publication.Done);
        }

        Count(head, 1);
        if (old != null)
        {
            Count(old, -1);
        }
        else
        {
            CountBlock();
        }

        _evictor.Stored(PageTable.PageOf(block), DeadlineOf(head), stamp);
        return true;
    }

    /// <summary>Deletes the block at a position; its member, if it has one, leaves.</summary>
    public bool TryRemove(in EpochGuard guard, in HashIndex.Position position)
    {
        BlockHeader* block = position.Block;
        if (block->Member != 0)
        {
            Columns.StartToLeave();
        }

        if (!Index.TryRemove(guard, position))
        {
            if (block->Member != 0)
            {
                Columns.Stay();
            }

            return false;
        }

        Count(block, -1);
        Counters.Add(TableCounter.Blocks, -1);
        if (block->Member != 0)
        {
            Columns.Depart(block->Member, Encoding.UTF8.GetString(HashIndex.KeyOf(block)));
        }

        return true;
    }

    /// <summary>Deletes the block at a position and counts why.</summary>
    public bool TryRemove(in EpochGuard guard, in HashIndex.Position position, TableCounter reason)
    {
        if (!TryRemove(guard, position))
        {
            return false;
        }

        int sizeClass = SizeClasses.ClassOf(BlockStore.HeadSizeOf(position.Block));
        Counters.AddByClass(reason, sizeClass);
        if (position.Block->Fetched == 0)
        {
            Counters.AddByClass(reason == TableCounter.Evictions ? TableCounter.EvictedUnfetched : TableCounter.ExpiredUnfetched, sizeClass);
        }

        return true;
    }

    /// <summary>Deletes the block at a position to make room, and says so.</summary>
    public bool TryEvict(in EpochGuard guard, in HashIndex.Position position, in Moment now)
    {
        BlockHeader* block = position.Block;
        if (!TryRemove(guard, position, TableCounter.Evictions))
        {
            return false;
        }

        int sizeClass = SizeClasses.ClassOf(BlockStore.HeadSizeOf(block));
        Volatile.Write(ref _evictedAges[sizeClass], AccessStamp.Age(block->LastAccess, AccessStamp.At(now.UnixMilliseconds)));
        if (block->Kind != BlockKind.Bare)
        {
            if (block->Deadline != BlockHeader.Never)
            {
                Counters.AddByClass(TableCounter.EvictedWithDeadline, sizeClass);
            }

            Evicted?.Invoke(new ItemView(block), now);
        }

        return true;
    }

    /// <summary>Puts a copy of the block at a position elsewhere in its place, if there is a free block.</summary>
    public bool TryMove(in EpochGuard guard, in HashIndex.Position position)
    {
        BlockHeader* block = position.Block;
        ulong copy = Store.Slabs.Allocate(guard.Slot, SizeClasses.ClassOf(BlockStore.HeadSizeOf(block)), overdraft: false);
        if (copy == 0)
        {
            return false;
        }

        Store.Copy(block, copy);
        return PublishOrFree(guard, position, copy);
    }

    /// <summary>Takes the item away from the member at a position; the member stays.</summary>
    public bool TryStrip(in EpochGuard guard, in HashIndex.Position position, out bool outOfMemory)
    {
        BlockHeader* block = position.Block;
        ulong bare = Store.Slabs.Allocate(guard.Slot, SizeClasses.ClassOf(BlockHeader.Size + block->KeyLength), overdraft: true);
        outOfMemory = bare == 0;
        if (outOfMemory)
        {
            return false;
        }

        Store.BeginBare(bare, HashIndex.KeyOf(block), block->Hash);
        Store.At(bare)->Member = block->Member;
        return PublishOrFree(guard, position, bare);
    }

    public void RetireRow(in EpochGuard guard, int row)
    {
        Columns.Vacate(row);
        _limbo.Retire(guard, ((ulong)row << RowShift) | RetiredRow, 0);
    }

    /// <summary>Takes back what expired and what threads have left behind. Blocks found before are lost to the caller.</summary>
    public void Crawl(in EpochGuard guard, int maxPages, in Moment now)
    {
        _evictor.Crawl(guard, maxPages, now);
        _limbo.Renew(guard);
    }

    /// <summary>Notes that an item was read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MarkUsed(BlockHeader* block, in Moment now)
    {
        MarkRecent(block, now);
        if (block->Fetched == 0)
        {
            block->Fetched = 1;
        }
    }

    /// <summary>Notes that an item was asked for, its value not being read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MarkRecent(BlockHeader* block, in Moment now)
    {
        uint stamp = AccessStamp.At(now.UnixMilliseconds);
        if (block->LastAccess != stamp)
        {
            block->LastAccess = stamp;
        }
    }

    void IReclaimed.Reclaim(ulong retired)
    {
        if ((retired & RetiredRow) != 0)
        {
            Columns.Recycle((int)(retired >> RowShift));
        }
        else
        {
            Store.Free(retired);
        }
    }

    void HashIndex.IRetire.Retire(in EpochGuard guard, ulong block)
        => _limbo.Retire(guard, block, BlockStore.SizeOf(Store.At(block)));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong AllocateWhenFull(in EpochGuard guard, int sizeClass, ReadOnlySpan<byte> replaced, in Moment now)
    {
        // What was retired before may be all it takes.
        _limbo.Renew(guard);
        ulong block = Store.Slabs.Allocate(guard.Slot, sizeClass, overdraft: false);
        for (int i = 0; i < EvictionRounds && block == 0 && _evictor.TryMakeRoom(guard, sizeClass, i < EvictionRounds / 2, now); i++)
        {
            Counters.Add(TableCounter.DirectReclaims);
            block = AllocateWhatComesBack(guard, sizeClass);
        }

        if (block == 0 && !replaced.IsEmpty && Index.Lookup(guard, HashOf(replaced), replaced) != null)
        {
            block = Store.Slabs.Allocate(guard.Slot, sizeClass, overdraft: true);
        }

        if (block == 0)
        {
            Counters.AddByClass(TableCounter.OutOfMemory, sizeClass);
        }

        return block;
    }

    // What was evicted comes back when every thread has moved on. One that is inside an earlier epoch at this moment has
    // mostly lost its core, and gets it back the sooner for a yield; evicting more would only give it more to keep back.
    private ulong AllocateWhatComesBack(in EpochGuard guard, int sizeClass)
    {
        for (int i = 0; ; i++)
        {
            bool all = _limbo.Renew(guard);
            ulong block = Store.Slabs.Allocate(guard.Slot, sizeClass, overdraft: true);
            if (block != 0 || all || i == YieldsForEpoch)
            {
                return block;
            }

            Thread.Yield();
        }
    }

    private static bool TryRaise(ref ulong bound, ulong cas)
    {
        ulong seen = Volatile.Read(ref bound);
        while (seen < cas)
        {
            ulong found = Interlocked.CompareExchange(ref bound, cas, seen);
            if (found == seen)
            {
                return true;
            }

            seen = found;
        }

        return false;
    }

    private bool PublishOrFree(in EpochGuard guard, in HashIndex.Position position, ulong copy)
    {
        bool published = TryPublish(guard, position, copy, position.Block->LastAccess);
        if (!published)
        {
            Store.Free(copy);
        }

        return published;
    }

    /// <summary>Goes on with the numbers of another process. Called before anyone else calls.</summary>
    public void Resume(ulong cas, ulong flushedCas, ulong flushedMembersCas)
    {
        _cas.Value = (long)cas;
        _flushedCas = flushedCas;
        _flushedMembersCas = flushedMembersCas;
    }

    /// <summary>Counts a block that a file held and that is in the index now. Called before anyone else calls.</summary>
    public void CountRestored(ulong block)
    {
        BlockHeader* head = Store.At(block);
        Count(head, 1);
        Counters.Add(TableCounter.Blocks);
        _evictor.Stored(PageTable.PageOf(block), head->Kind == BlockKind.Bare ? BlockHeader.Never : DeadlineOf(head), head->LastAccess);
    }

    private void CountBlock()
    {
        if ((Counters.Next(TableCounter.Blocks) & 63) == 0)
        {
            Index.GrowIfFull(Counters.Sum(TableCounter.Blocks));
        }
    }

    private void Count(BlockHeader* block, int sign)
    {
        if (block->Kind != BlockKind.Bare)
        {
            int sizeClass = SizeClasses.ClassOf(BlockStore.HeadSizeOf(block));
            Counters.AddByClass(TableCounter.Items, sizeClass, sign);
            Counters.AddByClass(TableCounter.Bytes, sizeClass, sign * (long)BlockStore.SizeOf(block));
        }
    }
}
