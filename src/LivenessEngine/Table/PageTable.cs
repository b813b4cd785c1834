using System.Numerics;
using System.Runtime.CompilerServices;
using LivenessEngine.Table.State;

namespace LivenessEngine.Table;

/// <summary>What a page is used for; stands in the low byte of its word in <see cref="PageTable"/>.</summary>
internal enum PageState
{
    /// <summary>Never used.</summary>
    Fresh = 0,

    /// <summary>Of no size class: ready to be given to any.</summary>
    Pooled = 1,

    /// <summary>Some stripe of the allocator takes its blocks from here.</summary>
    Current = 2,

    /// <summary>Full when last looked at; blocks may have come free since.</summary>
    Detached = 3,

    /// <summary>Being emptied, to go to the pool: no block is taken from it.</summary>
    Draining = 4,

    /// <summary>Found empty; one thread is taking it to the pool.</summary>
    Finishing = 5,
}

/// <summary>
/// The columns that describe pages: size class and state, which blocks are free, and two bounds that let the evictor
/// pass over pages that hold nothing of interest.
/// </summary>
internal sealed unsafe class PageTable
{
    /// <summary>64 KiB of 64-byte blocks.</summary>
    public const int MaskWords = SizeClasses.PageSize / SizeClasses.SmallestBlock / 64;

    /// <summary>In <see cref="Oldest"/>: nothing is known yet of when the page's blocks were used.</summary>
    public const uint NoBound = uint.MaxValue;

    private const int StateBits = 8;

    private readonly int* _words;
    private readonly ulong* _masks;
    private readonly uint* _oldest;
    private readonly long* _deadlines;

    // Keep the columns' memory.
    private readonly Region _region;
    private readonly StateImage? _image;

    /// <param name="pages">Pages there can be.</param>
    /// <param name="image">Holds the words, where they outlive the process.</param>
    public PageTable(int pages, StateImage? image = null)
    {
        Count = pages;
        long masks = Align((long)pages * sizeof(int));
        long oldest = masks + Align((long)pages * MaskWords * sizeof(ulong));
        long deadlines = oldest + Align((long)pages * sizeof(uint));
        _region = new Region(deadlines + Align((long)pages * sizeof(long)));
        _image = image;
        _words = image is null ? _region.Array<int>() : image.Words;
        _masks = _region.Array<ulong>(masks);
        _oldest = _region.Array<uint>(oldest);
        _deadlines = _region.Array<long>(deadlines);
    }

    /// <summary>Pages there can be, page 0 included, which is never used so that no block has offset 0.</summary>
    public int Count { get; }

    public static int PageOf(ulong block) => (int)(block >> SizeClasses.PageShift);

    public static ulong OffsetOf(int page, int sizeClass, int number)
        => ((ulong)page << SizeClasses.PageShift) + (ulong)(number * SizeClasses.SizeOf(sizeClass));

    /// <summary>
    /// Size class and state in one word, so that they change together: by compare-and-swap between states, by a plain
    /// store while the page is the storing thread's alone. Read with acquire before the page's mask is trusted.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Word(int page) => Volatile.Read(ref _words[page]);

    public static int WordOf(int sizeClass, PageState state) => (sizeClass << StateBits) | (int)state;

    public static int ClassIn(int word) => word >> StateBits;

    public static PageState StateIn(int word) => (PageState)(word & ((1 << StateBits) - 1));

    public void Set(int page, int sizeClass, PageState state) => Volatile.Write(ref _words[page], WordOf(sizeClass, state));

    public bool TryChange(int page, int sizeClass, PageState from, PageState to)
    {
        int expected = WordOf(sizeClass, from);
        return Interlocked.CompareExchange(ref _words[page], WordOf(sizeClass, to), expected) == expected;
    }

    /// <summary>
    /// One bit a block, 1 for free. Cleared by the thread that takes the block, set by the one that gives it back, both
    /// with interlocked operations; zero for a page of no class. With plain ones a bit is lost, and its block with it:
    /// soak test <c>BlocksBelongToOneOwner</c>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong* Mask(int page) => _masks + ((long)page * MaskWords);

    /// <summary>
    /// No block in the page was last used before this (a stamp as in <see cref="BlockHeader.LastAccess"/>), unless it is
    /// <see cref="NoBound"/>. A bound: use only makes blocks younger, so it may lag behind, and then a scan of the page
    /// puts it right.
    /// </summary>
    public ref uint Oldest(int page) => ref _oldest[page];

    /// <summary>
    /// No item in the page expires before this (Unix time in milliseconds). Lowered by whoever stores an earlier
    /// deadline, raised by a scan; a store that a concurrent scan overlooks is found by the scan after it.
    /// </summary>
    public ref long Deadline(int page) => ref _deadlines[page];

    public void LowerDeadline(int page, long deadline) => InterlockedMinimum.Lower(ref _deadlines[page], deadline);

    public static ulong FullMask(int sizeClass, int word)
    {
        int blocks = SizeClasses.BlocksInPage(sizeClass) - (word * 64);
        return blocks >= 64 ? ulong.MaxValue : blocks <= 0 ? 0 : (1UL << blocks) - 1;
    }

    public int FreeBlocks(int page)
    {
        int free = 0;
        for (int i = 0; i < MaskWords; i++)
        {
            free += BitOperations.PopCount(Volatile.Read(ref Mask(page)[i]));
        }

        return free;
    }

    private static long Align(long bytes) => (bytes + 4095) & ~4095L;
}
