using System.Text;
using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Tests.Table;

/// <summary>A table whose clock stands still until it is told to move, with its operations on strings.</summary>
internal sealed class TestTable
{
    public const int NoGroup = -1;

    public TestTable(TableOptions? options = null) => Table = new LivenessTable(options ?? new TableOptions { HashSeed = 42 });

    public TestTable(int pages, bool evict = true)
        : this(new TableOptions { MemoryLimit = (long)pages * SizeClasses.PageSize, Evict = evict, HashSeed = 42 })
    {
    }

    public LivenessTable Table { get; }

    /// <summary>Who was silent for more than 60 s is down.</summary>
    public Moment Now
    {
        get => field with { DownBefore = field.Liveness - TimeSpan.FromSeconds(60).Ticks };
        set;
    } = new(LivenessClock.Origin, 1_800_000_000_000);

    public SlabAllocator Slabs => Table.Core.Store.Slabs;

    public MemberColumns Columns => Table.Members.Columns;

    /// <summary>Blocks that are taken, retired ones included.</summary>
    public int BlocksInUse
    {
        get
        {
            int blocks = 0;
            for (int page = 1; page < Slabs.PagesEnd; page++)
            {
                int word = Slabs.Pages.Word(page);
                bool inUse = PageTable.StateIn(word) is not (PageState.Fresh or PageState.Pooled);
                blocks += inUse ? SizeClasses.BlocksInPage(PageTable.ClassIn(word)) - Slabs.Pages.FreeBlocks(page) : 0;
            }

            return blocks;
        }
    }

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    /// <summary>A value that differs from every other one, in every place.</summary>
    public static byte[] Pattern(int length, int seed = 0)
    {
        byte[] value = new byte[length];
        new Random(HashCode.Combine(length, seed)).NextBytes(value);
        return value;
    }

    public void Advance(TimeSpan time)
        => Now = new Moment(Now.Liveness + time.Ticks, Now.UnixMilliseconds + (long)time.TotalMilliseconds);

    public long In(TimeSpan time) => Now.UnixMilliseconds + (long)time.TotalMilliseconds;

    public long Count(TableCounter counter) => Table.Counters.Sum(counter);

    public StoreResult Set(string key, string value, long deadline = Expiry.Never, uint flags = 0, int group = NoGroup)
        => Store(StoreMode.Set, key, Bytes(value), deadline, flags, 0, group);

    public StoreResult Set(string key, byte[] value, long deadline = Expiry.Never, int group = NoGroup)
        => Store(StoreMode.Set, key, value, deadline, 0, 0, group);

    public StoreResult Store(StoreMode mode, string key, string value, long deadline = Expiry.Never, ulong cas = 0)
        => Store(mode, key, Bytes(value), deadline, 0, cas);

    public StoreResult Store(
        StoreMode mode, string key, byte[] value, long deadline = Expiry.Never, uint flags = 0, ulong cas = 0, int group = NoGroup)
    {
        using EpochGuard guard = Table.Enter();
        ItemWriter writer = Table.Writer;
        StoreResult result = writer.TryBegin(guard, Bytes(key), flags, deadline, value.Length, Now, out NewItem item);
        if (result != StoreResult.Stored)
        {
            return result;
        }

        if (writer.Append(guard, ref item, value, Now) != StoreResult.Stored || writer.Append(guard, ref item, "\r\n"u8, Now) != StoreResult.Stored)
        {
            writer.Discard(ref item);
            return StoreResult.OutOfMemory;
        }

        return writer.Commit(guard, ref item, mode, cas, group, Now, out _);
    }

    public string? Get(string key) => GetBytes(key) is { } value ? Encoding.Latin1.GetString(value) : null;

    public byte[]? GetBytes(string key)
    {
        using EpochGuard guard = Table.Enter();
        return Table.TryGet(guard, Bytes(key), Now, out ItemView item) == LookupResult.Found ? ValueOf(item) : null;
    }

    public LookupResult Look(string key)
    {
        using EpochGuard guard = Table.Enter();
        return Table.TryGet(guard, Bytes(key), Now, out _);
    }

    public (uint Flags, ulong Cas, long Deadline, int Member, bool Chunked) Describe(string key)
    {
        using EpochGuard guard = Table.Enter();
        Assert.Equal(LookupResult.Found, Table.TryGet(guard, Bytes(key), Now, out ItemView item));
        return (item.Flags, item.Cas, item.Deadline, item.Member, item.IsChunked);
    }

    public ulong CasOf(string key) => Describe(key).Cas;

    public LookupResult Touch(string key, long deadline)
    {
        using EpochGuard guard = Table.Enter();
        return Table.Editor.TryTouch(guard, Bytes(key), deadline, revives: false, Now, out _);
    }

    public (ArithmeticResult Result, ulong Value) Add(string key, ulong delta, bool up = true)
    {
        using EpochGuard guard = Table.Enter();
        ArithmeticResult result = Table.Editor.TryAdd(guard, Bytes(key), delta, up, Now, out ulong value, out _);
        return (result, result == ArithmeticResult.Done ? value : 0);
    }

    public LookupResult Delete(string key)
    {
        using EpochGuard guard = Table.Enter();
        return Table.TryDelete(guard, Bytes(key), Now, out _);
    }

    public int Join(string key, int group = 0)
    {
        using EpochGuard guard = Table.Enter();
        return Table.Members.Join(guard, Bytes(key), group, Now, out _);
    }

    public int RowOf(string key)
    {
        using EpochGuard guard = Table.Enter();
        return Table.Members.Find(guard, Bytes(key));
    }

    public bool Beat(string key)
    {
        using EpochGuard guard = Table.Enter();
        return Table.Members.TryTouch(guard, Bytes(key), Now.Liveness);
    }

    public bool Leave(string key)
    {
        using EpochGuard guard = Table.Enter();
        return Table.Members.TryRemove(guard, Bytes(key));
    }

    /// <summary>How many items a client may see, by a walk over all of them.</summary>
    public int VisibleItems()
    {
        int items = 0;
        var cursor = new ItemCursor(-1);
        using EpochGuard guard = Table.Enter();
        while (!cursor.IsAtEnd)
        {
            items += Table.TryNext(guard, ref cursor, Now, out _) ? 1 : 0;
        }

        return items;
    }

    public string NameOf(int row)
    {
        using EpochGuard guard = Table.Enter();
        return Encoding.Latin1.GetString(Table.Members.KeyOf(guard, row));
    }

    /// <summary>What a sweep does with those who left; returns their rows.</summary>
    public List<int> SweepDepartures()
    {
        var rows = new List<int>();
        for (Departure? departure = Columns.TakeDepartures(); departure != null; departure = departure.Next)
        {
            using EpochGuard guard = Table.Enter();
            Table.Members.Retire(guard, departure.Row);
            rows.Add(departure.Row);
        }

        return rows;
    }

    /// <summary>Lets everything come back that this thread has retired.</summary>
    public void Settle()
    {
        Table.Crawl(maxPages: 0, Now);
    }

    public byte[] ValueOf(in ItemView item)
    {
        var whole = new List<byte>();
        ValueParts parts = Table.PartsOf(item);
        while (parts.TryNext(out ReadOnlySpan<byte> part))
        {
            whole.AddRange(part);
        }

        Assert.True(whole is [.., (byte)'\r', (byte)'\n'], "a value ends with CRLF");
        Assert.Equal(item.ValueLength, whole.Count - 2);
        return [.. whole[..^2]];
    }
}
