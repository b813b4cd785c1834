using LivenessEngine.Table;

namespace LivenessEngine.Tests.Table;

public sealed unsafe class SlabAllocatorTests
{
    private const int Limit = 4;

    // The overdraft is 4 pages at the least.
    private const int Overdraft = 4;

    private readonly Region _memory = new((Limit + SlabAllocator.MaxOverdraft + 1L) * SizeClasses.PageSize);
    private readonly SlabAllocator _slabs;

    public SlabAllocatorTests()
        => _slabs = new SlabAllocator(_memory.Base, new PageTable(Limit + SlabAllocator.MaxOverdraft + 1), Limit);

    private static int Largest => SizeClasses.Count - 1;

    private List<ulong> TakeAll(int sizeClass, bool overdraft = false)
    {
        var blocks = new List<ulong>();
        for (ulong block; (block = _slabs.Allocate(0, sizeClass, overdraft)) != 0;)
        {
            blocks.Add(block);
        }

        return blocks;
    }

    private BlockState StateOf(ulong block) => ((BlockHeader*)(_memory.Base + block))->State;

    [Fact]
    public void A_block_is_pending_and_then_free()
    {
        ulong block = _slabs.Allocate(0, 0, overdraft: false);
        Assert.Equal(BlockState.Pending, StateOf(block));
        _slabs.Free(block);
        Assert.Equal(BlockState.Free, StateOf(block));
    }

    [Fact]
    public void No_block_has_offset_0()
        => Assert.True(_slabs.Allocate(0, 0, overdraft: false) >= SizeClasses.PageSize);

    [Fact]
    public void Every_class_gives_all_blocks_of_its_pages_none_of_which_overlap()
    {
        for (int sizeClass = 0; sizeClass < SizeClasses.Count; sizeClass++)
        {
            List<ulong> blocks = TakeAll(sizeClass);
            Assert.Equal(Limit * SizeClasses.BlocksInPage(sizeClass), blocks.Count);
            blocks.Sort();
            for (int i = 1; i < blocks.Count; i++)
            {
                Assert.True(blocks[i] - blocks[i - 1] >= (ulong)SizeClasses.SizeOf(sizeClass), "blocks overlap");
            }

            blocks.ForEach(_slabs.Free);
            Assert.Equal(0, _slabs.PagesInUse);
        }
    }

    [Fact]
    public void The_limit_holds_and_the_overdraft_goes_beyond_it()
    {
        Assert.Equal(Overdraft, _slabs.Overdraft);
        Assert.Equal(Limit * 2, TakeAll(Largest).Count);
        Assert.Equal(Limit, _slabs.PagesInUse);
        Assert.Equal(Overdraft * 2, TakeAll(Largest, overdraft: true).Count);
        Assert.Equal(Limit + Overdraft, _slabs.PagesInUse);
        Assert.Equal(0ul, _slabs.Allocate(0, Largest, overdraft: true));
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(256, 4)]
    [InlineData(320, 5)]
    [InlineData(1024, 16)]
    [InlineData(1 << 20, SlabAllocator.MaxOverdraft)]
    public void The_overdraft_is_a_64th_within_bounds(int limit, int overdraft)
    {
        _slabs.Limit = limit;
        Assert.Equal(overdraft, _slabs.Overdraft);
    }

    [Fact]
    public void A_block_that_came_back_is_taken_again()
    {
        List<ulong> blocks = TakeAll(0);
        _slabs.Free(blocks[777]);
        Assert.Equal(blocks[777], _slabs.Allocate(0, 0, overdraft: false));
        Assert.Equal(0ul, _slabs.Allocate(0, 0, overdraft: false));
    }

    [Fact]
    public void Blocks_of_full_pages_come_back_into_use_whatever_their_order()
    {
        ulong[] blocks = [.. TakeAll(10)];
        for (int round = 0; round < 20; round++)
        {
            new Random(round).Shuffle(blocks);
            int some = blocks.Length / 3;
            Array.ForEach(blocks[..some], _slabs.Free);
            List<ulong> again = TakeAll(10);
            Assert.Equal(blocks[..some].Order(), again.Order());
        }
    }

    [Fact]
    public void An_empty_page_changes_its_class()
    {
        foreach (ulong block in TakeAll(0))
        {
            _slabs.Free(block);
        }

        Assert.Equal(0, _slabs.PagesInUse);
        Assert.Equal(Limit * SizeClasses.BlocksInPage(7), TakeAll(7).Count);
        Assert.Equal(Limit, _slabs.PagesInUse);
        Assert.Equal(Limit + 1, _slabs.PagesEnd);
    }

    [Fact]
    public void In_a_page_of_a_new_class_every_block_reads_as_free()
    {
        // Bytes of the old class that lie where the heads of the new one come to lie.
        List<ulong> blocks = TakeAll(3);
        foreach (ulong block in blocks)
        {
            new Span<byte>(_memory.Base + block + BlockHeader.Size, SizeClasses.SizeOf(3) - BlockHeader.Size).Fill((byte)BlockState.Published);
        }

        blocks.ForEach(_slabs.Free);
        ulong first = _slabs.Allocate(0, 8, overdraft: false);
        int page = PageTable.PageOf(first);
        for (int number = 0; number < SizeClasses.BlocksInPage(8); number++)
        {
            ulong block = PageTable.OffsetOf(page, 8, number);
            Assert.Equal(block == first ? BlockState.Pending : BlockState.Free, StateOf(block));
        }
    }

    [Fact]
    public void Nothing_is_taken_from_a_page_that_drains()
    {
        ulong block = _slabs.Allocate(0, Largest, overdraft: false);
        int page = PageTable.PageOf(block);
        Assert.True(_slabs.TryDrain(page));
        Assert.Equal(1, _slabs.PagesDraining);
        Assert.NotEqual(page, PageTable.PageOf(_slabs.Allocate(0, Largest, overdraft: false)));
    }

    [Fact]
    public void A_page_that_drains_is_not_finished_before_its_last_block_is_back()
    {
        ulong block = _slabs.Allocate(0, Largest, overdraft: false);
        int page = PageTable.PageOf(block);
        _slabs.TryDrain(page);
        _slabs.FinishDrain(page);
        Assert.Equal(PageState.Draining, PageTable.StateIn(_slabs.Pages.Word(page)));
        Assert.Equal(1, _slabs.PagesInUse);

        _slabs.Free(block);
        Assert.Equal(PageState.Pooled, PageTable.StateIn(_slabs.Pages.Word(page)));
        Assert.Equal(0, _slabs.PagesInUse);
        Assert.Equal(0, _slabs.PagesDraining);
        Assert.Equal(page, PageTable.PageOf(_slabs.Allocate(0, 0, overdraft: false)));
    }

    [Fact]
    public void A_page_whose_draining_was_cancelled_is_used_again()
    {
        List<ulong> blocks = TakeAll(Largest);
        int page = PageTable.PageOf(blocks[0]);
        Assert.True(_slabs.TryDrain(page));
        _slabs.Free(blocks[0]);
        Assert.Equal(0ul, _slabs.Allocate(0, Largest, overdraft: false));
        _slabs.CancelDrain(page);
        Assert.Equal(0, _slabs.PagesDraining);
        Assert.Equal(blocks[0], _slabs.Allocate(0, Largest, overdraft: false));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_page_not_in_use_does_not_drain(bool pooled)
    {
        ulong block = _slabs.Allocate(0, 0, overdraft: false);
        int page = PageTable.PageOf(block);
        if (pooled)
        {
            _slabs.TryDrain(page);
            _slabs.Free(block);
        }

        Assert.False(_slabs.TryDrain(pooled ? page : page + 1));
        Assert.Equal(0, _slabs.PagesDraining);
    }

    [Fact]
    public void A_page_drains_once_at_a_time()
    {
        int page = PageTable.PageOf(_slabs.Allocate(0, 0, overdraft: false));
        Assert.True(_slabs.TryDrain(page));
        Assert.False(_slabs.TryDrain(page));
        Assert.Equal(1, _slabs.PagesDraining);
    }

    [Fact]
    public void Lowering_the_limit_takes_nothing_away_but_gives_nothing_more()
    {
        List<ulong> blocks = TakeAll(Largest);
        _slabs.Limit = 2;
        Assert.Equal(Limit, _slabs.PagesInUse);
        blocks[..4].ForEach(_slabs.Free);
        Assert.Equal(2, _slabs.PagesInUse);
        Assert.Equal(0ul, _slabs.Allocate(0, Largest, overdraft: false));
    }

    [Fact]
    public void Traffic_of_any_classes_never_loses_a_page()
    {
        var random = new Random(1);
        var live = new List<ulong>();
        for (int i = 0; i < 200_000; i++)
        {
            ulong block = random.Next(3) != 0 ? _slabs.Allocate(random.Next(64), random.Next(SizeClasses.Count), overdraft: false) : 0;
            if (block != 0)
            {
                live.Add(block);
            }
            else if (live.Count > 0)
            {
                int victim = random.Next(live.Count);
                _slabs.Free(live[victim]);
                live[victim] = live[^1];
                live.RemoveAt(live.Count - 1);
            }
        }

        live.ForEach(_slabs.Free);
        foreach (int page in Enumerable.Range(1, _slabs.PagesEnd - 1).Where(page => _slabs.TryDrain(page)))
        {
            _slabs.FinishDrain(page);
        }

        Assert.Equal(0, _slabs.PagesInUse);
        Assert.Equal(Limit * 2, TakeAll(Largest).Count);
    }
}
