using System.Runtime.CompilerServices;
using LivenessEngine.Memcached.Server.Watching;
using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Memcached.Server;

/// <summary>
/// What commands change in what is stored, whatever protocol they come by: heartbeats, counters and what becomes of a failure
/// are settled here, replies elsewhere. A store or touch under a member's key is its heartbeat.
/// </summary>
internal sealed class Updates(ServerContext server)
{
    private readonly LivenessTable _table = server.Table;

    /// <summary>Takes memory for a new item; its value follows.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="exptime">As the client sent it.</param>
    /// <param name="valueLength">Bytes of the value, without CRLF.</param>
    /// <param name="marks">Its marks.</param>
    /// <param name="version">Its own version, if the marks say that it has one.</param>
    /// <param name="turn">The turn.</param>
    /// <param name="store">What the protocol knows of it already; gets the rest.</param>
    public StoreResult Begin(
        scoped ReadOnlySpan<byte> key,
        long exptime,
        int valueLength,
        ItemMarks marks,
        ulong version,
        ref Turn turn,
        ref PendingStore store)
    {
        store.Group = server.Members.GroupOf(key);
        store.MayBeHeartbeat = Heartbeats.MayCome(key, store.Group, store.Flags, valueLength, store.Mode);
        store.SizeClass = SizeClasses.ClassOf(BlockStore.HeadSize(key.Length, valueLength, out _, marks));
        long deadline = Expiry.ToDeadline(exptime, turn.Now.UnixMilliseconds);
        StoreResult result;
        using (EpochGuard guard = _table.Enter())
        {
            result = _table.Writer.TryBegin(
                guard, key, store.Flags, deadline, valueLength, turn.Now, out store.Item, marks, version);
        }

        if (result == StoreResult.Stored)
        {
            // Here and not when it is stored: a value with a bad end counts too (memcached, proto_parser.c).
            turn.Counters.Add(ClassCounter.SetCommands, store.SizeClass);
        }
        else
        {
            Fail(result, key, store, ref turn);
        }

        return result;
    }

    /// <summary>Takes more of the value and the CRLF behind it; false when memory is used up, and the item is gone then.</summary>
    public bool TryAppend(ref PendingStore store, ReadOnlySpan<byte> data, ref Turn turn)
    {
        using (EpochGuard guard = _table.Enter())
        {
            if (_table.Writer.Append(guard, ref store.Item, data, turn.Now) == StoreResult.Stored)
            {
                return true;
            }
        }

        Fail(StoreResult.OutOfMemory, _table.Writer.KeyOf(store.Item), store, ref turn);
        Discard(ref store);
        return false;
    }

    /// <summary>Stores the item whose value is complete.</summary>
    public StoreResult Commit(ref PendingStore store, ref Turn turn, out ulong version)
    {
        if (store.MayBeHeartbeat)
        {
            server.Heartbeats.Recognise(ref store, turn.Now);
        }

        using EpochGuard guard = _table.Enter();
        return turn.Watched == WatchKinds.None
            ? Put(guard, ref store, ref turn, out version)
            : PutWatched(guard, ref store, ref turn, out version);
    }

    // As memcached has it, a store looks for what is there first.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private StoreResult PutWatched(in EpochGuard guard, ref PendingStore store, ref Turn turn, out ulong version)
    {
        // While the item is the writer's own: another may replace it as soon as it is stored.
        Span<byte> buffer = stackalloc byte[LivenessTable.MaxKeyLength];
        ReadOnlySpan<byte> own = _table.Writer.KeyOf(store.Item);
        own.CopyTo(buffer);
        ReadOnlySpan<byte> key = buffer[..own.Length];
        server.ItemLog.LookedFor(guard, key, turn);
        LoggedItem item = LoggedItem.Of(_table.Writer.ViewOf(store.Item));
        StoreResult result = Put(guard, ref store, ref turn, out version);
        server.ItemLog.Stored(guard, key, result, store.Mode, item, turn);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private StoreResult Put(in EpochGuard guard, ref PendingStore store, ref Turn turn, out ulong version)
    {
        // Without versions (-C) no item has the one that cas expects: no version is 0.
        ulong cas = server.Options.UseCas ? store.Cas : 0;
        StoreResult result = _table.Writer.Commit(
            guard, ref store.Item, store.Mode, cas, store.Group, turn.Now, out version, store.TakesOlder);
        if (store.Mode == StoreMode.Cas)
        {
            CountCas(result, store.SizeClass, ref turn);
        }

        return result;
    }

    public void Discard(ref PendingStore store) => _table.Writer.Discard(ref store.Item);

    /// <summary>Deletes what is there; a member leaves.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="expected">The version that it must have; null for any.</param>
    /// <param name="turn">The turn.</param>
    public LookupResult Delete(scoped ReadOnlySpan<byte> key, ulong? expected, ref Turn turn)
    {
        if (server.Prefixes.IsCollecting)
        {
            server.Prefixes.RecordDelete(key);
        }

        using EpochGuard guard = _table.Enter();
        server.ItemLog.LookedFor(guard, key, turn);
        LookupResult result = _table.TryDelete(guard, key, turn.Now, out ItemView item, expected);
        if (result == LookupResult.Found)
        {
            turn.Counters.Add(ClassCounter.DeleteHits, item.SizeClass);
            server.ItemLog.Deleted(key, item, meta: false, turn);
        }
        else if (result != LookupResult.Changed)
        {
            turn.Counters.Add(WireCounter.DeleteMisses);
            turn.CountGone(result);
        }

        return result;
    }

    /// <summary>Gives an item another deadline. It revives a member that is down: its heartbeat is there, and this is one.</summary>
    public LookupResult Touch(in EpochGuard guard, ReadOnlySpan<byte> key, long exptime, ref Turn turn, out ItemView item)
    {
        long deadline = Expiry.ToDeadline(exptime, turn.Now.UnixMilliseconds);
        server.ItemLog.LookedFor(guard, key, turn);
        LookupResult result = _table.Editor.TryTouch(guard, key, deadline, revives: true, turn.Now, out item);
        turn.Counters.Add(WireCounter.TouchCommands);
        if (result == LookupResult.Found)
        {
            turn.Counters.Add(ClassCounter.TouchHits, item.SizeClass);
        }
        else if (result != LookupResult.OutOfMemory)
        {
            turn.Counters.Add(WireCounter.TouchMisses);
            turn.CountGone(result);
        }

        return result;
    }

    // A set that fails takes the old value away, so that nobody reads it for the new one, and an ms in any mode (memcached). A
    // member that could not store its heartbeat was heard all the same.
    private void Fail(StoreResult result, scoped ReadOnlySpan<byte> key, in PendingStore store, ref Turn turn)
    {
        turn.Counters.Add(result == StoreResult.TooLarge ? WireCounter.StoreTooLarge : WireCounter.StoreNoMemory);
        using EpochGuard guard = _table.Enter();
        server.ItemLog.Stored(guard, key, result, store.Mode, default, turn);
        if (store.DropsOnFailure)
        {
            server.ItemLog.LookedFor(guard, key, turn);
            _table.DropItem(guard, key);
        }

        if (store.Group >= 0)
        {
            _table.Members.TryTouch(guard, key, turn.Now.Liveness);
        }
    }

    private static void CountCas(StoreResult result, int sizeClass, ref Turn turn)
    {
        switch (result)
        {
            case StoreResult.Stored:
                turn.Counters.Add(ClassCounter.CasHits, sizeClass);
                break;
            case StoreResult.Exists:
                turn.Counters.Add(ClassCounter.CasBadval, sizeClass);
                break;
            case StoreResult.NotFound:
                turn.Counters.Add(WireCounter.CasMisses);
                break;
        }
    }
}
