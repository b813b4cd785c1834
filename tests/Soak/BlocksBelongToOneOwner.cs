using System.Runtime.CompilerServices;
using LivenessEngine.Table;

namespace LivenessEngine.Soak;

/// <summary>
/// The allocator by itself, with so few pages that they go from class to class all the time: no byte has two owners, and no
/// block that is free is forgotten.
/// </summary>
public sealed unsafe class BlocksBelongToOneOwner
{
    private const int Limit = 6;

    private static readonly int[] Classes = [0, 7, 12, 19, SizeClasses.Count - 1];

    private readonly Region _memory = new((Limit + SlabAllocator.MaxOverdraft + 1L) * SizeClasses.PageSize);
    private readonly SlabAllocator _slabs;
    private long _stamp;

    public BlocksBelongToOneOwner()
        => _slabs = new SlabAllocator(_memory.Base, new PageTable(Limit + SlabAllocator.MaxOverdraft + 1), Limit);

    /// <summary>The words of a block but those of its head, which are the allocator's too.</summary>
    private Span<long> WordsOf(ulong block, int sizeClass)
        => new(_memory.Base + block + BlockHeader.Size, (SizeClasses.SizeOf(sizeClass) - BlockHeader.Size) / sizeof(long));

    [Fact]
    public void While_pages_go_from_class_to_class()
    {
        new SoakRun()
            .Repeat(5, random =>
            {
                int sizeClass = Classes[random.Next(Classes.Length)];
                int count = random.Next(1, 2 * SizeClasses.BlocksInPage(sizeClass));
                var blocks = new List<(ulong Block, long Stamp)>();
                for (int i = 0; i < Math.Min(count, 40); i++)
                {
                    ulong block = _slabs.Allocate(random.Next(4), sizeClass, overdraft: random.Next(8) == 0);
                    if (block == 0)
                    {
                        break;
                    }

                    long stamp = Interlocked.Increment(ref _stamp);
                    WordsOf(block, sizeClass).Fill(stamp);
                    blocks.Add((block, stamp));
                }

                if (random.Next(4) == 0)
                {
                    Thread.Yield();
                }

                foreach ((ulong block, long stamp) in blocks)
                {
                    if (WordsOf(block, sizeClass).IndexOfAnyExcept(stamp) >= 0)
                    {
                        throw new InvalidOperationException($"a block of class {sizeClass} has two owners");
                    }

                    _slabs.Free(block);
                }
            })
            .Repeat(1, random =>
            {
                // As the evictor does, of whatever page.
                int page = random.Next(1, _slabs.PagesEnd);
                if (_slabs.TryDrain(page))
                {
                    if (random.Next(2) == 0)
                    {
                        _slabs.FinishDrain(page);
                    }

                    Thread.SpinWait(random.Next(100));
                    _slabs.CancelDrain(page);
                }
            })
            .Run();
        MustKnowEveryFreeBlock();
    }

    // All of a class are taken: then no page of it has a free one.
    private void MustKnowEveryFreeBlock()
    {
        Assert.Equal(0, _slabs.PagesDraining);
        Assert.InRange(_slabs.PagesInUse, 0, Limit + _slabs.Overdraft);
        for (int page = 1; page < _slabs.PagesEnd; page++)
        {
            int word = _slabs.Pages.Word(page);
            int blocks = PageTable.StateIn(word) is PageState.Pooled ? 0 : SizeClasses.BlocksInPage(PageTable.ClassIn(word));
            Assert.Equal(blocks, _slabs.Pages.FreeBlocks(page));
        }

        _slabs.Limit = 0;
        var taken = new HashSet<ulong>();
        foreach (int sizeClass in Classes)
        {
            for (int stripe = 0; stripe < 8; stripe++)
            {
                for (ulong block; (block = _slabs.Allocate(stripe, sizeClass, overdraft: false)) != 0;)
                {
                    Assert.True(taken.Add(block));
                }
            }
        }

        for (int page = 1; page < _slabs.PagesEnd; page++)
        {
            Assert.Equal(0, _slabs.Pages.FreeBlocks(page));
        }

        Unsafe.SkipInit(out int _);
    }
}
