using LivenessEngine.Time;

namespace LivenessEngine.Table;

/// <summary>
/// Makes room when memory is used up: expired items first, then what was used the longest ago. A member whose heartbeat
/// is alive is never evicted; it is moved when its page is wanted.
/// </summary>
/// <remarks>
/// <para>Least recently used, approximately, and without a list that every reader would have to write: a sample of a
/// size class gives the age that a sixteenth of its items exceed, and whatever is older goes as a hand comes round the
/// class's pages (a clock, with the sample in place of the reference bit). Pages that hold nothing old enough are
/// passed over by their bound (<see cref="PageTable.Oldest"/>).</para>
/// <para>When the oldest things of all are of another class, the class in need takes one of its pages instead.</para>
/// </remarks>
internal sealed class Evictor
{
    private const int NoClass = -1;
    private const int Samples = 256;
    private const int SamplesPerPage = 16;
    private const int PagesCompared = 64;
    private const int PagesReclaimedAtOnce = 8;

    private readonly SlabAllocator _slabs;
    private readonly PageTable _pages;
    private readonly PageScan _scan;
    private readonly TableCounters _counters;
    private readonly bool _evict;
    private readonly Hand[] _hands = new Hand[SizeClasses.Count];

    // No page has a deadline before this: a bound like that of each page, for all of them.
    private long _earliestDeadline = BlockHeader.Never;

    private bool _crawlsForExpired = true;

    // Where the search for expired items goes on, so that it comes to every page. Races repeat or skip one.
    private int _reclaimFrom;

    public Evictor(SlabAllocator slabs, PageScan scan, TableCounters counters, bool evict)
    {
        _slabs = slabs;
        _pages = slabs.Pages;
        _scan = scan;
        _counters = counters;
        _evict = evict;
    }

    /// <summary>Whether expired items are looked for before their memory is wanted.</summary>
    public bool CrawlsForExpired
    {
        get => Volatile.Read(ref _crawlsForExpired);
        set => Volatile.Write(ref _crawlsForExpired, value);
    }

    /// <summary>Keeps the bounds true for an item that was just published; called after its publication.</summary>
    public void Stored(int page, long deadline, uint lastAccess)
    {
        // Older than the bound is only what was moved here.
        uint oldest = _pages.Oldest(page);
        if (oldest == PageTable.NoBound || AccessStamp.Age(lastAccess, oldest) > 0)
        {
            _pages.Oldest(page) = lastAccess;
        }

        if (deadline != BlockHeader.Never)
        {
            _pages.LowerDeadline(page, deadline);
            InterlockedMinimum.Lower(ref _earliestDeadline, deadline);
        }
    }

    /// <summary>Every item may have gone out of date at once: has every page looked through.</summary>
    public void Flushed()
    {
        for (int page = _slabs.PagesEnd - 1; page > 0; page--)
        {
            _pages.LowerDeadline(page, Expiry.AlreadyExpired);
        }

        InterlockedMinimum.Lower(ref _earliestDeadline, Expiry.AlreadyExpired);
    }

    /// <summary>Frees something that may help an allocation of this class, once the epoch has passed.</summary>
    /// <param name="guard">The epoch.</param>
    /// <param name="sizeClass">The class in need.</param>
    /// <param name="expiredFirst">
    /// Whether to be content with expired items. They may be of other classes, so that they help only when they were
    /// whole pages.
    /// </param>
    /// <param name="now">Time of the request.</param>
    public bool TryMakeRoom(in EpochGuard guard, int sizeClass, bool expiredFirst, in Moment now)
        => (expiredFirst && Reclaim(guard, PagesReclaimedAtOnce, TableCounter.Reclaimed, now) > 0)
            || (_evict ? EvictOldest(guard, sizeClass, now) : TakePage(guard, sizeClass, now))
            || (!expiredFirst && Reclaim(guard, PagesReclaimedAtOnce, TableCounter.Reclaimed, now) > 0);

    /// <summary>
    /// Empties the page of the class that is worth the least, so that any class may have it. False: it could not be had now;
    /// no other is tried then, for what can go from a page has gone whether all of it could or not.
    /// </summary>
    public bool TryFreePageOf(in EpochGuard guard, int sizeClass, in Moment now)
    {
        int page = FindOldestPage(guard, sizeClass, ofAnother: false, now, out _);
        return page != 0 && TryFree(guard, page, now);
    }

    /// <summary>
    /// Takes back the memory of expired items, from so many pages at the most, and pages above a lowered limit. Called
    /// with the clock's tick.
    /// </summary>
    public void Crawl(in EpochGuard guard, int maxPages, in Moment now)
    {
        if (CrawlsForExpired)
        {
            Reclaim(guard, maxPages, TableCounter.CrawlerReclaimed, now);
        }

        if (_slabs.PagesDraining > 0)
        {
            EmptyAgain(guard, now);
        }

        // What drains has gone already: it comes back when its epoch is over.
        int over = _slabs.PagesInUse - _slabs.PagesDraining - _slabs.Limit;
        for (int i = Math.Min(over, maxPages); i > 0 && TakePage(guard, NoClass, now); i--)
        {
        }
    }

    /// <summary>
    /// Where the eviction of a class stands. Races make a hand repeat or skip a page, nothing worse, as long as nobody
    /// takes what stands here for what itself has found.
    /// </summary>
    private struct Hand
    {
        public int Page;
        public uint Cutoff;
        public bool IsSet;
    }

    /// <summary>Whether there may be items whose time is over.</summary>
    public bool HasExpired(in Moment now) => Volatile.Read(ref _earliestDeadline) <= now.UnixMilliseconds;

    // A block that was being filled when its page was emptied may have been published there since.
    private void EmptyAgain(in EpochGuard guard, in Moment now)
    {
        int end = _slabs.PagesEnd;
        for (int page = 1; page < end; page++)
        {
            if (PageTable.StateIn(_pages.Word(page)) == PageState.Draining && !_scan.Empty(guard, page, _evict, now))
            {
                _slabs.CancelDrain(page);
            }
        }
    }

    private int Reclaim(in EpochGuard guard, int maxPages, TableCounter expiredAs, in Moment now)
    {
        if (!HasExpired(now))
        {
            return 0;
        }

        if (expiredAs == TableCounter.CrawlerReclaimed)
        {
            _counters.Add(TableCounter.CrawlerStarts);
        }

        Interlocked.Exchange(ref _earliestDeadline, BlockHeader.Never);
        int gone = 0;
        long earliest = BlockHeader.Never;
        int pages = _slabs.PagesEnd - 1;
        int from = _reclaimFrom;
        for (int i = 0; i < pages; i++)
        {
            int page = 1 + ((from + i) % pages);
            if (maxPages > 0 && Volatile.Read(ref _pages.Deadline(page)) <= now.UnixMilliseconds)
            {
                gone += _scan.Drop(guard, page, PageScan.NoCutoff, expiredAs, now);
                maxPages--;
                _reclaimFrom = page;
            }

            earliest = Math.Min(earliest, Volatile.Read(ref _pages.Deadline(page)));
        }

        InterlockedMinimum.Lower(ref _earliestDeadline, earliest);
        return gone;
    }

    private bool EvictOldest(in EpochGuard guard, int sizeClass, in Moment now)
    {
        ref Hand hand = ref _hands[sizeClass];
        if (hand.IsSet && GoRound(guard, sizeClass, ref hand, now))
        {
            return true;
        }

        // A sixteenth; where that is members that live, a quarter; and then whatever there is.
        for (int share = 16; share > 0; share /= 4)
        {
            uint age = SampleAge(guard, sizeClass, share, now, out bool any);
            hand.Cutoff = AccessStamp.At(now.UnixMilliseconds) - age;
            hand.Page = 0;
            hand.IsSet = any;
            if ((!any || IsAnotherClassOlder(guard, sizeClass, age, now)) && TakePage(guard, sizeClass, now))
            {
                return true;
            }

            if (any && GoRound(guard, sizeClass, ref hand, now))
            {
                return true;
            }
        }

        hand.IsSet = false;
        return TakePage(guard, sizeClass, now);
    }

    // From where the hand stands to the last page; stops at the first page that gives something.
    private bool GoRound(in EpochGuard guard, int sizeClass, ref Hand hand, in Moment now)
    {
        uint stamp = AccessStamp.At(now.UnixMilliseconds);
        uint cutoff = AccessStamp.Age(hand.Cutoff, stamp);
        int end = _slabs.PagesEnd;
        for (int page = Math.Max(hand.Page, 1); page < end; page++)
        {
            if (IsUsedBy(page, sizeClass)
                && MayHoldOlder(page, cutoff, stamp)
                && _scan.Drop(guard, page, cutoff, TableCounter.Reclaimed, now) > 0)
            {
                hand.Page = page + 1;
                return true;
            }
        }

        hand.Page = end;
        return false;
    }

    // Nothing is known of a page of chunks before its first scan: their heads are elsewhere.
    private bool MayHoldOlder(int page, uint cutoff, uint stamp)
        => _pages.Oldest(page) == PageTable.NoBound || AccessStamp.Age(_pages.Oldest(page), stamp) >= cutoff;

    /// <summary>The age that one in <paramref name="share"/> blocks of a sample of the class exceeds.</summary>
    private uint SampleAge(in EpochGuard guard, int sizeClass, int share, in Moment now, out bool any)
    {
        Span<uint> ages = stackalloc uint[Samples];
        int found = 0;
        int pages = _slabs.PagesEnd - 1;
        int start = Random.Shared.Next(Math.Max(pages, 1));
        for (int i = 0; i < pages && found < Samples; i++)
        {
            int page = 1 + ((start + i) % pages);
            if (IsUsedBy(page, sizeClass))
            {
                found += _scan.SampleAges(guard, page, now, ages[found..Math.Min(found + SamplesPerPage, Samples)]);
            }
        }

        any = found > 0;
        ages = ages[..found];
        ages.Sort();
        return any ? ages[found - 1 - ((found - 1) / share)] : 0;
    }

    private bool IsAnotherClassOlder(in EpochGuard guard, int sizeClass, uint age, in Moment now)
        => FindOldestPage(guard, sizeClass, ofAnother: true, now, out uint oldest) != 0 && oldest > age;

    /// <summary>Empties the page of another class that is worth the least, so that it can be given to any.</summary>
    private bool TakePage(in EpochGuard guard, int exceptClass, in Moment now)
    {
        int page = FindOldestPage(guard, exceptClass, ofAnother: true, now, out _);
        return page != 0 && TryFree(guard, page, now);
    }

    private bool TryFree(in EpochGuard guard, int page, in Moment now)
    {
        if (!_slabs.TryDrain(page))
        {
            return false;
        }

        if (!_scan.Empty(guard, page, _evict, now))
        {
            _slabs.CancelDrain(page);
            return false;
        }

        _counters.Add(TableCounter.PagesMoved);
        _slabs.FinishDrain(page);
        return true;
    }

    // By a sample: the page, of the class or of another one, whose median block was used the longest ago, a free block
    // counting as never used. A page that blocks are being taken from only if there is no other.
    private int FindOldestPage(in EpochGuard guard, int sizeClass, bool ofAnother, in Moment now, out uint oldestAge)
    {
        Span<uint> ages = stackalloc uint[SamplesPerPage];
        int pages = _slabs.PagesEnd - 1;
        int start = Random.Shared.Next(Math.Max(pages, 1));
        int oldest = 0;
        bool oldestDetached = false;
        oldestAge = 0;
        for (int i = 0, compared = 0; i < pages && compared < PagesCompared; i++)
        {
            int page = 1 + ((start + i) % pages);
            int word = _pages.Word(page);
            bool detached = PageTable.StateIn(word) == PageState.Detached;
            if ((PageTable.ClassIn(word) == sizeClass) == ofAnother
                || !(detached || PageTable.StateIn(word) == PageState.Current)
                || (oldestDetached && !detached))
            {
                continue;
            }

            compared++;
            ages.Fill(uint.MaxValue);
            _scan.SampleAges(guard, page, now, ages);
            ages.Sort();
            uint median = ages[SamplesPerPage / 2];
            if (oldest == 0 || (detached && !oldestDetached) || median > oldestAge)
            {
                oldest = page;
                oldestAge = median;
                oldestDetached = detached;
            }
        }

        return oldest;
    }

    private bool IsUsedBy(int page, int sizeClass)
    {
        int word = _pages.Word(page);
        return PageTable.ClassIn(word) == sizeClass
            && PageTable.StateIn(word) is PageState.Current or PageState.Detached or PageState.Draining;
    }
}
