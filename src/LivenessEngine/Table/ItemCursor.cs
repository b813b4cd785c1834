namespace LivenessEngine.Table;

/// <summary>A place in a walk over all items, page by page: kept between epochs, so that a long walk holds nothing up.</summary>
/// <param name="sizeClass">The class to walk over, or -1 for all.</param>
internal unsafe struct ItemCursor(int sizeClass)
{
    /// <summary>How many blocks are looked at in vain before others get their turn.</summary>
    public const int MostInVain = 4096;

    private int _page = 1;
    private int _number;

    /// <summary>Whether everything was walked over.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>
    /// The next block that may be an item's head; a hint, as everything that is read from a page. False: that was the last,
    /// or there was none for too long.
    /// </summary>
    /// <param name="store">Whose blocks.</param>
    /// <param name="inVain">How many have been looked at in vain.</param>
    /// <param name="block">The block.</param>
    public bool TryStep(BlockStore store, ref int inVain, out BlockHeader* block)
    {
        block = null;
        PageTable pages = store.Slabs.Pages;
        for (; _page < store.Slabs.PagesEnd; _page++, _number = 0)
        {
            int word = pages.Word(_page);
            int pageClass = PageTable.ClassIn(word);
            if (PageTable.StateIn(word) is PageState.Fresh or PageState.Pooled || (sizeClass >= 0 && sizeClass != pageClass))
            {
                continue;
            }

            while (_number < SizeClasses.BlocksInPage(pageClass))
            {
                BlockHeader* next = store.At(PageTable.OffsetOf(_page, pageClass, _number++));
                if (next->State == BlockState.Published)
                {
                    block = next;
                    return true;
                }

                if (++inVain >= MostInVain)
                {
                    return false;
                }
            }
        }

        IsAtEnd = true;
        return false;
    }
}
