using System.Diagnostics;
using System.Numerics;
using LivenessEngine.Table.State;

namespace LivenessEngine.Table;

/// <summary>
/// Blocks of fixed size classes, carved out of pages (a slab allocator: Bonwick, 1994), lock-free: taking a block is
/// one compare-and-swap on a mask of the page that the caller's stripe takes from, giving it back one interlocked or.
/// A page whose blocks are all free can change its class.
/// </summary>
/// <remarks>What would give a block to two or lose it is tried by soak test <c>BlocksBelongToOneOwner</c>.</remarks>
internal sealed unsafe class SlabAllocator
{
    /// <summary>The most pages that <see cref="Overdraft"/> can be.</summary>
    public const int MaxOverdraft = 256;

    private const int MaxStripes = 8;

    private readonly byte* _blocks;
    private readonly int _stripes;
    private readonly Region _region;
    private readonly StateSpace? _space;

    // For each stripe and class the page that blocks are taken from, 0 for none; changed by compare-and-swap.
    private readonly int* _current;

    // For each class the pages that may have a free block and are nobody's current one. A page may stand here though
    // it is full or has changed its class: whoever takes it out looks at the page's word.
    private readonly ConcurrentBitSet[] _partial;
    private readonly ConcurrentBitSet _pool;

    private int _limit;
    private int _inUse;
    private int _draining;
    private int _fresh;

    /// <param name="blocks">The address that offsets count from.</param>
    /// <param name="pages">Describes the pages; its count bounds what can ever be used.</param>
    /// <param name="limit">How many pages may be in use, the overdraft not counted.</param>
    /// <param name="space">To be asked before a page is used for the first time; null where there is nothing to ask.</param>
    public SlabAllocator(byte* blocks, PageTable pages, int limit, StateSpace? space = null)
    {
        _blocks = blocks;
        _space = space;
        Pages = pages;
        _limit = limit;
        _stripes = limit < 1024 ? 1 : (int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount), MaxStripes);
        int words = ConcurrentBitSet.WordsFor(pages.Count);
        int sets = SizeClasses.Count + 1;
        _region = new Region(((long)sets * words * sizeof(ulong)) + ((long)_stripes * SizeClasses.Count * sizeof(int)));
        _pool = new ConcurrentBitSet(_region.Array<ulong>(), words);
        _partial = new ConcurrentBitSet[SizeClasses.Count];
        for (int i = 0; i < _partial.Length; i++)
        {
            _partial[i] = new ConcurrentBitSet(_region.Array<ulong>() + ((i + 1L) * words), words);
        }

        _current = _region.Array<int>((long)sets * words * sizeof(ulong));
    }

    public PageTable Pages { get; }

    /// <summary>Pages that may be in use. Lowering it takes nothing away by itself: see <see cref="Evictor"/>.</summary>
    public int Limit
    {
        get => Volatile.Read(ref _limit);
        set => Volatile.Write(ref _limit, value);
    }

    /// <summary>
    /// Pages beyond the limit that may be taken while blocks that were evicted for the caller wait for their epoch.
    /// </summary>
    public int Overdraft => Math.Clamp(Limit / 64, 4, MaxOverdraft);

    public int PagesInUse => Volatile.Read(ref _inUse);

    /// <summary>Pages, of those in use, from which no block is taken any more.</summary>
    public int PagesDraining => Volatile.Read(ref _draining);

    /// <summary>One past the highest page ever used.</summary>
    public int PagesEnd => Math.Min(Volatile.Read(ref _fresh) + 1, Pages.Count);

    /// <summary>The offset of a block of the class, pending and otherwise unset; 0 when memory is used up.</summary>
    public ulong Allocate(int slot, int sizeClass, bool overdraft)
    {
        ref int current = ref _current[((slot & (_stripes - 1)) * SizeClasses.Count) + sizeClass];
        while (true)
        {
            int page = Volatile.Read(ref current);
            if (page != 0)
            {
                ulong block = TakeBlock(page, sizeClass);
                if (block != 0)
                {
                    return block;
                }

                if (Interlocked.CompareExchange(ref current, 0, page) == page)
                {
                    Detach(page, sizeClass);
                }

                continue;
            }

            page = TakePartial(sizeClass);
            if (page == 0 && (page = TakeEmpty(sizeClass, overdraft)) == 0)
            {
                return 0;
            }

            if (Interlocked.CompareExchange(ref current, page, 0) != 0)
            {
                Detach(page, sizeClass);
            }
        }
    }

    /// <summary>Gives a block back. The caller is the last who knows it.</summary>
    public void Free(ulong block)
    {
        int page = PageTable.PageOf(block);
        int sizeClass = PageTable.ClassIn(Pages.Word(page));
        Debug.Assert(((BlockHeader*)(_blocks + block))->State != BlockState.Free, "a block is freed once");
        Volatile.Write(ref *(byte*)&((BlockHeader*)(_blocks + block))->State, (byte)BlockState.Free);
        GiveBack(page, SizeClasses.BlockNumber(sizeClass, (int)(block & (SizeClasses.PageSize - 1))));
    }

    /// <summary>
    /// Starts from pages that a file holds: each with its class in its word and its free blocks in its mask. Called before
    /// anyone else calls.
    /// </summary>
    /// <param name="end">One past the last page that was ever used.</param>
    public void Resume(int end)
    {
        for (int page = 1; page < end; page++)
        {
            int word = Pages.Word(page);
            int sizeClass = PageTable.ClassIn(word);
            if (PageTable.StateIn(word) == PageState.Pooled || TryTakeAll(page, sizeClass))
            {
                Pages.Set(page, 0, PageState.Pooled);
                _pool.Add(page);
                continue;
            }

            _inUse++;
            Pages.Set(page, sizeClass, PageState.Detached);
            if (Pages.FreeBlocks(page) > 0)
            {
                _partial[sizeClass].Add(page);
            }
        }

        _fresh = end - 1;
    }

    /// <summary>Takes no more blocks from this page, so that it empties. False if it is not in use.</summary>
    public bool TryDrain(int page)
    {
        int word = Pages.Word(page);
        int sizeClass = PageTable.ClassIn(word);
        if (PageTable.StateIn(word) is PageState.Detached or PageState.Current
            && Pages.TryChange(page, sizeClass, PageTable.StateIn(word), PageState.Draining))
        {
            Interlocked.Increment(ref _draining);
            return true;
        }

        return false;
    }

    /// <summary>The page could not be emptied after all.</summary>
    public void CancelDrain(int page)
    {
        int sizeClass = PageTable.ClassIn(Pages.Word(page));
        if (Pages.TryChange(page, sizeClass, PageState.Draining, PageState.Detached))
        {
            Interlocked.Decrement(ref _draining);
            _partial[sizeClass].Add(page);
        }
    }

    /// <summary>Takes a draining page to the pool if all its blocks have come back.</summary>
    public void FinishDrain(int page)
    {
        int sizeClass = PageTable.ClassIn(Pages.Word(page));
        while (IsEmpty(page, sizeClass) && Pages.TryChange(page, sizeClass, PageState.Draining, PageState.Finishing))
        {
            if (TryTakeAll(page, sizeClass))
            {
                Pages.Set(page, sizeClass, PageState.Pooled);
                _pool.Add(page);
                Interlocked.Decrement(ref _draining);
                Interlocked.Decrement(ref _inUse);
                return;
            }

            // A thread that still took this page for its current one held a block for a moment; it gives it back.
            // An interlocked change, for the order that GiveBack explains: it sees the page draining, or this loop sees the bit.
            Pages.TryChange(page, sizeClass, PageState.Finishing, PageState.Draining);
        }
    }

    // The take may come late, when the page has changed hands since the caller read its number: the page's word tells,
    // and then the block goes back.
    private ulong TakeBlock(int page, int sizeClass)
    {
        ulong* mask = Pages.Mask(page);
        int words = (SizeClasses.BlocksInPage(sizeClass) + 63) >> 6;
        for (int i = 0; i < words; i++)
        {
            ulong seen = Volatile.Read(ref mask[i]);
            while (seen != 0)
            {
                ulong left = seen & (seen - 1);
                ulong found = Interlocked.CompareExchange(ref mask[i], left, seen);
                if (found == seen)
                {
                    int number = (i << 6) + BitOperations.TrailingZeroCount(seen);
                    if (Pages.Word(page) != PageTable.WordOf(sizeClass, PageState.Current))
                    {
                        GiveBack(page, number);
                        return 0;
                    }

                    ulong block = PageTable.OffsetOf(page, sizeClass, number);
                    ((BlockHeader*)(_blocks + block))->State = BlockState.Pending;
                    return block;
                }

                seen = found;
            }
        }

        return 0;
    }

    private void GiveBack(int page, int number)
    {
        // The or is a full fence: either this thread sees the page detached here, or the thread that detaches it sees
        // the bit (Detach). Without that order a free block could stay unknown until the next one comes back.
        Interlocked.Or(ref Pages.Mask(page)[number >> 6], 1UL << (number & 63));
        int word = Pages.Word(page);
        switch (PageTable.StateIn(word))
        {
            case PageState.Detached when IsEmpty(page, PageTable.ClassIn(word)) && TryDrain(page):
            case PageState.Draining:
                FinishDrain(page);
                break;
            case PageState.Detached:
                _partial[PageTable.ClassIn(word)].Add(page);
                break;
        }
    }

    private void Detach(int page, int sizeClass)
    {
        if (Pages.TryChange(page, sizeClass, PageState.Current, PageState.Detached) && Pages.FreeBlocks(page) > 0)
        {
            _partial[sizeClass].Add(page);
        }
    }

    private int TakePartial(int sizeClass)
    {
        int page;
        while ((page = _partial[sizeClass].Take()) != 0)
        {
            if (Pages.TryChange(page, sizeClass, PageState.Detached, PageState.Current))
            {
                return page;
            }
        }

        return 0;
    }

    private int TakeEmpty(int sizeClass, bool overdraft)
    {
        if (Interlocked.Increment(ref _inUse) > Limit + (overdraft ? Overdraft : 0))
        {
            Interlocked.Decrement(ref _inUse);
            return 0;
        }

        int page = _pool.Take();
        if (page == 0 && (page = TakeFresh()) == 0)
        {
            Interlocked.Decrement(ref _inUse);
            return 0;
        }

        Format(page, sizeClass);
        return page;
    }

    // The space first: a page that was counted and has none could not be given back once others have taken those behind it.
    private int TakeFresh()
    {
        int seen = Volatile.Read(ref _fresh);
        while (seen + 1 < Pages.Count && (_space is null || _space.TryTakePage(seen + 1)))
        {
            int found = Interlocked.CompareExchange(ref _fresh, seen + 1, seen);
            if (found == seen)
            {
                return seen + 1;
            }

            seen = found;
        }

        return 0;
    }

    // Scans tell blocks by their state, so whatever lay where the heads of this class come to lie must read as free. In a
    // file something may lie in a page that was never used: the machine went down before its word was written.
    private void Format(int page, int sizeClass)
    {
        int blocks = SizeClasses.BlocksInPage(sizeClass);
        if (_space is not null || PageTable.StateIn(Pages.Word(page)) != PageState.Fresh)
        {
            for (int i = 0; i < blocks; i++)
            {
                ((BlockHeader*)(_blocks + PageTable.OffsetOf(page, sizeClass, i)))->State = BlockState.Free;
            }
        }

        Pages.Oldest(page) = PageTable.NoBound;
        Pages.Deadline(page) = BlockHeader.Never;
        Pages.Set(page, sizeClass, PageState.Current);
        for (int i = 0; i < PageTable.MaskWords; i++)
        {
            Volatile.Write(ref Pages.Mask(page)[i], PageTable.FullMask(sizeClass, i));
        }
    }

    private bool IsEmpty(int page, int sizeClass)
    {
        for (int i = 0; i < PageTable.MaskWords; i++)
        {
            if (Volatile.Read(ref Pages.Mask(page)[i]) != PageTable.FullMask(sizeClass, i))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryTakeAll(int page, int sizeClass)
    {
        for (int i = 0; i < PageTable.MaskWords; i++)
        {
            ulong full = PageTable.FullMask(sizeClass, i);
            if (Interlocked.CompareExchange(ref Pages.Mask(page)[i], 0, full) != full)
            {
                while (--i >= 0)
                {
                    Interlocked.Or(ref Pages.Mask(page)[i], PageTable.FullMask(sizeClass, i));
                }

                return false;
            }
        }

        return true;
    }
}
