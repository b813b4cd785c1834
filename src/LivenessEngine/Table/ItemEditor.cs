using System.Runtime.CompilerServices;
using LivenessEngine.Time;

namespace LivenessEngine.Table;

/// <summary>
/// New versions made from the present one: another deadline (touch), another number (incr, decr), other marks (stale, won).
/// Like a store, each is a new block published by one swap, so a touch is never lost to an incr at the same time, nor the
/// other way round, and of all who could win a stale item one does.
/// </summary>
internal sealed unsafe class ItemEditor(TableCore core)
{
    private readonly BlockStore _store = core.Store;

    /// <summary>Gives an item another deadline. On a member it is a heartbeat.</summary>
    /// <param name="guard">The epoch.</param>
    /// <param name="key">The item's key.</param>
    /// <param name="deadline">The deadline.</param>
    /// <param name="revives">Whether the heartbeat of a member that is down is found too: it comes up then.</param>
    /// <param name="now">Time of the request.</param>
    /// <param name="item">The item.</param>
    public LookupResult TryTouch(
        in EpochGuard guard, ReadOnlySpan<byte> key, long deadline, bool revives, scoped in Moment now, out ItemView item)
    {
        uint hash = core.HashOf(key);
        var copy = new SpareBlock(core);
        while (true)
        {
            core.Index.Find(guard, hash, key, out HashIndex.Position position);
            BlockHeader* block = position.Block;
            item = new ItemView(block);
            LookupResult result = core.Judge(block, now);
            result = revives && result == LookupResult.Down ? LookupResult.Found : result;
            if (result != LookupResult.Found || block->Deadline == deadline)
            {
                copy.Free();
                return result == LookupResult.Found ? Used(block, now) : result;
            }

            switch (TryAmend(guard, position, ref copy, deadline, block->Marks, version: null, AccessStamp.At(now.UnixMilliseconds), now))
            {
                case Amended.Done:
                    item = new ItemView(_store.At(copy.Offset));
                    return Used(item.Block, now);
                case Amended.OutOfMemory:
                    return LookupResult.OutOfMemory;
            }
        }
    }

    /// <summary>Reads an item, and does to it on the way what the visit asks for.</summary>
    /// <param name="guard">The epoch.</param>
    /// <param name="key">The item's key.</param>
    /// <param name="visit">What to do; gets to know what there was.</param>
    /// <param name="now">Time of the request.</param>
    /// <param name="item">The item as it is now.</param>
    public LookupResult TryVisit(in EpochGuard guard, ReadOnlySpan<byte> key, scoped ref Visit visit, in Moment now, out ItemView item)
    {
        uint hash = core.HashOf(key);
        var copy = new SpareBlock(core);
        while (true)
        {
            core.Index.Find(guard, hash, key, out HashIndex.Position position);
            item = new ItemView(position.Block);
            LookupResult result = core.Judge(position.Block, now);
            if (result != LookupResult.Found || !visit.Changes(item, now))
            {
                copy.Free();
                return result == LookupResult.Found ? Visited(item.Block, visit, now) : result;
            }

            uint stamp = visit.LeavesNoTrace ? visit.LastAccess : AccessStamp.At(now.UnixMilliseconds);
            switch (TryAmend(guard, position, ref copy, visit.Deadline, visit.Marks, version: null, stamp, now))
            {
                case Amended.Done:
                    item = new ItemView(_store.At(copy.Offset));
                    return Visited(item.Block, visit, now);
                case Amended.OutOfMemory when visit.SetsDeadline:
                    return LookupResult.OutOfMemory;
                case Amended.OutOfMemory:
                    // Nobody can be told to renew it: it is read as it is.
                    visit.MayWin = false;
                    break;
            }
        }
    }

    /// <summary>Marks an item stale or takes its value away. A member stays, and is not heard by that.</summary>
    public LookupResult TryInvalidate(
        in EpochGuard guard, ReadOnlySpan<byte> key, in Invalidation order, in Moment now, out ItemView item)
    {
        uint hash = core.HashOf(key);
        var copy = new SpareBlock(core);
        while (true)
        {
            core.Index.Find(guard, hash, key, out HashIndex.Position position);
            BlockHeader* block = position.Block;
            item = new ItemView(block);
            LookupResult result = core.Judge(block, now);
            if (result == LookupResult.Found && order.Expected is not null && item.Cas != order.Expected)
            {
                result = LookupResult.Changed;
            }

            if (result != LookupResult.Found)
            {
                copy.Free();
                return result;
            }

            Amended amended = order.RemovesValue
                ? TryEmpty(guard, position, ref copy, order, now)
                : TryAmend(
                    guard,
                    position,
                    ref copy,
                    order.SetsDeadline ? order.Deadline : block->Deadline,
                    (block->Marks & ~ItemMarks.Won) | ItemMarks.Stale | ItemMarks.OwnVersion,
                    order.Version ?? core.NextCas(),
                    block->LastAccess,
                    now);
            if (amended != Amended.LookAgain)
            {
                item = amended == Amended.Done ? new ItemView(_store.At(copy.Offset)) : default;
                return amended == Amended.Done ? LookupResult.Found : LookupResult.OutOfMemory;
            }
        }
    }

    /// <summary>Adds to or subtracts from a decimal value: up it wraps at 2^64, down it stops at 0.</summary>
    /// <remarks>A shorter number keeps the value's length, padded with spaces, as memcached does.</remarks>
    public ArithmeticResult TryAdd(
        in EpochGuard guard, ReadOnlySpan<byte> key, ulong delta, bool up, in Moment now, out ulong value, out ItemView item)
    {
        // Field by field: what is written in pieces and copied at once makes the processor wait.
        Sum sum = default;
        sum.Delta = delta;
        sum.Up = up;
        ArithmeticResult result = TryAdd(guard, key, ref sum, now, out item);
        value = sum.Value;
        return result;
    }

    /// <inheritdoc cref="TryAdd(in EpochGuard, ReadOnlySpan{byte}, ulong, bool, in Moment, out ulong, out ItemView)"/>
    public ArithmeticResult TryAdd(in EpochGuard guard, ReadOnlySpan<byte> key, scoped ref Sum sum, in Moment now, out ItemView item)
    {
        item = default;
        uint hash = core.HashOf(key);
        var fresh = new SpareBlock(core);
        Span<byte> digits = stackalloc byte[DecimalValue.MaxDigits];
        while (true)
        {
            core.Index.Find(guard, hash, key, out HashIndex.Position position);
            BlockHeader* block = position.Block;
            ArithmeticResult result = Read(block, sum.Expected, now, out ulong value);
            if (result != ArithmeticResult.Done)
            {
                fresh.Free();
                return result;
            }

            sum.Apply(value);
            int count = DecimalValue.Format(sum.Value, digits);
            int length = Math.Max(count, block->ValueLength);
            bool grows = count > block->ValueLength;

            // memcached writes a number of the same length in place, and counts a longer one as a new item.
            ItemMarks marks = (grows ? block->Marks & ItemMarks.BinaryKey : block->Marks & ~ItemMarks.OwnVersion)
                | (sum.Version is null ? ItemMarks.None : ItemMarks.OwnVersion);
            int size = BlockStore.HeadSize(key.Length, length, out _, marks);
            if (!fresh.Holds(size))
            {
                if (!fresh.TryTake(guard, size, key, now))
                {
                    return ArithmeticResult.OutOfMemory;
                }

                continue;
            }

            sum.FormerDeadline = block->Deadline;
            NewItem filling = _store.Begin(
                fresh.Offset, key, hash, block->Flags, sum.Deadline ?? block->Deadline, length, chunked: false, marks);
            _store.Append(ref filling, digits[..count]);
            _store.Pad(ref filling, length - count);
            _store.Append(ref filling, "\r\n"u8);
            BlockHeader* head = _store.At(fresh.Offset);
            head->Member = block->Member;
            head->Fetched = grows ? (byte)0 : block->Fetched;
            head->Cas = core.NextCas();
            SetVersion(head, sum.Version);
            if (core.TryPublish(guard, position, fresh.Offset, AccessStamp.At(now.UnixMilliseconds)))
            {
                if (grows)
                {
                    core.Counters.Add(TableCounter.TotalItems);
                }

                item = new ItemView(head);
                return ArithmeticResult.Done;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ArithmeticResult Read(BlockHeader* block, ulong expected, in Moment now, out ulong value)
    {
        value = 0;
        if (core.Judge(block, now) != LookupResult.Found)
        {
            return ArithmeticResult.NotFound;
        }

        // As memcached does, before the version is looked at.
        if (block->ValueLength == 0)
        {
            return ArithmeticResult.NonNumeric;
        }

        // 20 digits do not fill a block; a number in front of 32 KiB of spaces is none that anybody counts with.
        return expected != 0 && BlockStore.VersionOf(block) != expected ? ArithmeticResult.Changed
            : block->Kind != BlockKind.Inline ? ArithmeticResult.NonNumeric
            : DecimalValue.TryParse(BlockStore.InlineValue(block), out value) ? ArithmeticResult.Done
            : ArithmeticResult.NonNumeric;
    }

    // Puts a copy with another deadline, other marks and, if these say so for the first time, a version of its own in place
    // of the block. A version of the block's own goes on, unless the marks ask for another.
    private Amended TryAmend(
        in EpochGuard guard,
        in HashIndex.Position position,
        ref SpareBlock copy,
        long deadline,
        ItemMarks marks,
        ulong? version,
        uint stamp,
        in Moment now)
    {
        BlockHeader* block = position.Block;
        bool hasOwn = (block->Marks & ItemMarks.OwnVersion) != 0;
        int size = BlockStore.HeadSizeOf(block) + (!hasOwn && (marks & ItemMarks.OwnVersion) != 0 ? sizeof(ulong) : 0);
        if (!copy.Holds(size))
        {
            return copy.TryTake(guard, size, HashIndex.KeyOf(block), now) ? Amended.LookAgain : Amended.OutOfMemory;
        }

        _store.Copy(block, copy.Offset);
        BlockHeader* head = _store.At(copy.Offset);
        head->Deadline = deadline;
        head->Marks = marks;
        SetVersion(head, version);
        if (core.TryPublish(guard, position, copy.Offset, stamp))
        {
            return Amended.Done;
        }

        _store.LetChainGo(copy.Offset);
        return Amended.LookAgain;
    }

    // Puts an item without a value in place of the block, under the version that it had unless it is to be stale.
    private Amended TryEmpty(
        in EpochGuard guard, in HashIndex.Position position, ref SpareBlock copy, in Invalidation order, in Moment now)
    {
        BlockHeader* block = position.Block;
        ReadOnlySpan<byte> key = HashIndex.KeyOf(block);
        ulong? version = order.Version ?? (order.MarksStale ? null : BlockStore.VersionOf(block));
        ItemMarks marks = (order.IsBinaryKey ? ItemMarks.BinaryKey : ItemMarks.None)
            | (order.MarksStale ? ItemMarks.Stale : ItemMarks.None)
            | (version is null ? ItemMarks.None : ItemMarks.OwnVersion);
        int size = BlockStore.HeadSize(key.Length, valueLength: 0, out _, marks);
        if (!copy.Holds(size))
        {
            return copy.TryTake(guard, size, key, now) ? Amended.LookAgain : Amended.OutOfMemory;
        }

        NewItem empty = _store.Begin(
            copy.Offset, key, block->Hash, order.Flags, order.SetsDeadline ? order.Deadline : BlockHeader.Never, 0, chunked: false, marks);
        _store.Append(ref empty, "\r\n"u8);
        BlockHeader* head = _store.At(copy.Offset);
        head->Member = block->Member;
        head->Cas = core.NextCas();
        SetVersion(head, version);
        if (!core.TryPublish(guard, position, copy.Offset, AccessStamp.At(now.UnixMilliseconds)))
        {
            return Amended.LookAgain;
        }

        core.Counters.Add(TableCounter.TotalItems);
        return Amended.Done;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SetVersion(BlockHeader* head, ulong? version)
    {
        if (version is not null)
        {
            BlockStore.SetVersion(head, version.Value);
        }
    }

    private LookupResult Visited(BlockHeader* block, in Visit visit, in Moment now)
    {
        if (visit.SetsDeadline)
        {
            // A member's deadline is set by who lives.
            return visit.LeavesNoTrace ? Heard(block, now) : Used(block, now);
        }

        if (!visit.LeavesNoTrace)
        {
            TableCore.MarkUsed(block, now);
        }

        return LookupResult.Found;
    }

    private LookupResult Used(BlockHeader* block, in Moment now)
    {
        TableCore.MarkUsed(block, now);
        return Heard(block, now);
    }

    private LookupResult Heard(BlockHeader* block, in Moment now)
    {
        if (block->Member != 0)
        {
            core.Columns.Touch(block->Member, now.Liveness);
        }

        return LookupResult.Found;
    }
}
