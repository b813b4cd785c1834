using LivenessEngine.Memcached.Server.Watching;
using LivenessEngine.Table;

namespace LivenessEngine.Memcached.Server;

/// <summary>
/// Adding to a number and subtracting from it, and making one where there is none (ma with N, the binary protocol's initial
/// value): that is an add, also of a member.
/// </summary>
internal sealed class Arithmetic(ServerContext server)
{
    private readonly LivenessTable _table = server.Table;

    /// <summary>incr and decr of the text protocol.</summary>
    public ArithmeticResult Add(scoped ReadOnlySpan<byte> key, ulong delta, bool up, ref Turn turn, out ulong value)
    {
        using EpochGuard guard = _table.Enter();
        server.ItemLog.LookedFor(guard, key, turn);
        ArithmeticResult result = _table.Editor.TryAdd(guard, key, delta, up, turn.Now, out value, out ItemView item);
        if (result == ArithmeticResult.Done)
        {
            turn.Counters.Add(up ? ClassCounter.IncrHits : ClassCounter.DecrHits, item.SizeClass);
        }
        else if (result == ArithmeticResult.NotFound)
        {
            turn.Counters.Add(up ? WireCounter.IncrMisses : WireCounter.DecrMisses);
        }

        return result;
    }

    /// <summary>Adds, or else makes the number.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="sum">What to add; gets to know what came of it.</param>
    /// <param name="initial">The number to make where none is; null for none.</param>
    /// <param name="turn">The turn.</param>
    /// <param name="version">The version of what was stored.</param>
    /// <param name="created">
    /// What came of making one, where there was none: <see cref="StoreResult.Stored"/>, or why not. Otherwise
    /// <see cref="StoreResult.NotFound"/>.
    /// </param>
    public ArithmeticResult Add(
        scoped ReadOnlySpan<byte> key, scoped ref Sum sum, scoped in InitialNumber? initial, ref Turn turn, out ulong version, out StoreResult created)
    {
        using EpochGuard guard = _table.Enter();
        version = 0;
        ArithmeticResult result;
        created = StoreResult.NotFound;
        server.ItemLog.LookedFor(guard, key, turn);
        do
        {
            result = _table.Editor.TryAdd(guard, key, ref sum, turn.Now, out ItemView item);
            if (result == ArithmeticResult.Done)
            {
                created = StoreResult.NotFound;
                version = item.Cas;
                turn.Counters.Add(sum.Up ? ClassCounter.IncrHits : ClassCounter.DecrHits, item.SizeClass);
            }
            else if (result == ArithmeticResult.NotFound && initial is not null)
            {
                created = TryCreate(guard, key, initial.Value, ref sum, ref turn, out version);
            }
        }
        while (result == ArithmeticResult.NotFound && created == StoreResult.NotStored);

        if (result == ArithmeticResult.NotFound && initial is null)
        {
            turn.Counters.Add(sum.Up ? WireCounter.IncrMisses : WireCounter.DecrMisses);
        }

        return result;
    }

    private StoreResult TryCreate(
        in EpochGuard guard, scoped ReadOnlySpan<byte> key, scoped in InitialNumber initial, scoped ref Sum sum, ref Turn turn, out ulong version)
    {
        version = 0;
        Span<byte> digits = stackalloc byte[DecimalValue.MaxDigits];
        digits = digits[..DecimalValue.Format(initial.Value, digits)];
        StoreResult begun = _table.Writer.TryBegin(
            guard, key, flags: 0, initial.Deadline, digits.Length, turn.Now, out NewItem item, initial.Marks, initial.Version);
        if (begun != StoreResult.Stored)
        {
            return begun;
        }

        _table.Writer.Append(guard, ref item, digits, turn.Now);
        _table.Writer.Append(guard, ref item, "\r\n"u8, turn.Now);
        sum.Value = initial.Value;
        sum.FormerDeadline = BlockHeader.Never;
        LoggedItem logged = LoggedItem.Of(_table.Writer.ViewOf(item));
        server.ItemLog.LookedFor(guard, key, turn);
        StoreResult result = _table.Writer.Commit(
            guard, ref item, StoreMode.Add, cas: 0, server.Members.GroupOf(key), turn.Now, out version);
        server.ItemLog.Stored(guard, key, result, StoreMode.Add, logged, turn);
        return result;
    }
}
