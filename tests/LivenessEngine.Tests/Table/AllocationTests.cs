using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Tests.Table;

/// <summary>Nothing on the hot path allocates on the managed heap, once it is warm.</summary>
public sealed class AllocationTests
{
    private static readonly byte[] Small = new byte[100];
    private static readonly byte[] Large = new byte[100_000];

    private readonly LivenessTable _table = new(new TableOptions());
    private Moment _now = new(LivenessClock.Origin, 1_800_000_000_000);

    public static TheoryData<string> Operations =>
    [
        "beat by handle", "beat by key", "last seen", "get", "get of nothing", "get of something large", "hold",
        "set", "set of something large", "set of a member", "add", "cas", "append", "touch", "touch of something large",
        "incr", "delete", "drop", "expire on read", "expire in the crawl", "evict", "join again", "sweep of the crawl", "flush",
    ];

    private static void Gate(int times, Action<int> action)
    {
        // Warm: what is made once is made, and the code is compiled.
        for (int i = 0; i < times; i++)
        {
            action(i);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < times; i++)
        {
            action(i);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private StoreResult Store(StoreMode mode, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long deadline = Expiry.Never, ulong cas = 0, int group = -1)
    {
        using EpochGuard guard = _table.Enter();
        StoreResult result = _table.Writer.TryBegin(guard, key, 0, deadline, value.Length, _now, out NewItem item);
        if (result != StoreResult.Stored)
        {
            return result;
        }

        _table.Writer.Append(guard, ref item, value, _now);
        _table.Writer.Append(guard, ref item, "\r\n"u8, _now);
        return _table.Writer.Commit(guard, ref item, mode, cas, group, _now, out _);
    }

    private ulong Read(ReadOnlySpan<byte> key)
    {
        using EpochGuard guard = _table.Enter();
        if (_table.TryGet(guard, key, _now, out ItemView item) != LookupResult.Found)
        {
            return 0;
        }

        int length = 0;
        for (ValueParts parts = _table.PartsOf(item); parts.TryNext(out ReadOnlySpan<byte> part);)
        {
            length += part.Length;
        }

        return length == item.ValueLength + 2 ? item.Cas : 0;
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void Allocates_nothing(string operation)
    {
        Store(StoreMode.Set, "small"u8, Small);
        Store(StoreMode.Set, "large"u8, Large);
        Store(StoreMode.Set, "number"u8, "1"u8);
        Store(StoreMode.Set, "compute:member"u8, Small, group: 0);
        int row;
        uint tenure;
        using (EpochGuard guard = _table.Enter())
        {
            row = _table.Members.Join(guard, "compute:member"u8, 0, _now, out tenure);
        }

        Gate(operation is "evict" or "flush" ? 3_000 : 1_000, operation switch
        {
            "beat by handle" => i => _table.Members.TryTouch(row, tenure, _now.Liveness + i),
            "beat by key" => i => Beat(i),
            "last seen" => i => LastSeen(),
            "get" => i => Read("small"u8),
            "get of nothing" => i => Read("nothing"u8),
            "get of something large" => i => Read("large"u8),
            "hold" => i => Hold(),
            "set" => i => Store(StoreMode.Set, "small"u8, Small),
            "set of something large" => i => Store(StoreMode.Set, "large"u8, Large),
            "set of a member" => i => Store(StoreMode.Set, "compute:member"u8, Small, group: 0),
            "add" => i => Store(StoreMode.Add, "small"u8, Small),
            "cas" => i => Store(StoreMode.Cas, "small"u8, Small, cas: Read("small"u8)),
            "append" => i => Store(StoreMode.Append, "small"u8, "x"u8),
            "touch" => i => Touch("small"u8, i),
            "touch of something large" => i => Touch("large"u8, i),
            "incr" => i => Incr(),
            "delete" => i => DeleteAndStore(),
            "drop" => i => Drop(),
            "expire on read" => i => ExpireOnRead(),
            "expire in the crawl" => i => ExpireInTheCrawl(),
            "evict" => i => Evict(i),
            "join again" => i => JoinAgain(),
            "sweep of the crawl" => i => _table.Crawl(64, _now),
            _ => i => _table.Flush(),
        });
    }

    private void Beat(int i)
    {
        using EpochGuard guard = _table.Enter();
        _table.Members.TryTouch(guard, "compute:member"u8, _now.Liveness + i);
    }

    private void LastSeen()
    {
        using EpochGuard guard = _table.Enter();
        _table.Members.Columns.LastSeen(_table.Members.Find(guard, "compute:member"u8));
    }

    private void Hold()
    {
        using EpochGuard guard = _table.Enter();
        _table.TryGet(guard, "large"u8, _now, out ItemView item);
        HeldValue held = _table.Hold(item);
        while (held.TryNext(out _))
        {
        }

        held.Release();
    }

    private void Touch(ReadOnlySpan<byte> key, int i)
    {
        using EpochGuard guard = _table.Enter();
        _table.Editor.TryTouch(guard, key, _now.UnixMilliseconds + 1000 + i, revives: false, _now, out _);
    }

    private void Incr()
    {
        using EpochGuard guard = _table.Enter();
        _table.Editor.TryAdd(guard, "number"u8, 1, up: true, _now, out _, out _);
    }

    private void DeleteAndStore()
    {
        Store(StoreMode.Set, "gone"u8, Small);
        using EpochGuard guard = _table.Enter();
        _table.TryDelete(guard, "gone"u8, _now, out _);
    }

    private void Drop()
    {
        Store(StoreMode.Set, "gone"u8, Small);
        using EpochGuard guard = _table.Enter();
        _table.DropItem(guard, "gone"u8);
    }

    private void ExpireOnRead()
    {
        Store(StoreMode.Set, "gone"u8, Small, Expiry.AlreadyExpired);
        Read("gone"u8);
    }

    private void ExpireInTheCrawl()
    {
        Store(StoreMode.Set, "gone"u8, Small, Expiry.AlreadyExpired);
        _table.Crawl(64, _now);
    }

    private void Evict(int i)
    {
        Span<byte> key = stackalloc byte[12];
        i.TryFormat(key, out int written, default, System.Globalization.CultureInfo.InvariantCulture);
        _now = new Moment(_now.Liveness, _now.UnixMilliseconds + 1);
        Assert.True(Store(StoreMode.Set, key[..written], Large) == StoreResult.Stored);
    }

    private void JoinAgain()
    {
        using EpochGuard guard = _table.Enter();
        _table.Members.Join(guard, "compute:member"u8, 0, _now, out _);
    }
}
