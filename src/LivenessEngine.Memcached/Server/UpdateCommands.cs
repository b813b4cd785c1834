using System.Runtime.CompilerServices;
using LivenessEngine.Memcached.Protocol;
using LivenessEngine.Memcached.Server.Meta;
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
        store.IsMeta = false;
        store.TakesOlder = false;
        store.Flags = request.Flags;
        if (server.Prefixes.IsCollecting)
        {
            server.Prefixes.RecordSet(request.Key);
        }

        return Begin(request.Key, request.Exptime, request.ValueLength, ItemMarks.None, version: 0, ref turn, ref store);
    }

    /// <summary>
    /// ms &lt;key&gt; &lt;bytes&gt; &lt;flags&gt;*: takes memory for a new item; its data block follows. With C, set and replace
    /// are cas.
    /// </summary>
    public StoreResult Begin(scoped MetaRequest request, int valueLength, ref Turn turn, ref PendingStore store)
    {
        store.Mode = ModeOf(request);
        store.Cas = request.Cas;
        store.NoReply = false;
        store.IsMeta = true;
        store.TakesOlder = store.Mode == StoreMode.Cas && request.Has('I');
        store.Flags = request.ClientFlags;
        store.Echo = MetaEcho.Of(request, valueLength);

        // Of version 0 memcached makes a new one here, and here alone (proto_text.c).
        bool hasOwnVersion = request.Has('E') && request.Version != 0 && server.Options.UseCas;
        ItemMarks marks = MetaItem.MarksOf(request, hasOwnVersion);
        long exptime = store.Mode is StoreMode.AppendOrAdd or StoreMode.PrependOrAdd ? request.VivifyExptime : request.Exptime;
        return Begin(request.Key, exptime, valueLength, marks, request.Version, ref turn, ref store);
    }

    private StoreResult Begin(
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
        if (store.IsMeta)
        {
            CommitMeta(ref store, ref turn);
            return;
        }

        turn.Reply(store.NoReply, Store(ref store, ref turn, out _) switch
        {
            StoreResult.Stored => Replies.Stored,
            StoreResult.Exists => Replies.Exists,
            StoreResult.NotFound => Replies.NotFound,
            StoreResult.OutOfMemory => Replies.OutOfMemoryStoring,

            // append and prepend that would grow too large say the same as on a missing key (memcached, items.c).
            _ => Replies.NotStored,
        });
    }

    // HD, NS, EX or NF, and what the client asked to be told again.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CommitMeta(ref PendingStore store, ref Turn turn)
    {
        Span<byte> buffer = stackalloc byte[RequestParser.MaxKeyLength];
        int keyLength = CopyKey(store, buffer);
        StoreResult result = Store(ref store, ref turn, out ulong version);
        bool stored = result == StoreResult.Stored;
        if (result == StoreResult.OutOfMemory)
        {
            turn.Writer.Write(Replies.OutOfMemoryStoring);
            return;
        }

        if (stored && store.Echo.IsQuiet)
        {
            return;
        }

        turn.Writer.Write(result switch
        {
            StoreResult.Stored => Replies.MetaOk,
            StoreResult.Exists => Replies.MetaExists,
            StoreResult.NotFound => Replies.MetaNotFound,
            _ => Replies.MetaNotStored,
        });
        store.Echo.Write(
            buffer[..keyLength], stored && server.Options.UseCas ? version : 0, stored ? store.Item.StoredLength : store.Echo.ValueLength, ref turn.Writer);
    }

    // While the item is the writer's own: another may replace it as soon as it is stored.
    private int CopyKey(in PendingStore store, Span<byte> target)
    {
        ReadOnlySpan<byte> key = _table.Writer.KeyOf(store.Item);
        key.CopyTo(target);
        return key.Length;
    }

    private StoreResult Store(ref PendingStore store, ref Turn turn, out ulong version)
    {
        if (store.MayBeHeartbeat)
        {
            server.Heartbeats.Recognise(ref store, turn.Now);
        }

        using EpochGuard guard = _table.Enter();

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

    // A set that fails takes the old value away, so that nobody reads it for the new one, and an ms in any mode (memcached). A
    // member that could not store its heartbeat was heard all the same.
    private void Fail(StoreResult result, scoped ReadOnlySpan<byte> key, in PendingStore store, ref Turn turn)
    {
        turn.Counters.Add(result == StoreResult.TooLarge ? WireCounter.StoreTooLarge : WireCounter.StoreNoMemory);
        using EpochGuard guard = _table.Enter();
        if (store.Mode == StoreMode.Set || store.IsMeta)
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

    private static StoreMode ModeOf(scoped MetaRequest request) => (char)request.Mode switch
    {
        'E' => StoreMode.Add,
        'A' => request.Has('N') ? StoreMode.AppendOrAdd : StoreMode.Append,
        'P' => request.Has('N') ? StoreMode.PrependOrAdd : StoreMode.Prepend,
        _ when request.Has('C') => StoreMode.Cas,
        'R' => StoreMode.Replace,
        _ => StoreMode.Set,
    };

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
