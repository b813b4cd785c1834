using LivenessEngine.Time;

namespace LivenessEngine.Table;

/// <summary>
/// New versions made from the present one: another deadline (touch), another number (incr, decr). Like a store, each is
/// a new block published by one swap, so a touch is never lost to an incr at the same time, nor the other way round.
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
        in EpochGuard guard, ReadOnlySpan<byte> key, long deadline, bool revives, in Moment now, out ItemView item)
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

            if (!copy.Holds(BlockStore.HeadSizeOf(block)))
            {
                if (!copy.TryTake(guard, BlockStore.HeadSizeOf(block), key, now))
                {
                    return LookupResult.OutOfMemory;
                }

                continue;
            }

            _store.Copy(block, copy.Offset);
            _store.At(copy.Offset)->Deadline = deadline;
            if (core.TryPublish(guard, position, copy.Offset, AccessStamp.At(now.UnixMilliseconds)))
            {
                item = new ItemView(_store.At(copy.Offset));
                return Used(item.Block, now);
            }

            _store.LetChainGo(copy.Offset);
        }
    }

    /// <summary>Adds to or subtracts from a decimal value: up it wraps at 2^64, down it stops at 0.</summary>
    /// <remarks>A shorter number keeps the value's length, padded with spaces, as memcached does.</remarks>
    public ArithmeticResult TryAdd(
        in EpochGuard guard, ReadOnlySpan<byte> key, ulong delta, bool up, in Moment now, out ulong value, out ItemView item)
    {
        item = default;
        uint hash = core.HashOf(key);
        var fresh = new SpareBlock(core);
        Span<byte> digits = stackalloc byte[DecimalValue.MaxDigits];
        while (true)
        {
            core.Index.Find(guard, hash, key, out HashIndex.Position position);
            BlockHeader* block = position.Block;
            ArithmeticResult result = Read(block, now, out value);
            if (result != ArithmeticResult.Done)
            {
                fresh.Free();
                return result;
            }

            value = up ? value + delta : value - Math.Min(value, delta);
            int count = DecimalValue.Format(value, digits);
            int length = Math.Max(count, block->ValueLength);
            bool grows = count > block->ValueLength;
            int size = BlockStore.HeadSize(key.Length, length, out _);
            if (!fresh.Holds(size))
            {
                if (!fresh.TryTake(guard, size, key, now))
                {
                    return ArithmeticResult.OutOfMemory;
                }

                continue;
            }

            NewItem filling = _store.Begin(fresh.Offset, key, hash, block->Flags, block->Deadline, length, chunked: false);
            _store.Append(ref filling, digits[..count]);
            _store.Pad(ref filling, length - count);
            _store.Append(ref filling, "\r\n"u8);
            BlockHeader* head = _store.At(fresh.Offset);
            head->Member = block->Member;
            head->Cas = core.NextCas();
            if (core.TryPublish(guard, position, fresh.Offset, AccessStamp.At(now.UnixMilliseconds)))
            {
                if (grows)
                {
                    // memcached writes a number of the same length in place, and counts a longer one as a new item.
                    core.Counters.Add(TableCounter.TotalItems);
                }

                item = new ItemView(head);
                return ArithmeticResult.Done;
            }
        }
    }

    private ArithmeticResult Read(BlockHeader* block, in Moment now, out ulong value)
    {
        value = 0;
        if (core.Judge(block, now) != LookupResult.Found)
        {
            return ArithmeticResult.NotFound;
        }

        // 20 digits do not fill a block; a number in front of 32 KiB of spaces is none that anybody counts with.
        return block->Kind == BlockKind.Inline && DecimalValue.TryParse(BlockStore.InlineValue(block), out value)
            ? ArithmeticResult.Done
            : ArithmeticResult.NonNumeric;
    }

    private LookupResult Used(BlockHeader* block, in Moment now)
    {
        TableCore.MarkUsed(block, now);
        if (block->Member != 0)
        {
            core.Columns.Touch(block->Member, now.Liveness);
        }

        return LookupResult.Found;
    }
}
