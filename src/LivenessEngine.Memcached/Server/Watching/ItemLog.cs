using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Memcached.Server.Watching;

/// <summary>
/// Logs what is done with items, in memcached's words. To be asked only where <see cref="Turn.Watched"/> says that somebody
/// watches.
/// </summary>
internal sealed class ItemLog(EventLog events, LivenessTable table, TimeProvider time)
{
    private const long MillisecondsInSecond = 1000;

    /// <summary>An item is looked for by a command that then does more with it: logs what there is.</summary>
    public void LookedFor(in EpochGuard guard, scoped ReadOnlySpan<byte> key, scoped in Turn turn)
    {
        if (turn.Watches(WatchKinds.Fetchers))
        {
            LookupResult result = table.Peek(guard, key, turn.Now, out ItemView item);
            Fetched(key, result, item, turn);
        }
    }

    /// <summary>type=item_get key= status=&lt;not_found|found|flushed|expired&gt; clsid= cfd= size=</summary>
    public void Fetched(scoped ReadOnlySpan<byte> key, LookupResult result, scoped ItemView item, scoped in Turn turn)
    {
        if (!turn.Watches(WatchKinds.Fetchers))
        {
            return;
        }

        bool found = result is LookupResult.Found or LookupResult.OutOfMemory;
        long id = events.NextId();
        var line = new EventLine(stackalloc byte[EventLine.Longest]);
        line.Begin(time.GetUtcNow(), id);
        line.Add(" type=item_get"u8);
        line.AddKey(key);
        line.Add(result switch
        {
            LookupResult.Found or LookupResult.OutOfMemory => " status=found"u8,
            LookupResult.Flushed => " status=flushed"u8,
            LookupResult.Expired => " status=expired"u8,
            _ => " status=not_found"u8,
        });
        line.Add(" clsid="u8, found ? item.SizeClass + 1 : 0);
        line.Add(" cfd="u8, turn.Client);
        line.Add(" size="u8, found ? item.ValueLength : 0);
        line.Add("\n"u8);
        events.Add(WatchKinds.Fetchers, id, line.Text);
    }

    /// <summary>type=item_store key= status= cmd= ttl= clsid= cfd= size=</summary>
    /// <param name="guard">The epoch.</param>
    /// <param name="key">Its key.</param>
    /// <param name="result">What became of it.</param>
    /// <param name="mode">How it was to be stored.</param>
    /// <param name="item">What was stored or was to be; nothing (default) where there was no room for it.</param>
    /// <param name="turn">The turn.</param>
    public void Stored(
        in EpochGuard guard, scoped ReadOnlySpan<byte> key, StoreResult result, StoreMode mode, LoggedItem item, scoped in Turn turn)
    {
        if (!turn.Watches(WatchKinds.Mutations))
        {
            return;
        }

        if (result == StoreResult.Stored && mode is StoreMode.Append or StoreMode.Prepend or StoreMode.AppendOrAdd or StoreMode.PrependOrAdd
            && table.Peek(guard, key, turn.Now, out ItemView joined) == LookupResult.Found)
        {
            // The whole that it is part of now.
            item = LoggedItem.Of(joined);
        }

        long id = events.NextId();
        var line = new EventLine(stackalloc byte[EventLine.Longest]);
        line.Begin(time.GetUtcNow(), id);
        line.Add(" type=item_store"u8);
        line.AddKey(key);
        line.Add(StatusOf(result));
        line.Add(CommandOf(mode));

        // 32 bits without a sign, also where the time is over already (memcached).
        line.Add(" ttl="u8, item.HasDeadline ? (uint)Math.Clamp(SecondsLeft(item.Deadline, turn.Now), -1, int.MaxValue) : 0);
        line.Add(" clsid="u8, item.Class);
        line.Add(" cfd="u8, turn.Client);
        line.Add(" size="u8, item.ValueLength);
        line.Add("\n"u8);
        events.Add(WatchKinds.Mutations, id, line.Text);
    }

    /// <summary>type=deleted key= cmd=&lt;delete|md&gt; clsid= size=</summary>
    public void Deleted(scoped ReadOnlySpan<byte> key, scoped ItemView item, bool meta, scoped in Turn turn)
    {
        if (!turn.Watches(WatchKinds.Deletions))
        {
            return;
        }

        long id = events.NextId();
        var line = new EventLine(stackalloc byte[EventLine.Longest]);
        line.Begin(time.GetUtcNow(), id);
        line.Add(" type=deleted"u8);
        line.AddKey(key);
        line.Add(meta ? " cmd=md"u8 : " cmd=delete"u8);
        line.Add(" clsid="u8, item.SizeClass + 1);
        line.Add(" size="u8, item.ValueLength);
        line.Add("\n"u8);
        events.Add(WatchKinds.Deletions, id, line.Text);
    }

    /// <summary>type=eviction key= fetch=&lt;yes|no&gt; ttl= la= clsid= size=</summary>
    public void Evicted(scoped ItemView item, scoped in Moment now)
    {
        if (!events.Wants(WatchKinds.Evictions))
        {
            return;
        }

        long id = events.NextId();
        var line = new EventLine(stackalloc byte[EventLine.Longest]);
        line.Begin(time.GetUtcNow(), id);
        line.Add(" type=eviction"u8);
        line.AddKey(item.Key);
        line.Add(item.Fetched ? " fetch=yes"u8 : " fetch=no"u8);
        line.Add(" ttl="u8, item.Deadline == BlockHeader.Never ? -1 : SecondsLeft(item.Deadline, now));
        line.Add(" la="u8, AccessStamp.ToSeconds(AccessStamp.Age(item.LastAccess, AccessStamp.At(now.UnixMilliseconds))));
        line.Add(" clsid="u8, item.SizeClass + 1);
        line.Add(" size="u8, item.ValueLength);
        line.Add("\n"u8);
        events.Add(WatchKinds.Evictions, id, line.Text);
    }

    private static long SecondsLeft(long deadline, scoped in Moment now)
    {
        // As memcached has it in whole seconds.
        return (deadline / MillisecondsInSecond) - (now.UnixMilliseconds / MillisecondsInSecond);
    }

    private static ReadOnlySpan<byte> StatusOf(StoreResult result) => result switch
    {
        StoreResult.Stored => " status=stored"u8,
        StoreResult.Exists => " status=exists"u8,
        StoreResult.NotFound => " status=not_found"u8,
        StoreResult.TooLarge => " status=too_large"u8,
        StoreResult.OutOfMemory => " status=no_memory"u8,
        _ => " status=not_stored"u8,
    };

    private static ReadOnlySpan<byte> CommandOf(StoreMode mode) => mode switch
    {
        StoreMode.Add => " cmd=add"u8,
        StoreMode.Replace => " cmd=replace"u8,
        StoreMode.Append or StoreMode.AppendOrAdd => " cmd=append"u8,
        StoreMode.Prepend or StoreMode.PrependOrAdd => " cmd=prepend"u8,
        StoreMode.Cas => " cmd=cas"u8,
        _ => " cmd=set"u8,
    };
}
