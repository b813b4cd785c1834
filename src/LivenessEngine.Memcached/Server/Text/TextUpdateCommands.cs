using System.Runtime.CompilerServices;
using LivenessEngine.Memcached.Protocol;
using LivenessEngine.Memcached.Server.Meta;
using LivenessEngine.Table;

namespace LivenessEngine.Memcached.Server.Text;

/// <summary>The text protocol's commands that change what is stored, classic and meta.</summary>
internal sealed class TextUpdateCommands(ServerContext server)
{
    private readonly LivenessTable _table = server.Table;
    private readonly Updates _updates = new(server);
    private readonly Arithmetic _arithmetic = new(server);

    /// <summary>Takes memory for a new item; its data block follows.</summary>
    public StoreResult Begin(scoped in Request request, ref Turn turn, ref PendingStore store)
    {
        store.Mode = ModeOf(request.Command);
        store.Cas = request.Cas;
        store.NoReply = request.NoReply;
        store.IsMeta = false;
        store.TakesOlder = false;
        store.DropsOnFailure = store.Mode == StoreMode.Set;
        store.Flags = request.Flags;
        if (server.Prefixes.IsCollecting)
        {
            server.Prefixes.RecordSet(request.Key);
        }

        return _updates.Begin(request.Key, request.Exptime, request.ValueLength, ItemMarks.None, version: 0, ref turn, ref store);
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
        store.DropsOnFailure = true;
        store.TakesOlder = store.Mode == StoreMode.Cas && request.Has('I');
        store.Flags = request.ClientFlags;
        store.Echo = MetaEcho.Of(request, valueLength);

        // Of version 0 memcached makes a new one here, and here alone (proto_text.c).
        bool hasOwnVersion = request.Has('E') && request.Version != 0 && server.Options.UseCas;
        ItemMarks marks = MetaItem.MarksOf(request, hasOwnVersion);
        long exptime = store.Mode is StoreMode.AppendOrAdd or StoreMode.PrependOrAdd ? request.VivifyExptime : request.Exptime;
        return _updates.Begin(request.Key, exptime, valueLength, marks, request.Version, ref turn, ref store);
    }

    /// <summary>Takes more of the data block; false when memory is used up, and the item is gone then.</summary>
    public bool TryAppend(ref PendingStore store, ReadOnlySpan<byte> data, ref Turn turn) => _updates.TryAppend(ref store, data, ref turn);

    /// <summary>Stores the item whose data block is complete.</summary>
    public void Commit(ref PendingStore store, ref Turn turn)
    {
        if (store.IsMeta)
        {
            CommitMeta(ref store, ref turn);
            return;
        }

        turn.Reply(store.NoReply, _updates.Commit(ref store, ref turn, out _) switch
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
        StoreResult result = _updates.Commit(ref store, ref turn, out ulong version);
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

    public void Discard(ref PendingStore store) => _updates.Discard(ref store);

    /// <summary>delete &lt;key&gt; [0] [noreply]</summary>
    public void Delete(scoped in Request request, ref Turn turn)
    {
        LookupResult result = _updates.Delete(request.Key, expected: null, ref turn);
        turn.Reply(request.NoReply, result == LookupResult.Found ? Replies.Deleted : Replies.NotFound);
    }

    /// <summary>touch &lt;key&gt; &lt;exptime&gt; [noreply]</summary>
    public void Touch(scoped in Request request, ref Turn turn)
    {
        using EpochGuard guard = _table.Enter();
        turn.Reply(request.NoReply, _updates.Touch(guard, request.Key, request.Exptime, ref turn, out _) switch
        {
            LookupResult.Found => Replies.Touched,
            LookupResult.OutOfMemory => Replies.OutOfMemory,
            _ => Replies.NotFound,
        });
    }

    /// <summary>incr &lt;key&gt; &lt;delta&gt; [noreply], decr &lt;key&gt; &lt;delta&gt; [noreply]</summary>
    public void Add(scoped in Request request, ref Turn turn)
    {
        ArithmeticResult result = _arithmetic.Add(request.Key, request.Delta, request.Command == Command.Incr, ref turn, out ulong value);
        if (result != ArithmeticResult.Done)
        {
            turn.Reply(
                request.NoReply,
                result == ArithmeticResult.NotFound ? Replies.NotFound
                : result == ArithmeticResult.NonNumeric ? Replies.NonNumeric
                : Replies.OutOfMemory);
        }
        else if (!request.NoReply)
        {
            turn.Writer.Write(value);
            turn.Writer.Write("\r\n"u8);
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
