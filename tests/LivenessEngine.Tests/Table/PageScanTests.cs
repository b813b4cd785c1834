using LivenessEngine.Table;

namespace LivenessEngine.Tests.Table;

public sealed unsafe class PageScanTests
{
    private readonly TestTable _table = new();

    private PageScan NewScan()
    {
        TableCore core = _table.Table.Core;
        return new PageScan(core, core.Store, core.Index);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_scan_writes_nothing_to_a_block_that_it_has_not_found_in_the_index(byte kind)
    {
        // Bytes as they lie in somebody's value when the page changes its class under the scan: they look like the block
        // of a member that is alive.
        int row = _table.Join("alive");
        ulong block = _table.Slabs.Allocate(0, 3, overdraft: false);
        int size = SizeClasses.SizeOf(3);
        BlockHeader* head = _table.Table.Core.Store.At(block);
        var bytes = new Span<byte>(head, size);
        TestTable.Pattern(size).CopyTo(bytes);
        head->State = BlockState.Published;
        head->Kind = (BlockKind)kind;
        head->Member = row;
        head->KeyLength = 5;
        byte[] before = bytes.ToArray();

        _table.Advance(TimeSpan.FromSeconds(1));
        PageScan scan = NewScan();
        Span<uint> ages = stackalloc uint[16];
        foreach (uint cutoff in new[] { 0u, 1u, PageScan.NoCutoff })
        {
            using EpochGuard guard = _table.Table.Enter();
            Assert.Equal(0, scan.Drop(guard, PageTable.PageOf(block), cutoff, TableCounter.Reclaimed, _table.Now));
            scan.SampleAges(guard, PageTable.PageOf(block), _table.Now, ages);
            Assert.True(scan.Empty(guard, PageTable.PageOf(block), evict: true, _table.Now), "it is not in the index, so it is no item");
        }

        Assert.Equal(before, new Span<byte>(head, size).ToArray());
    }

    [Fact]
    public void A_scan_sets_the_bounds_of_its_page_by_what_remains()
    {
        _table.Set("a", "v", _table.In(TimeSpan.FromSeconds(30)));
        uint stored = AccessStamp.At(_table.Now.UnixMilliseconds);
        _table.Set("b", "v", _table.In(TimeSpan.FromSeconds(20)));
        _table.Advance(TimeSpan.FromSeconds(10));
        _table.Set("c", "v", _table.In(TimeSpan.FromSeconds(1)));
        _table.Look("b");
        _table.Advance(TimeSpan.FromSeconds(1));
        using EpochGuard guard = _table.Table.Enter();
        Assert.Equal(1, NewScan().Drop(guard, 1, PageScan.NoCutoff, TableCounter.Reclaimed, _table.Now));
        PageTable pages = _table.Slabs.Pages;
        Assert.Equal(stored, pages.Oldest(1));
        Assert.Equal(_table.In(TimeSpan.FromSeconds(9)), pages.Deadline(1));
    }

    [Fact]
    public void A_page_of_which_nothing_remains_has_no_deadline()
    {
        _table.Set("a", "v", _table.In(TimeSpan.FromSeconds(1)));
        _table.Advance(TimeSpan.FromSeconds(1));
        using EpochGuard guard = _table.Table.Enter();
        NewScan().Drop(guard, 1, PageScan.NoCutoff, TableCounter.Reclaimed, _table.Now);
        Assert.Equal(BlockHeader.Never, _table.Slabs.Pages.Deadline(1));
    }

    [Fact]
    public void The_chunks_of_an_item_lead_to_it()
    {
        _table.Set("k", new byte[100_000], _table.In(TimeSpan.FromSeconds(1)));
        int chunks = Enumerable.Range(1, _table.Slabs.PagesEnd - 1).Last();
        _table.Advance(TimeSpan.FromSeconds(1));
        using EpochGuard guard = _table.Table.Enter();
        Assert.Equal(1, NewScan().Drop(guard, chunks, PageScan.NoCutoff, TableCounter.Reclaimed, _table.Now));
        Assert.Equal(LookupResult.Missing, _table.Table.TryGet(guard, "k"u8, _table.Now, out _));
    }

    [Fact]
    public void The_age_of_a_member_is_that_of_its_last_beat()
    {
        _table.Join("m");
        _table.Advance(TimeSpan.FromSeconds(1000));
        _table.Beat("m");
        _table.Advance(TimeSpan.FromSeconds(10));
        using EpochGuard guard = _table.Table.Enter();
        Span<uint> ages = stackalloc uint[1];
        int found;
        do
        {
            // A sample starts at a block chosen at random.
            found = NewScan().SampleAges(guard, 1, _table.Now, ages);
        }
        while (found == 0);
        Assert.Equal(10, AccessStamp.ToSeconds(ages[0]));
    }
}
