namespace LivenessEngine.Table.State;

/// <summary>A look at every block of a state file, on all cores: which may have been in the index. Changes nothing.</summary>
internal sealed unsafe class Survey
{
    private const int PagesAtOnce = 64;

    private readonly Lock _gate = new();
    private readonly List<uint> _orders = [];
    private readonly List<ulong> _blocks = [];
    private readonly List<(ulong Replacement, ulong Block)> _replaced = [];

    private Survey()
    {
    }

    /// <summary>Offsets of sound blocks, in the order of the list (<see cref="Orders"/>).</summary>
    public ulong[] Blocks { get; private set; } = [];

    public uint[] Orders { get; private set; } = [];

    /// <summary>Blocks that are deleted or replaced, and where their links led then: to the replacement, if there was one.</summary>
    public IReadOnlyList<(ulong Replacement, ulong Block)> Replaced => _replaced;

    /// <summary>Blocks, and pages of no known class, that are damaged.</summary>
    public long Damaged { get; private set; }

    public static Survey Of(SavedBlocks saved)
    {
        var survey = new Survey();
        int batches = (saved.PagesEnd + PagesAtOnce - 1) / PagesAtOnce;
        Parallel.For(0, batches, () => new Survey(), (batch, _, part) => part.Look(saved, batch), survey.Add);
        survey.Blocks = [.. survey._blocks];
        survey.Orders = [.. survey._orders];
        Array.Sort(survey.Orders, survey.Blocks);
        return survey;
    }

    private Survey Look(SavedBlocks saved, int batch)
    {
        int from = Math.Max(batch * PagesAtOnce, 1);
        int end = Math.Min((batch + 1) * PagesAtOnce, saved.PagesEnd);
        NativeFile.Populate((byte*)saved.At((ulong)from << SizeClasses.PageShift), (long)(end - from) << SizeClasses.PageShift);
        for (int page = from; page < end; page++)
        {
            int sizeClass = saved.ClassOf(page);
            for (int i = sizeClass < 0 ? -1 : SizeClasses.BlocksInPage(sizeClass) - 1; i >= 0; i--)
            {
                Look(saved, PageTable.OffsetOf(page, sizeClass, i), SizeClasses.SizeOf(sizeClass));
            }
        }

        return this;
    }

    private void Look(SavedBlocks saved, ulong block, int size)
    {
        BlockHeader* head = saved.At(block);
        if (head->State != BlockState.Published)
        {
            return;
        }

        if (Link.IsMarked(head->Next))
        {
            if (!Link.IsBucket(head->Next))
            {
                _replaced.Add((Link.OffsetOf(head->Next), block));
            }
        }
        else if (saved.IsSound(head, size))
        {
            _orders.Add(Link.OrderOf(head->Hash));
            _blocks.Add(block);
        }
        else
        {
            Damaged++;
        }
    }

    private void Add(Survey part)
    {
        lock (_gate)
        {
            _orders.AddRange(part._orders);
            _blocks.AddRange(part._blocks);
            _replaced.AddRange(part._replaced);
            Damaged += part.Damaged;
        }
    }
}
