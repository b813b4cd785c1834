using System.Runtime.InteropServices;

namespace LivenessEngine.Table.State;

/// <summary>Makes a table of the blocks of its own file: index, masks, bounds, counters, rows.</summary>
internal sealed unsafe class InPlace(TableCore core, SavedBlocks saved, Selection selection)
{
    private const int PagesAtOnce = 64;

    public void Resume(SavedTimes seen)
    {
        core.Index.Fill(CollectionsMarshal.AsSpan(selection.Blocks));
        Parallel.For(0, (saved.PagesEnd + PagesAtOnce - 1) / PagesAtOnce, TakePages);
        core.Store.Slabs.Resume(saved.PagesEnd);
        ResumeRows(seen);
    }

    private void TakePages(int batch)
    {
        int end = Math.Min((batch + 1) * PagesAtOnce, saved.PagesEnd);
        for (int page = Math.Max(batch * PagesAtOnce, 1); page < end; page++)
        {
            int sizeClass = saved.ClassOf(page);
            PageTable pages = core.Store.Slabs.Pages;
            pages.Oldest(page) = PageTable.NoBound;
            pages.Deadline(page) = BlockHeader.Never;
            if (sizeClass < 0)
            {
                pages.Set(page, 0, PageState.Pooled);
            }
            else
            {
                TakePage(page, sizeClass, pages.Mask(page));
            }
        }
    }

    private void TakePage(int page, int sizeClass, ulong* mask)
    {
        for (int i = 0; i < PageTable.MaskWords; i++)
        {
            mask[i] = PageTable.FullMask(sizeClass, i) & ~selection.Claimed.Words[(page * PageTable.MaskWords) + i];
        }

        for (int number = SizeClasses.BlocksInPage(sizeClass) - 1; number >= 0; number--)
        {
            ulong block = PageTable.OffsetOf(page, sizeClass, number);
            BlockHeader* head = saved.At(block);
            bool isFree = (mask[number >> 6] & (1UL << (number & 63))) != 0;
            if (!isFree && head->State == BlockState.Published)
            {
                core.CountRestored(block);
                if (head->Member != 0)
                {
                    core.Columns.Resume(head->Member, head->Hash);
                }
            }
            else if (isFree && head->State != BlockState.Free)
            {
                head->State = BlockState.Free;
            }
        }
    }

    private void ResumeRows(SavedTimes seen)
    {
        int end = saved.Image.Running.Present.RowsEnd;
        for (int row = 1; row < end; row++)
        {
            if (selection.Rows.Contains(row) && core.Columns.LastSeen(row) != seen.Of(row))
            {
                core.Columns.Touch(row, seen.Of(row));
            }
        }

        core.Columns.Resume(selection.Rows.Words, end);
    }
}
