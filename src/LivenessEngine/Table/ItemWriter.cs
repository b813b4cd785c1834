using System.Diagnostics;
using System.Runtime.CompilerServices;
using LivenessEngine.Time;

namespace LivenessEngine.Table;

/// <summary>
/// Stores, touches and counts: everything that puts a new version of an item under a key. A version is a block filled
/// in private and published by one swap, so a reader finds the old one or the new one, whole.
/// </summary>
internal sealed unsafe class ItemWriter(TableCore core, int maxItemSize)
{
    // memcached's header and cas and the key's NUL, and what it adds for flags that are not 0: what -I measures.
    private const int MemcachedOverhead = 48 + 8 + 1;
    private const int MemcachedFlags = 4;

    private readonly BlockStore _store = core.Store;

    /// <summary>Bytes of the largest item, as memcached counts them.</summary>
    public int MaxItemSize => maxItemSize;

    /// <summary>True when memcached with this item size limit (-I) would take such an item.</summary>
    public bool Fits(int keyLength, int valueLength, uint flags)
        => valueLength <= maxItemSize
            && MemcachedOverhead + keyLength + valueLength + BlockStore.CrLf + (flags != 0 ? MemcachedFlags : 0) <= maxItemSize;

    /// <summary>Prepares a new item; the caller appends the value with CRLF, and then commits or discards it.</summary>
    /// <param name="guard">The epoch.</param>
    /// <param name="key">The key.</param>
    /// <param name="flags">The client's 32 bits.</param>
    /// <param name="deadline">The deadline.</param>
    /// <param name="valueLength">Bytes of the value, without CRLF.</param>
    /// <param name="now">Time of the request.</param>
    /// <param name="item">The item.</param>
    /// <param name="marks">Its marks.</param>
    /// <param name="version">With <see cref="ItemMarks.OwnVersion"/>: the version that clients see.</param>
    public StoreResult TryBegin(
        in EpochGuard guard,
        ReadOnlySpan<byte> key,
        uint flags,
        long deadline,
        int valueLength,
        in Moment now,
        out NewItem item,
        ItemMarks marks = ItemMarks.None,
        ulong version = 0)
    {
        Debug.Assert(key.Length is > 0 and <= LivenessTable.MaxKeyLength, "callers check the key's length");
        item = default;
        if (!Fits(key.Length, valueLength, flags))
        {
            return StoreResult.TooLarge;
        }

        // What the commit will look at comes while the block is taken and filled.
        uint hash = core.HashOf(key);
        core.Index.Prefetch(hash);
        int size = BlockStore.HeadSize(key.Length, valueLength, out bool chunked, marks);
        ulong block = core.Allocate(guard, SizeClasses.ClassOf(size), key, now);
        if (block == 0)
        {
            return StoreResult.OutOfMemory;
        }

        item = _store.Begin(block, key, hash, flags, deadline, valueLength, chunked, marks);
        core.Index.PrefetchBlock(hash);
        if ((marks & ItemMarks.OwnVersion) != 0)
        {
            BlockStore.SetVersion(_store.At(block), version);
        }

        return StoreResult.Stored;
    }

    /// <summary>Appends bytes to the value of a new item, taking memory as they come.</summary>
    /// <returns><see cref="StoreResult.Stored"/>, or <see cref="StoreResult.OutOfMemory"/>: discard the item then.</returns>
    public StoreResult Append(in EpochGuard guard, ref NewItem item, ReadOnlySpan<byte> bytes, in Moment now)
    {
        while (!bytes.IsEmpty)
        {
            if (!_store.TryAdvance(ref item))
            {
                if (AddChunk(guard, item.Block, item.Chunk, item.Remaining, now) == 0)
                {
                    return StoreResult.OutOfMemory;
                }

                _store.TryAdvance(ref item);
            }

            bytes = bytes[_store.Append(ref item, bytes)..];
        }

        return StoreResult.Stored;
    }

    /// <summary>The value of a new item that has come whole, with its CRLF; empty where it is chunked.</summary>
    public ReadOnlySpan<byte> ValueOf(in NewItem item)
        => _store.At(item.Block)->Kind == BlockKind.Inline ? BlockStore.InlineValue(_store.At(item.Block)) : default;

    /// <summary>Says of a new item that it is a heartbeat; it counts as one if it is stored for a member.</summary>
    /// <param name="item">The item.</param>
    /// <param name="heartbeat">What kind, by the protocol's numbers; not 0.</param>
    /// <param name="timeAt">Where in the value its time stands.</param>
    /// <param name="skew">By how many milliseconds it arrived after that time.</param>
    public void MarkHeartbeat(ref NewItem item, byte heartbeat, int timeAt, int skew)
    {
        BlockHeader* block = _store.At(item.Block);
        block->Heartbeat = heartbeat;
        block->HeartbeatTimeAt = (ushort)timeAt;
        item.Skew = skew;
    }

    /// <summary>The key of a new item.</summary>
    public ReadOnlySpan<byte> KeyOf(in NewItem item) => HashIndex.KeyOf(_store.At(item.Block));

    /// <summary>A new item as its readers will find it.</summary>
    public ItemView ViewOf(in NewItem item) => new(_store.At(item.Block));

    /// <summary>Gives up a new item that was not committed.</summary>
    public void Discard(ref NewItem item)
    {
        if (item.Block != 0)
        {
            _store.Free(item.Block);
            item = default;
        }
    }

    /// <summary>Stores a new item, or discards it when the mode's condition does not hold.</summary>
    /// <param name="guard">The epoch.</param>
    /// <param name="item">The item; taken from the caller in any case, but for <see cref="NewItem.StoredLength"/>.</param>
    /// <param name="mode">How to treat what is there.</param>
    /// <param name="cas">The version that <see cref="StoreMode.Cas"/> expects; of append and prepend too, unless it is 0.</param>
    /// <param name="group">The group whose member the key names, or -1. A member's store is a heartbeat, except by cas.</param>
    /// <param name="now">Time of the request.</param>
    /// <param name="newCas">The version of what was stored, as clients see it.</param>
    /// <param name="takesOlder">Whether cas also stores over a later version than it expects: as a stale item then.</param>
    /// <param name="beats">False for a store that says nothing of a member's life; it leaves members alone.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public StoreResult Commit(
        in EpochGuard guard,
        ref NewItem item,
        StoreMode mode,
        ulong cas,
        int group,
        in Moment now,
        out ulong newCas,
        bool takesOlder = false,
        bool beats = true)
    {
        Debug.Assert(item.Remaining == 0, "the whole value and its CRLF have been appended");
        StoreResult result = mode is StoreMode.Append or StoreMode.Prepend or StoreMode.AppendOrAdd or StoreMode.PrependOrAdd
            ? Add(guard, ref item, mode, cas, group, now, out newCas, beats)
            : Put(guard, ref item, mode, cas, group, now, out newCas, takesOlder, beats);
        if (result != StoreResult.Stored)
        {
            Discard(ref item);
        }

        return result;
    }

    // append and prepend, and where there is nothing, and that is wanted, add. Somebody else may do so in between.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private StoreResult Add(
        in EpochGuard guard, ref NewItem item, StoreMode mode, ulong cas, int group, in Moment now, out ulong newCas, bool beats)
    {
        bool adds = mode is StoreMode.AppendOrAdd or StoreMode.PrependOrAdd;
        StoreResult result;
        do
        {
            result = Concatenate(guard, ref item, mode, cas, now, out newCas);
            if (result == StoreResult.NotStored && adds)
            {
                result = Put(guard, ref item, StoreMode.Add, cas: 0, group, now, out newCas, takesOlder: false, beats);
            }
        }
        while (result == StoreResult.NotStored && adds);
        return result;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private StoreResult Put(
        in EpochGuard guard,
        ref NewItem item,
        StoreMode mode,
        ulong cas,
        int group,
        in Moment now,
        out ulong newCas,
        bool takesOlder,
        bool beats)
    {
        BlockHeader* block = _store.At(item.Block);
        ReadOnlySpan<byte> key = HashIndex.KeyOf(block);
        uint hash = block->Hash;
        long deadline = block->Deadline;
        ItemMarks marks = block->Marks;
        block->Cas = core.NextCas();
        newCas = BlockStore.VersionOf(block);
        beats &= mode != StoreMode.Cas;
        int row = 0;
        do
        {
            core.Index.Find(guard, hash, key, out HashIndex.Position position);
            StoreResult condition = Check(mode, cas, position.Block, now, takesOlder, beats, out bool stale);
            if (condition != StoreResult.Stored)
            {
                core.Columns.Return(row);
                return condition;
            }

            if (takesOlder)
            {
                // What is stored over a later version lives as long as that, and whoever was to renew that is to renew this.
                block->Deadline = stale ? position.Block->Deadline : deadline;
                block->Marks = stale ? marks | ItemMarks.Stale | (position.Block->Marks & ItemMarks.Won) : marks;
            }

            block->Member = position.Block != null ? position.Block->Member : 0;
            if (block->Member == 0 && group >= 0 && beats)
            {
                row = row != 0 ? row : core.Columns.Allocate(hash, group);
                block->Member = row;
            }

            if (block->Member != 0 && beats)
            {
                core.Columns.Touch(block->Member, now.Liveness);
                if (block->Heartbeat != 0)
                {
                    core.Columns.SetSkew(block->Member, item.Skew);
                }
            }
            else if (block->Member == 0)
            {
                // No row was left for it: without a member there is no verdict.
                block->Heartbeat = 0;
            }

            if (core.TryPublish(guard, position, item.Block, AccessStamp.At(now.UnixMilliseconds)))
            {
                break;
            }
        }
        while (true);

        core.Columns.Return(row != block->Member ? row : 0);
        core.Counters.Add(TableCounter.TotalItems);
        item = default;
        item.StoredLength = block->ValueLength;
        return StoreResult.Stored;
    }

    private StoreResult Check(
        StoreMode mode, ulong cas, BlockHeader* present, in Moment now, bool takesOlder, bool beats, out bool stale)
    {
        LookupResult found = core.Judge(present, now);
        bool live = found == LookupResult.Found;
        stale = false;
        switch (mode)
        {
            case StoreMode.Add when live:
                TableCore.MarkRecent(present, now);
                return StoreResult.NotStored;

            // What says nothing of a member's life does not take its place either.
            case StoreMode.Add when !beats && present != null && present->Member != 0:
                return StoreResult.NotStored;

            // A member that is down replaces its heartbeat: it is there, and this is a sign of life.
            case StoreMode.Replace when !live && found != LookupResult.Down:
                return StoreResult.NotStored;
            case StoreMode.Cas when !live:
                return StoreResult.NotFound;
            case StoreMode.Cas when BlockStore.VersionOf(present) != cas:
                stale = takesOlder && cas != 0 && cas < BlockStore.VersionOf(present);
                return stale ? StoreResult.Stored : StoreResult.Exists;
            default:
                return StoreResult.Stored;
        }
    }

    // append and prepend: both values under the old item's flags and deadline. All memory is taken before the old item
    // is looked at for good, because taking memory may cost the epoch that keeps it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private StoreResult Concatenate(
        in EpochGuard guard, ref NewItem part, StoreMode mode, ulong cas, in Moment now, out ulong newCas)
    {
        ulong fresh = newCas = core.NextCas();
        bool behind = mode is StoreMode.Append or StoreMode.AppendOrAdd;
        BlockHeader* added = _store.At(part.Block);
        ReadOnlySpan<byte> key = HashIndex.KeyOf(added);
        uint hash = added->Hash;
        NewItem joined = default;
        StoreResult result = StoreResult.NotStored;
        while (core.Index.Find(guard, hash, key, out HashIndex.Position position)
            && core.Judge(position.Block, now) == LookupResult.Found)
        {
            BlockHeader* old = position.Block;
            if (cas != 0 && BlockStore.VersionOf(old) != cas)
            {
                result = StoreResult.Exists;
                break;
            }

            long length = (long)old->ValueLength + added->ValueLength;
            if (joined.Block == 0 || _store.At(joined.Block)->ValueLength != length)
            {
                Discard(ref joined);
                result = length > maxItemSize
                    ? StoreResult.TooLarge
                    : TryBeginWhole(guard, key, old->Flags, (int)length, now, out joined, MarksOf(old, added), BlockStore.VersionOf(added));
                if (result != StoreResult.Stored)
                {
                    break;
                }

                // To the next look at the old item, which making room may have cost.
                result = StoreResult.NotStored;
                continue;
            }

            Join(joined, old, behind ? old : added, behind ? added : old);
            BlockHeader* head = _store.At(joined.Block);
            head->Cas = fresh;
            newCas = BlockStore.VersionOf(head);
            if (core.TryPublish(guard, position, joined.Block, AccessStamp.At(now.UnixMilliseconds)))
            {
                core.Counters.Add(TableCounter.TotalItems);
                Discard(ref part);
                part = new NewItem { StoredLength = (int)length };
                return StoreResult.Stored;
            }
        }

        Discard(ref joined);
        return result;
    }

    // As memcached has it, the joined item is a new one: neither stale nor won.
    private static ItemMarks MarksOf(BlockHeader* old, BlockHeader* added)
        => (old->Marks & ItemMarks.BinaryKey) | (added->Marks & ItemMarks.OwnVersion);

    private void Join(NewItem joined, BlockHeader* old, BlockHeader* first, BlockHeader* second)
    {
        BlockHeader* head = _store.At(joined.Block);
        head->Flags = old->Flags;
        head->Deadline = old->Deadline;
        head->Member = old->Member;
        _store.AppendValue(ref joined, first);
        _store.AppendValue(ref joined, second);
        _store.AppendAll(ref joined, "\r\n"u8);
    }

    // With all the chunks that it needs.
    private StoreResult TryBeginWhole(
        in EpochGuard guard, ReadOnlySpan<byte> key, uint flags, int valueLength, in Moment now, out NewItem item, ItemMarks marks, ulong version)
    {
        StoreResult result = TryBegin(guard, key, flags, BlockHeader.Never, valueLength, now, out item, marks, version);
        if (result != StoreResult.Stored || _store.At(item.Block)->Kind != BlockKind.Chunked)
        {
            return result;
        }

        ulong last = 0;
        for (int remaining = item.Remaining; remaining > 0; remaining -= _store.At(last)->ValueLength)
        {
            last = AddChunk(guard, item.Block, last, remaining, now);
            if (last == 0)
            {
                Discard(ref item);
                return StoreResult.OutOfMemory;
            }
        }

        return StoreResult.Stored;
    }

    private ulong AddChunk(in EpochGuard guard, ulong head, ulong last, int remaining, in Moment now)
    {
        ulong chunk = core.Allocate(guard, BlockStore.ChunkClass(remaining), default, now);
        if (chunk != 0)
        {
            _store.AddChunk(head, last, chunk, remaining);
        }

        return chunk;
    }
}
