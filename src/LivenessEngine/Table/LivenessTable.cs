using System.Runtime.CompilerServices;
using LivenessEngine.Table.State;
using LivenessEngine.Time;

namespace LivenessEngine.Table;

/// <summary>
/// The timestamp table: items and members under keys of 1 to 250 bytes. Any thread may call anything at any time, and
/// nothing here waits for another thread. Operations on one key are linearizable; each takes effect in one
/// compare-and-swap.
/// </summary>
/// <remarks>An operation is made inside an epoch (<see cref="Enter"/>); what it found is good until the epoch is left.</remarks>
internal sealed unsafe class LivenessTable
{
    public const int MaxKeyLength = 250;

    private readonly TableCore _core;
    private readonly StateFile? _state;

    // When to flush, in Unix milliseconds, shifted by one bit, which says whether members' items go too.
    private long _flushAt = BlockHeader.Never;

    public LivenessTable(TableOptions options)
    {
        _state = options.State;
        _core = new TableCore(options);
        Evicts = options.Evict;
        Writer = new ItemWriter(_core, options.MaxItemSize);
        Editor = new ItemEditor(_core);
        Members = new MemberDirectory(_core);
    }

    /// <summary>New values.</summary>
    public ItemWriter Writer { get; }

    /// <summary>New versions of the values that are there.</summary>
    public ItemEditor Editor { get; }

    /// <summary>Who is a member, and the beats.</summary>
    public MemberDirectory Members { get; }

    public TableCounters Counters => _core.Counters;

    /// <summary>Bytes of pages that may be in use.</summary>
    public long MemoryLimit => (long)_core.Store.Slabs.Limit << SizeClasses.PageShift;

    /// <summary>Whether items go to make room for others; false where a store is refused instead (-M).</summary>
    public bool Evicts { get; }

    /// <summary>The index has two to the power of this many buckets.</summary>
    public int BucketsLog2 => _core.Index.BucketsLog2;

    /// <summary>Pages that may be in use and are not.</summary>
    public int PooledPages => Math.Max(_core.Store.Slabs.Limit - _core.Store.Slabs.PagesInUse, 0);

    /// <summary>
    /// Whether a heartbeat is found exactly while its member is up, whatever its deadline; else it is an item like any other.
    /// Default true. Set before the table is served.
    /// </summary>
    public bool VerdictsDecide
    {
        get => _core.VerdictsDecide;
        set => _core.VerdictsDecide = value;
    }

    internal TableCore Core => _core;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public EpochGuard Enter() => Epoch.Enter(_core);

    /// <summary>Asks the memory for a key's place in the index, ahead of the operation on it; returns its hash.</summary>
    public uint Prefetch(ReadOnlySpan<byte> key)
    {
        uint hash = _core.HashOf(key);
        _core.Index.Prefetch(hash);
        return hash;
    }

    /// <summary>Asks for the first block in that place, when the place has come.</summary>
    public void PrefetchBlock(uint hash) => _core.Index.PrefetchBlock(hash);

    /// <summary>The item under a key, which this marks as used.</summary>
    public LookupResult TryGet(in EpochGuard guard, ReadOnlySpan<byte> key, scoped in Moment now, out ItemView item)
    {
        LookupResult result = TryLook(guard, key, now, out item);
        if (result == LookupResult.Found)
        {
            MarkUsed(item, now);
        }

        return result;
    }

    /// <summary>The item under a key, at which this leaves no trace.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LookupResult TryLook(in EpochGuard guard, ReadOnlySpan<byte> key, scoped in Moment now, out ItemView item)
    {
        BlockHeader* block = _core.Index.Lookup(guard, _core.HashOf(key), key);
        item = new ItemView(block);
        LookupResult result = _core.Judge(block, now);
        if (result != LookupResult.Found && block != null && block->Member == 0 && _core.Index.FindBlock(guard, block, out HashIndex.Position position))
        {
            _core.TryRemove(guard, position, TableCounter.ExpiredOnRead);
        }

        return result;
    }

    /// <summary>What there is under a key, which stays as it is, expired or not.</summary>
    public LookupResult Peek(in EpochGuard guard, ReadOnlySpan<byte> key, in Moment now, out ItemView item)
    {
        BlockHeader* block = _core.Index.Lookup(guard, _core.HashOf(key), key);
        item = new ItemView(block);
        return _core.Judge(block, now);
    }

    /// <summary>Keeps a chunked value beyond the epoch; released by <see cref="HeldValue.Release"/>.</summary>
    public HeldValue Hold(in ItemView item) => new(_core.Store, BlockStore.ChainOf(item.Block));

    /// <summary>The pieces of a value, CRLF included; valid inside the epoch.</summary>
    public ValueParts PartsOf(in ItemView item) => new(_core.Store, item.Block);

    /// <summary>Notes at an item that it was read.</summary>
    public static void MarkUsed(in ItemView item, in Moment now) => TableCore.MarkUsed(item.Block, now);

    /// <summary>Deletes what is under the key, and shows it. A member leaves, whether it had an item or not.</summary>
    /// <param name="guard">The epoch.</param>
    /// <param name="key">The key.</param>
    /// <param name="now">Time of the request.</param>
    /// <param name="item">What was there.</param>
    /// <param name="expected">If it is not null, only an item of this version is deleted, that clients can see.</param>
    public LookupResult TryDelete(in EpochGuard guard, ReadOnlySpan<byte> key, in Moment now, out ItemView item, ulong? expected = null)
    {
        item = default;
        while (_core.Index.Find(guard, _core.HashOf(key), key, out HashIndex.Position position))
        {
            item = new ItemView(position.Block);
            LookupResult result = _core.Judge(position.Block, now);
            if (expected is not null && (result != LookupResult.Found || item.Cas != expected))
            {
                return result == LookupResult.Found ? LookupResult.Changed : result;
            }

            if (_core.TryRemove(guard, position))
            {
                return result;
            }
        }

        return LookupResult.Missing;
    }

    /// <summary>
    /// Takes the item away from under the key; a member stays. For a store that failed, so that no stale value remains.
    /// False if it is a member's and there is not even memory for a member without an item.
    /// </summary>
    public bool DropItem(in EpochGuard guard, ReadOnlySpan<byte> key)
    {
        while (_core.Index.Find(guard, _core.HashOf(key), key, out HashIndex.Position position) && position.Block->Kind != BlockKind.Bare)
        {
            if (position.Block->Heartbeat != 0 && _core.VerdictsDecide)
            {
                // No stale value: whether it is found is up to the member, who has just been heard.
                return true;
            }

            bool outOfMemory = false;
            if (position.Block->Member != 0 ? _core.TryStrip(guard, position, out outOfMemory) : _core.TryRemove(guard, position))
            {
                return true;
            }

            if (outOfMemory)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Goes on to the next item; one that comes or goes meanwhile may be shown or not. False: that was the last
    /// (<see cref="ItemCursor.IsAtEnd"/>), or there was none for so long that the epoch should be left before the walk goes on.
    /// </summary>
    public bool TryNext(in EpochGuard guard, ref ItemCursor cursor, in Moment now, out ItemView item)
    {
        for (int inVain = 0; inVain < ItemCursor.MostInVain && cursor.TryStep(_core.Store, ref inVain, out BlockHeader* block); inVain++)
        {
            if (_core.Index.FindBlock(guard, block, out _) && _core.Judge(block, now) == LookupResult.Found)
            {
                item = new ItemView(block);
                return true;
            }
        }

        item = default;
        return false;
    }

    /// <summary>Makes every item stored until now invisible. Members stay: only their items go, and those only if asked for.</summary>
    public void Flush(bool members = true)
    {
        FlushAt(BlockHeader.Never);
        _core.FlushUpTo(_core.LatestCas, members);
    }

    /// <summary>Flushes at a later time, in Unix milliseconds; an earlier appointment is forgotten.</summary>
    public void FlushAt(long unixMilliseconds, bool members = true)
    {
        long appointment = unixMilliseconds > BlockHeader.Never >> 1 ? BlockHeader.Never : (unixMilliseconds << 1) | (members ? 1L : 0);
        Volatile.Write(ref _flushAt, appointment);
        _state?.Image.Running.FlushesAt(appointment);
    }

    /// <summary>Keeps the appointment of <see cref="FlushAt"/>; called with every new reading of the clock.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void KeepTime(in Moment now)
    {
        long due = Volatile.Read(ref _flushAt);
        if (due >> 1 <= now.UnixMilliseconds && Interlocked.CompareExchange(ref _flushAt, BlockHeader.Never, due) == due)
        {
            _core.FlushUpTo(_core.LatestCas, (due & 1) != 0);
            _state?.Image.Running.FlushesAt(Volatile.Read(ref _flushAt));
        }
    }

    /// <summary>Takes up what the state file holds. Called once, before anything else.</summary>
    public RestoredState Restore(DateTimeOffset now)
    {
        if (_state is null)
        {
            return RestoredState.None;
        }

        RestoredState restored = Recovery.Run(_core, _state, now);
        _flushAt = restored.HasState ? _state.Image.Running.Present.FlushAt : BlockHeader.Never;
        return restored;
    }

    /// <summary>Writes into the state file, if there is one, how far clocks and counters have come. Called at every tick.</summary>
    public void Record(in Moment now, in SavedCredit credit, long latestTime)
    {
        if (_state is not null)
        {
            _state.Image.Running.Ticked(now, _core.LatestCas, Volatile.Read(ref _flushAt), credit, latestTime);
            _state.Space.TakeAhead(_core.Store.Slabs.PagesEnd, _core.Columns.End);
        }
    }

    /// <summary>Takes back the memory of expired items, from so many pages at the most.</summary>
    public void Crawl(int maxPages, in Moment now)
    {
        using EpochGuard guard = Enter();
        _core.Crawl(guard, maxPages, now);
    }

    /// <summary>How many pages <see cref="Crawl"/> has to look at: all, or none where nothing has expired.</summary>
    public int PagesToCrawl(in Moment now) => _core.Evictor.HasExpired(now) ? _core.Store.Slabs.PagesEnd - 1 : 0;

    /// <summary>Whether expired items are looked for before their memory is wanted. Default true.</summary>
    public bool CrawlsForExpired
    {
        get => _core.Evictor.CrawlsForExpired;
        set => _core.Evictor.CrawlsForExpired = value;
    }

    /// <summary>Pages that are being emptied.</summary>
    public int DrainingPages => _core.Store.Slabs.PagesDraining;

    /// <summary>Called with each item that goes to make room, on the thread that needs it.</summary>
    public event EvictionObserver Evicted
    {
        add => _core.Evicted += value;
        remove => _core.Evicted -= value;
    }

    /// <summary>How long the item that was last evicted from a class had not been used, in seconds; 0 where none was.</summary>
    public long EvictedAge(int sizeClass) => _core.EvictedAge(sizeClass);

    /// <summary>Empties a page of a class, so that any class may have it. False: no page of it can be had now.</summary>
    public bool TryFreePageOf(int sizeClass, in Moment now)
    {
        using EpochGuard guard = Enter();
        return _core.Evictor.TryFreePageOf(guard, sizeClass, now);
    }

    /// <summary>How memory is divided between the size classes, by a look at every page.</summary>
    public ClassUsage[] UsageByClass(in Moment now)
    {
        var usage = new ClassUsage[SizeClasses.Count];
        PageTable pages = _core.Store.Slabs.Pages;
        uint stamp = AccessStamp.At(now.UnixMilliseconds);
        for (int page = _core.Store.Slabs.PagesEnd - 1; page > 0; page--)
        {
            int word = pages.Word(page);
            if (PageTable.StateIn(word) is not (PageState.Fresh or PageState.Pooled))
            {
                ref ClassUsage ofClass = ref usage[PageTable.ClassIn(word)];
                uint age = pages.Oldest(page) == uint.MaxValue ? 0 : AccessStamp.Age(pages.Oldest(page), stamp);
                ofClass = new ClassUsage(
                    ofClass.Pages + 1,
                    ofClass.FreeBlocks + pages.FreeBlocks(page),
                    Math.Max(ofClass.OldestSeconds, AccessStamp.ToSeconds(age)));
            }
        }

        return usage;
    }

    /// <summary>Changes the memory limit; false if that is more than was reserved.</summary>
    public bool TrySetMemoryLimit(long bytes)
    {
        if (bytes > _core.Reserve)
        {
            return false;
        }

        _core.Store.Slabs.Limit = TableCore.PagesFor(bytes);
        return true;
    }
}
