using System.Numerics;
using LivenessEngine.Table;

namespace LivenessEngine.Tests.Table;

public sealed unsafe class PageTableTests
{
    private readonly PageTable _pages = new(4);

    [Fact]
    public void A_word_tells_class_and_state()
    {
        foreach (PageState state in Enum.GetValues<PageState>())
        {
            for (int sizeClass = 0; sizeClass < SizeClasses.Count; sizeClass++)
            {
                _pages.Set(2, sizeClass, state);
                Assert.Equal(sizeClass, PageTable.ClassIn(_pages.Word(2)));
                Assert.Equal(state, PageTable.StateIn(_pages.Word(2)));
            }
        }
    }

    [Fact]
    public void A_state_changes_only_from_what_was_expected()
    {
        _pages.Set(1, 5, PageState.Current);
        Assert.False(_pages.TryChange(1, 4, PageState.Current, PageState.Detached));
        Assert.False(_pages.TryChange(1, 5, PageState.Detached, PageState.Draining));
        Assert.True(_pages.TryChange(1, 5, PageState.Current, PageState.Detached));
        Assert.Equal(PageTable.WordOf(5, PageState.Detached), _pages.Word(1));
    }

    [Fact]
    public void A_full_mask_has_one_bit_for_each_block()
    {
        for (int sizeClass = 0; sizeClass < SizeClasses.Count; sizeClass++)
        {
            int bits = 0;
            for (int word = 0; word < PageTable.MaskWords; word++)
            {
                ulong mask = PageTable.FullMask(sizeClass, word);
                Assert.True(BitOperations.IsPow2(mask + 1) || mask == ulong.MaxValue, "the bits stand at the low end");
                bits += BitOperations.PopCount(mask);
            }

            Assert.Equal(SizeClasses.BlocksInPage(sizeClass), bits);
        }
    }

    [Fact]
    public void Free_blocks_are_counted_over_all_words()
    {
        _pages.Mask(3)[0] = 5;
        _pages.Mask(3)[PageTable.MaskWords - 1] = 1UL << 63;
        Assert.Equal(3, _pages.FreeBlocks(3));
        Assert.Equal(0, _pages.FreeBlocks(2));
    }

    [Fact]
    public void A_deadline_is_only_lowered()
    {
        _pages.Deadline(1) = 100;
        _pages.LowerDeadline(1, 101);
        Assert.Equal(100, _pages.Deadline(1));
        _pages.LowerDeadline(1, 99);
        Assert.Equal(99, _pages.Deadline(1));
    }

    [Fact]
    public void The_columns_of_a_page_are_its_own()
    {
        for (int page = 0; page < 4; page++)
        {
            _pages.Set(page, page, PageState.Detached);
            _pages.Oldest(page) = (uint)page;
            _pages.Deadline(page) = page;
            new Span<ulong>(_pages.Mask(page), PageTable.MaskWords).Fill((ulong)page);
        }

        for (int page = 0; page < 4; page++)
        {
            Assert.Equal(PageTable.WordOf(page, PageState.Detached), _pages.Word(page));
            Assert.Equal((uint)page, _pages.Oldest(page));
            Assert.Equal(page, _pages.Deadline(page));
            Assert.All(new Span<ulong>(_pages.Mask(page), PageTable.MaskWords).ToArray(), word => Assert.Equal((ulong)page, word));
        }
    }
}
