using LivenessEngine.Time;

namespace LivenessEngine.Table.State;

/// <summary>
/// Copies what another state file holds into the table, which is of another size: members first, and of the rest what there
/// is room for.
/// </summary>
internal sealed unsafe class CarryOver(TableCore core, StateFile state, SavedBlocks saved, Selection selection, SavedTimes seen)
{
    /// <summary>Returns how many blocks found no room.</summary>
    public long Run(in Moment now)
    {
        RunningValues former = saved.Image.Running.Present;
        RunningValues present = state.Image.Running.Present;
        state.Image.Running.Begin(former with { PagesEnd = present.PagesEnd, RowsEnd = present.RowsEnd });
        CopyGroups();
        long left = CopyBlocks(members: true, now) + CopyBlocks(members: false, now);
        state.ReplaceFormer();
        return left;
    }

    private void CopyGroups()
    {
        SavedGroups groups = saved.Image.Groups;
        byte[]?[] names = groups.Read();
        for (int number = 0; number < names.Length; number++)
        {
            if (names[number] is { } name)
            {
                state.Image.Groups.Write(number, name);
                state.Image.Groups.Hold(number, groups.HeldBefore(number));
            }
        }
    }

    private long CopyBlocks(bool members, in Moment now)
    {
        long left = 0;
        foreach (ulong block in selection.Blocks)
        {
            BlockHeader* head = saved.At(block);
            if (head->Member != 0 == members)
            {
                using EpochGuard guard = Epoch.Enter(core);
                left += TryCopy(guard, head, now) ? 0 : 1;
            }
        }

        return left;
    }

    private bool TryCopy(in EpochGuard guard, BlockHeader* head, in Moment now)
    {
        ReadOnlySpan<byte> key = HashIndex.KeyOf(head);
        uint hash = core.HashOf(key);
        ulong block = core.Store.Slabs.Allocate(guard.Slot, SizeClasses.ClassOf(BlockStore.HeadSizeOf(head)), overdraft: false);
        int row = block == 0 || head->Member == 0 ? 0 : core.Columns.Allocate(hash, saved.Image.Group[head->Member] - 1);
        if (block == 0 || (row == 0 && head->Member != 0) || !TryFill(guard, head, block, hash))
        {
            Discard(block, row);
            return false;
        }

        BlockHeader* copy = core.Store.At(block);
        copy->Member = row;
        if (row != 0)
        {
            core.Columns.Touch(row, seen.Of(head->Member));
            core.Columns.SetUp(row, (saved.Image.Up[head->Member >> 6] & (1UL << (head->Member & 63))) != 0);
        }

        if (core.Index.Find(guard, hash, key, out HashIndex.Position position)
            || !core.TryPublish(guard, position, block, head->LastAccess))
        {
            Discard(block, row);
            return false;
        }

        return true;
    }

    private void Discard(ulong block, int row)
    {
        core.Columns.Return(row);
        if (block != 0)
        {
            core.Store.Free(block);
        }
    }

    private bool TryFill(in EpochGuard guard, BlockHeader* head, ulong block, uint hash)
    {
        ReadOnlySpan<byte> key = HashIndex.KeyOf(head);
        NewItem item = core.Store.Begin(
            block, key, hash, head->Flags, head->Deadline, head->ValueLength, head->Kind == BlockKind.Chunked, head->Marks);
        BlockHeader* copy = core.Store.At(block);
        copy->Cas = head->Cas;
        copy->Heartbeat = head->Heartbeat;
        copy->HeartbeatTimeAt = head->HeartbeatTimeAt;
        copy->Fetched = head->Fetched;
        if ((head->Marks & ItemMarks.OwnVersion) != 0)
        {
            BlockStore.SetVersion(copy, BlockStore.VersionOf(head));
        }

        switch (head->Kind)
        {
            case BlockKind.Bare:
                copy->Kind = BlockKind.Bare;
                return true;
            case BlockKind.Inline:
                core.Store.AppendAll(ref item, BlockStore.InlineValue(head));
                return true;
            default:
                return TryFillChain(guard, head, ref item);
        }
    }

    private bool TryFillChain(in EpochGuard guard, BlockHeader* head, ref NewItem item)
    {
        ulong last = 0;
        for (ulong from = BlockStore.ChainOf(head); from != 0; from = saved.At(from)->Next)
        {
            ulong chunk = core.Store.Slabs.Allocate(guard.Slot, BlockStore.ChunkClass(item.Remaining), overdraft: false);
            if (chunk == 0)
            {
                return false;
            }

            core.Store.AddChunk(item.Block, last, chunk, item.Remaining);
            core.Store.AppendAll(ref item, BlockStore.ChunkValue(saved.At(from)));
            last = chunk;
        }

        return item.Remaining == 0;
    }
}
