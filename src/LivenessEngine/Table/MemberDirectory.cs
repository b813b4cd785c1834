using System.Runtime.CompilerServices;
using LivenessEngine.Time;

namespace LivenessEngine.Table;

/// <summary>
/// Members by key, by row and by handle. A member is a block in the index that carries a row of
/// <see cref="MemberColumns"/>, with or without an item.
/// </summary>
internal sealed unsafe class MemberDirectory(TableCore core)
{
    public MemberColumns Columns => core.Columns;

    /// <summary>Makes the key's name a member of the group, if it is none yet, and counts a beat.</summary>
    /// <param name="guard">The epoch.</param>
    /// <param name="key">The member's key.</param>
    /// <param name="group">The group's number.</param>
    /// <param name="now">Time of the request.</param>
    /// <param name="tenure">With the row it makes the handle of this member, for as long as it does not leave.</param>
    /// <returns>The member's row, or 0 when memory is used up.</returns>
    public int Join(in EpochGuard guard, ReadOnlySpan<byte> key, int group, in Moment now, out uint tenure)
    {
        tenure = 0;
        uint hash = core.HashOf(key);
        var spare = new SpareBlock(core);
        int row = 0;
        while (true)
        {
            core.Index.Find(guard, hash, key, out HashIndex.Position position);
            BlockHeader* present = position.Block;
            if (present != null && present->Member != 0)
            {
                // The tenure grows after the block is marked: it is this member's if the block is not marked yet. Read
                // later, it could be that of the next member in the row.
                tenure = Columns.Tenure(present->Member);
                if (!HashIndex.IsLive(present))
                {
                    continue;
                }

                spare.Free();
                Columns.Return(row);
                Columns.Touch(present->Member, now.Liveness);
                return present->Member;
            }

            int size = present != null ? BlockStore.HeadSizeOf(present) : BlockHeader.Size + key.Length;
            if (!spare.Holds(size))
            {
                row = row != 0 ? row : Columns.Allocate(hash, group);
                if (row == 0 || !spare.TryTake(guard, size, key, now))
                {
                    Columns.Return(row);
                    return 0;
                }

                continue;
            }

            if (present != null)
            {
                core.Store.Copy(present, spare.Offset);
            }
            else
            {
                core.Store.BeginBare(spare.Offset, key, hash);
                core.Store.At(spare.Offset)->Heartbeat = BlockHeader.NeverWritten;
            }

            core.Store.At(spare.Offset)->Member = row;
            tenure = Columns.Tenure(row);
            Columns.Touch(row, now.Liveness);
            if (core.TryPublish(guard, position, spare.Offset, AccessStamp.At(now.UnixMilliseconds)))
            {
                return row;
            }

            core.Store.LetChainGo(spare.Offset);
        }
    }

    /// <summary>The row of the member that the key names, 0 if it names none.</summary>
    public int Find(in EpochGuard guard, ReadOnlySpan<byte> key) => core.Index.LookupRow(guard, core.HashOf(key), key);

    /// <summary>A beat of a member found by key; false if the key names no member.</summary>
    public bool TryTouch(in EpochGuard guard, ReadOnlySpan<byte> key, long livenessNow)
    {
        int row = Find(guard, key);
        if (row != 0)
        {
            Columns.Touch(row, livenessNow);
        }

        return row != 0;
    }

    /// <summary>A beat through a handle: the row and its tenure when the member joined; false once it has left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTouch(int row, uint tenure, long livenessNow)
    {
        // Inside an epoch, so that the row is not given to another member between the look and the store. Nothing in
        // between can throw, and a finally would keep this from being inlined (bench HandleBench).
        EpochGuard guard = Epoch.Enter(core);
        bool present = Columns.Tenure(row) == tenure;
        if (present)
        {
            Columns.Touch(row, livenessNow);
        }

        guard.Dispose();
        return present;
    }

    /// <summary>Takes out the member that the key names, with its item; false if it names none.</summary>
    public bool TryRemove(in EpochGuard guard, ReadOnlySpan<byte> key)
    {
        while (core.Index.Find(guard, core.HashOf(key), key, out HashIndex.Position position) && position.Block->Member != 0)
        {
            if (core.TryRemove(guard, position))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The key of a row's member, empty if the row is no member's by now; valid inside the epoch.</summary>
    public ReadOnlySpan<byte> KeyOf(in EpochGuard guard, int row)
    {
        uint hash = Columns.Hash(row);
        BlockHeader* block = null;
        while ((block = core.Index.NextWith(guard, hash, block)) != null)
        {
            if (block->Member == row)
            {
                return HashIndex.KeyOf(block);
            }
        }

        return default;
    }

    /// <summary>Lets a departed member's row be used again, once no beat can be on its way to it.</summary>
    public void Retire(in EpochGuard guard, int row) => core.RetireRow(guard, row);
}
