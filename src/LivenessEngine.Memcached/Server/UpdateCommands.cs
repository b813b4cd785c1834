using LivenessEngine.Memcached.Protocol;
using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Memcached.Server;

/// <summary>The commands that change what is stored. A store or touch under a member's key is its heartbeat.</summary>
internal sealed class UpdateCommands(ServerContext server)
{
    private readonly LivenessTable _table = server.Table;

    /// <summary>Takes memory for a new item; its data block follows.</summary>
    public StoreResult Begin(scoped in Request request, ref Turn turn, ref PendingStore store)
    {
        store.Mode = ModeOf(request.Command);
        store.Cas = request.Cas;
        store.NoReply = request.NoReply;
        store.Group = server.Members.GroupOf(request.Key);
        store.Flags = request.Flags;
        store.MayBeHeartbeat = Heartbeats.MayCome(request.Key, store.Group, request.Flags, request.ValueLength, store.Mode);
        store.SizeClass = SizeClasses.ClassOf(BlockStore.HeadSize(request.Key.Length, request.ValueLength, out _));
        if (server.Prefixes.IsCollecting)
        {
            server.Prefixes.RecordSet(request.Key);
        }

        long deadline = Expiry.ToDeadline(request.Exptime, turn.Now.UnixMilliseconds);
        StoreResult result;
        using (EpochGuard guard = _table.Enter())
        {
            result = _table.Writer.TryBegin(
                guard, request.Key, request.Flags, deadline, request.ValueLength, turn.Now, out store.Item);
        }

        if (result == StoreResult.Stored)
        {
            // Here and not when it is stored: a value with a bad end counts too (memcached, proto_parser.c).
            turn.Counters.Add(ClassCounter.SetCommands, store.SizeClass);
        }
        else
        {
            Fail(result, request.Key, store, ref turn);
        }

        return result;
    }

    /// <summary>Takes more of the data block; false when memory is used up, and the item is gone then.</summary>
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

    /// <summary>Stores the item whose data block is complete.</summary>
    public void Commit(ref PendingStore store, ref Turn turn)
    {
        if (store.MayBeHeartbeat)
        {
            server.Heartbeats.Recognise(ref store, turn.Now);
        }

        using EpochGuard guard = _table.Enter();

        // Without versions (-C) no item has the one that cas expects: no version is 0.
        ulong cas = server.Options.UseCas ? store.Cas : 0;
        StoreResult result = _table.Writer.Commit(guard, ref store.Item, store.Mode, cas, store.Group, turn.Now, out _);
        if (store.Mode == StoreMode.Cas)
        {
            CountCas(result, store.SizeClass, ref turn);
        }

        turn.Reply(store.NoReply, result switch
        {
            StoreResult.Stored => Replies.Stored,
            StoreResult.Exists => Replies.Exists,
            StoreResult.NotFound => Replies.NotFound,
            StoreResult.OutOfMemory => Replies.OutOfMemoryStoring,

            // append and prepend that would grow too large say the same as on a missing key (memcached, items.c).
            _ => Replies.NotStored,
        });
    }

    public void Discard(ref PendingStore store) => _table.Writer.Discard(ref store.Item);

    /// <summary>delete &lt;key&gt; [0] [noreply]</summary>
    public void Delete(scoped in Request request, ref Turn turn)
    {
        if (server.Prefixes.IsCollecting)
        {
            server.Prefixes.RecordDelete(request.Key);
        }

        using EpochGuard guard = _table.Enter();
        LookupResult result = _table.TryDelete(guard, request.Key, turn.Now, out ItemView item);
        if (result != LookupResult.Found)
        {
            turn.Counters.Add(WireCounter.DeleteMisses);
            turn.CountGone(result);
            turn.Reply(request.NoReply, Replies.NotFound);
            return;
        }

        turn.Counters.Add(ClassCounter.DeleteHits, item.SizeClass);
        turn.Reply(request.NoReply, Replies.Deleted);
    }

    /// <summary>touch &lt;key&gt; &lt;exptime&gt; [noreply]. It revives a member that is down: its heartbeat is there, and this is one.</summary>
    public void Touch(scoped in Request request, ref Turn turn)
    {
        long deadline = Expiry.ToDeadline(request.Exptime, turn.Now.UnixMilliseconds);
        using EpochGuard guard = _table.Enter();
        LookupResult result = _table.Editor.TryTouch(guard, request.Key, deadline, revives: true, turn.Now, out ItemView item);
        turn.Counters.Add(WireCounter.TouchCommands);
        switch (result)
        {
            case LookupResult.Found:
                turn.Counters.Add(ClassCounter.TouchHits, item.SizeClass);
                turn.Reply(request.NoReply, Replies.Touched);
                break;
            case LookupResult.OutOfMemory:
                turn.Reply(request.NoReply, Replies.OutOfMemory);
                break;
            default:
                turn.Counters.Add(WireCounter.TouchMisses);
                turn.CountGone(result);
                turn.Reply(request.NoReply, Replies.NotFound);
                break;
        }
    }

    /// <summary>incr &lt;key&gt; &lt;delta&gt; [noreply], decr &lt;key&gt; &lt;delta&gt; [noreply]</summary>
    public void Add(scoped in Request request, ref Turn turn)
    {
        bool up = request.Command == Command.Incr;
        using EpochGuard guard = _table.Enter();
        ArithmeticResult result = _table.Editor.TryAdd(
            guard, request.Key, request.Delta, up, turn.Now, out ulong value, out ItemView item);
        switch (result)
        {
            case ArithmeticResult.Done:
                turn.Counters.Add(up ? ClassCounter.IncrHits : ClassCounter.DecrHits, item.SizeClass);
                if (!request.NoReply)
                {
                    turn.Writer.Write(value);
                    turn.Writer.Write("\r\n"u8);
                }

                break;
            case ArithmeticResult.NotFound:
                turn.Counters.Add(up ? WireCounter.IncrMisses : WireCounter.DecrMisses);
                turn.Reply(request.NoReply, Replies.NotFound);
                break;
            default:
                turn.Reply(request.NoReply, result == ArithmeticResult.NonNumeric ? Replies.NonNumeric : Replies.OutOfMemory);
                break;
        }
    }

    // A set that fails takes the old value away, so that nobody reads it for the new one (memcached, proto_text.c). A
    // member that could not store its heartbeat was heard all the same.
    private void Fail(StoreResult result, scoped ReadOnlySpan<byte> key, in PendingStore store, ref Turn turn)
    {
        turn.Counters.Add(result == StoreResult.TooLarge ? WireCounter.StoreTooLarge : WireCounter.StoreNoMemory);
        using EpochGuard guard = _table.Enter();
        if (store.Mode == StoreMode.Set)
        {
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

    private static StoreMode ModeOf(Command command) => command switch
    {
        Command.Add => StoreMode.Add,
        Command.Replace => StoreMode.Replace,
        Command.Append => StoreMode.Append,
        Command.Prepend => StoreMode.Prepend,
        Command.Cas => StoreMode.Cas,
        _ => StoreMode.Set,
    };
}
