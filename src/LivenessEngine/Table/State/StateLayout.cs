namespace LivenessEngine.Table.State;

/// <summary>
/// Where what stands in a state file, from how many pages and rows it has room for: header, running values, groups, page
/// words, member columns, blocks. The file is as long as all of it and sparse: only what is used takes space.
/// </summary>
/// <param name="Pages">Pages of blocks, page 0 included, which is never used.</param>
/// <param name="Rows">Rows of members, a multiple of 64.</param>
internal readonly record struct StateLayout(int Pages, int Rows)
{
    /// <summary>Sections start on a boundary that suits every size of memory page in use.</summary>
    public const int Boundary = 64 << 10;

    public const long GroupsAt = Boundary;

    public static long WordsAt => GroupsAt + Align(SavedGroups.Length);

    public long LastSeenAt => WordsAt + Align(Pages * (long)sizeof(int));

    public long GroupAt => LastSeenAt + Align(Rows * (long)sizeof(long));

    public long UpAt => GroupAt + Align(Rows * (long)sizeof(int));

    public long BlocksAt => UpAt + Align(Rows / 64 * (long)sizeof(ulong));

    public long FileLength => BlocksAt + (Pages * (long)SizeClasses.PageSize);

    /// <summary>The layout for a table with such options.</summary>
    public static StateLayout For(TableOptions options)
    {
        int pages = TableCore.PagesFor(Math.Max(options.MemoryReserve, options.MemoryLimit));
        return new StateLayout(pages + SlabAllocator.MaxOverdraft + 1, (TableCore.BlocksIn(pages) + 63) & ~63);
    }

    private static long Align(long bytes) => (bytes + Boundary - 1) & ~(long)(Boundary - 1);
}
