namespace LivenessEngine.Table;

/// <summary>A place in a walk over all items, page by page: kept between epochs, so that a long walk holds nothing up.</summary>
/// <param name="sizeClass">The class to walk over, or -1 for all.</param>
internal unsafe struct ItemCursor(int sizeClass)
{
    private int _page = 1;
    private int _number;

    /// <summary>The next block that may be an item's head; a hint, as everything that is read from a page.</summary>
    public bool TryStep(BlockStore store, out BlockHeader* block)
    {
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
                block = store.At(PageTable.OffsetOf(_page, pageClass, _number++));
                if (block->State == BlockState.Published)
                {
                    return true;
                }
            }
        }

        block = null;
        return false;
    }
}
