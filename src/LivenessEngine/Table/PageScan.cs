using LivenessEngine.Time;

namespace LivenessEngine.Table;

/// <summary>
/// Looks at the blocks of pages from outside the index: to drop what is not wanted any more, and to learn how long ago
/// things were used.
/// </summary>
/// <remarks>
/// A block can change hands while it is looked at, so what is read from it is a hint, and only says which blocks are
/// worth a <see cref="HashIndex.FindBlock"/>. A block found that way is live, its content stays for the rest of the
/// epoch, and the decision is made again on that.
/// </remarks>
internal sealed unsafe class PageScan(TableCore table, BlockStore store, HashIndex index)
{
    /// <summary>A cutoff that nothing is old enough for.</summary>
    public const uint NoCutoff = uint.MaxValue;

    private readonly PageTable _pages = store.Slabs.Pages;

    /// <summary>
    /// Drops from a page what has expired and what has not been used for <paramref name="cutoff"/> stamps or longer;
    /// sets the page's bounds by what remains. Returns how many went.
    /// </summary>
    public int Drop(in EpochGuard guard, int page, uint cutoff, TableCounter expiredAs, in Moment now)
    {
        int sizeClass = PageTable.ClassIn(_pages.Word(page));
        uint stamp = AccessStamp.At(now.UnixMilliseconds);
        long deadline = BlockHeader.Never;
        uint oldest = 0;
        int gone = 0;
        int looked = 0;
        Interlocked.Exchange(ref _pages.Deadline(page), BlockHeader.Never);
        for (int number = SizeClasses.BlocksInPage(sizeClass) - 1; number >= 0; number--)
        {
            BlockHeader* block = store.At(PageTable.OffsetOf(page, sizeClass, number));
            BlockHeader* head = HeadOf(guard, block);
            if (head == null)
            {
                continue;
            }

            looked += head == block ? 1 : 0;
            if (TryDrop(guard, head, cutoff, expiredAs, now))
            {
                gone++;
                continue;
            }

            oldest = Math.Max(oldest, AgeOf(head, now));
            if (head == block && head->Kind != BlockKind.Bare)
            {
                deadline = Math.Min(deadline, table.DeadlineOf(head));
            }
        }

        _pages.Oldest(page) = stamp - oldest;
        _pages.LowerDeadline(page, deadline);
        if (expiredAs == TableCounter.CrawlerReclaimed)
        {
            table.Counters.AddByClass(TableCounter.CrawlerChecked, sizeClass, looked);
        }

        return gone;
    }

    /// <summary>
    /// Takes everything out of a page that is draining: moves what is worth it, deletes the rest if it may. False if
    /// something had to stay. What is not in the index is no concern of this: it comes back by itself, or it is being
    /// filled and is met again (<see cref="Evictor.Crawl"/>).
    /// </summary>
    public bool Empty(in EpochGuard guard, int page, bool evict, in Moment now)
    {
        int sizeClass = PageTable.ClassIn(_pages.Word(page));
        bool empty = true;
        for (int number = SizeClasses.BlocksInPage(sizeClass) - 1; number >= 0; number--)
        {
            BlockHeader* block = store.At(PageTable.OffsetOf(page, sizeClass, number));
            BlockHeader* head = HeadOf(guard, block);
            if (head != null)
            {
                empty &= TryClear(guard, head, mayMove: head == block, evict, now);
            }
        }

        return empty;
    }

    private bool TryClear(in EpochGuard guard, BlockHeader* head, bool mayMove, bool evict, in Moment now)
    {
        TableCounter done = TryDrop(guard, head, NoCutoff, TableCounter.Reclaimed, now) ? TableCounter.PageReclaims
            : mayMove && TryMove(guard, head) ? TableCounter.PageRescues
            : evict && TryDrop(guard, head, 0, TableCounter.Reclaimed, now) ? TableCounter.PageEvictions
            : index.FindBlock(guard, head, out _) ? TableCounter.PageBusyItems
            : TableCounter.Count;
        if (done != TableCounter.Count)
        {
            table.Counters.Add(done);
        }

        return done != TableCounter.PageBusyItems;
    }

    /// <summary>How long ago a few blocks of a page were used, in stamps; returns how many it found.</summary>
    public int SampleAges(in EpochGuard guard, int page, in Moment now, Span<uint> ages)
    {
        int sizeClass = PageTable.ClassIn(_pages.Word(page));
        int blocks = SizeClasses.BlocksInPage(sizeClass);
        int step = Math.Max(blocks / ages.Length, 1);
        int found = 0;
        for (int number = Random.Shared.Next(step); number < blocks && found < ages.Length; number += step)
        {
            BlockHeader* head = HeadOf(guard, store.At(PageTable.OffsetOf(page, sizeClass, number)));
            if (head != null)
            {
                ages[found++] = AgeOf(head, now);
            }
        }

        return found;
    }

    private bool TryDrop(in EpochGuard guard, BlockHeader* head, uint cutoff, TableCounter expiredAs, in Moment now)
    {
        if (!IsDue(head, cutoff, now, out _) || !index.FindBlock(guard, head, out HashIndex.Position position))
        {
            return false;
        }

        if (!IsDue(head, cutoff, now, out bool expired))
        {
            return false;
        }

        if (!expired)
        {
            return table.TryEvict(guard, position, now);
        }

        return head->Member != 0 ? table.TryStrip(guard, position, out _) : table.TryRemove(guard, position, expiredAs);
    }

    /// <summary>
    /// Whether a block should go, by what it says of itself at this moment. Only looks: where the caller has not found
    /// the block in the index, it may lie in the middle of another one's value.
    /// </summary>
    private bool IsDue(BlockHeader* head, uint cutoff, in Moment now, out bool expired)
    {
        expired = table.Judge(head, now) is LookupResult.Expired or LookupResult.Flushed;
        return expired || (cutoff != NoCutoff && !table.IsUp(head, now) && AgeOf(head, now) >= cutoff);
    }

    /// <summary>How long ago something was used, in stamps. A beat is a use too.</summary>
    private uint AgeOf(BlockHeader* head, in Moment now) => Math.Min(
        AccessStamp.Age(head->LastAccess, AccessStamp.At(now.UnixMilliseconds)),
        AccessStamp.OfTicks(SilenceOf(head, now)));

    /// <summary>For how many liveness ticks a member has not been seen; no end of them where there is no member.</summary>
    private long SilenceOf(BlockHeader* head, in Moment now)
    {
        int row = head->Member;
        return row > 0 && row < table.Columns.Capacity ? now.Liveness - table.Columns.LastSeen(row) : long.MaxValue;
    }

    // Only where a free block of the same class costs nothing, so that moving never makes anything else go.
    private bool TryMove(in EpochGuard guard, BlockHeader* head)
        => index.FindBlock(guard, head, out HashIndex.Position position) && table.TryMove(guard, position);

    /// <summary>The block that stands for this one in the index: itself, or the head whose chunk it is; or null.</summary>
    private BlockHeader* HeadOf(in EpochGuard guard, BlockHeader* block)
    {
        switch ((BlockState)Volatile.Read(ref *(byte*)&block->State))
        {
            case BlockState.Published:
                return block;
            case BlockState.Chunk:
                BlockHeader* head = null;
                do
                {
                    head = index.NextWith(guard, block->Hash, head);
                }
                while (head != null && head->Kind != BlockKind.Chunked);
                return head;
            default:
                return null;
        }
    }
}
