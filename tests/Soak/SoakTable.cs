using System.Diagnostics;
using System.Text;
using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Soak;

/// <summary>A table on the time of the stopwatch, and the operations that soak tests make on it.</summary>
internal sealed class SoakTable(TableOptions options)
{
    private static readonly long Started = Stopwatch.GetTimestamp();

    public SoakTable(int pages, bool evict = true)
        : this(new TableOptions { MemoryLimit = (long)pages * SizeClasses.PageSize, Evict = evict })
    {
    }

    public LivenessTable Table { get; } = new(options);

    public static Moment Now
    {
        get
        {
            long ticks = Stopwatch.GetElapsedTime(Started).Ticks;
            return new Moment(LivenessClock.Origin + ticks, 1_800_000_000_000 + (ticks / TimeSpan.TicksPerMillisecond))
            {
                DownBefore = LivenessClock.Origin + ticks - TimeSpan.FromSeconds(60).Ticks,
            };
        }
    }

    public static byte[] KeyOf(string prefix, int number) => Encoding.ASCII.GetBytes($"{prefix}{number}");

    public StoreResult Store(
        StoreMode mode, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, out ulong newCas, uint flags = 0, long deadline = Expiry.Never, ulong cas = 0, int group = -1)
    {
        Moment now = Now;
        newCas = 0;
        using EpochGuard guard = Table.Enter();
        ItemWriter writer = Table.Writer;
        StoreResult result = writer.TryBegin(guard, key, flags, deadline, value.Length, now, out NewItem item);
        if (result != StoreResult.Stored)
        {
            return result;
        }

        if (writer.Append(guard, ref item, value, now) != StoreResult.Stored || writer.Append(guard, ref item, "\r\n"u8, now) != StoreResult.Stored)
        {
            writer.Discard(ref item);
            return StoreResult.OutOfMemory;
        }

        return writer.Commit(guard, ref item, mode, cas, group, now, out newCas);
    }

    public StoreResult Set(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, uint flags = 0, long deadline = Expiry.Never, int group = -1)
        => Store(StoreMode.Set, key, value, out _, flags, deadline, group: group);

    /// <summary>The value as a text, null if there is no item.</summary>
    public string? Get(ReadOnlySpan<byte> key, out ulong cas)
    {
        using EpochGuard guard = Table.Enter();
        LookupResult result = Table.TryGet(guard, key, Now, out ItemView item);
        return TextOf(result, item, out cas);
    }

    public bool Delete(ReadOnlySpan<byte> key)
    {
        using EpochGuard guard = Table.Enter();
        return Table.TryDelete(guard, key, Now, out _) == LookupResult.Found;
    }

    /// <summary>The value that was deleted, null if there was none.</summary>
    public string? Delete(ReadOnlySpan<byte> key, out ulong cas)
    {
        using EpochGuard guard = Table.Enter();
        LookupResult result = Table.TryDelete(guard, key, Now, out ItemView item);
        return TextOf(result, item, out cas);
    }

    public bool Touch(ReadOnlySpan<byte> key, long deadline) => Touch(key, deadline, out _, out _) == LookupResult.Found;

    public LookupResult Touch(ReadOnlySpan<byte> key, long deadline, out string? value, out ulong cas)
    {
        using EpochGuard guard = Table.Enter();
        LookupResult result = Table.Editor.TryTouch(guard, key, deadline, revives: false, Now, out ItemView item);
        value = TextOf(result, item, out cas);
        return result;
    }

    public ArithmeticResult Incr(ReadOnlySpan<byte> key, ulong delta, out ulong value, out ulong newCas)
    {
        using EpochGuard guard = Table.Enter();
        ArithmeticResult result = Table.Editor.TryAdd(guard, key, delta, up: true, Now, out value, out ItemView item);
        newCas = result == ArithmeticResult.Done ? item.Cas : 0;
        return result;
    }

    /// <summary>Takes back everything that can be; when no other thread is inside, everything that was retired.</summary>
    public void Settle() => Table.Crawl(maxPages: 0, Now);

    /// <summary>Blocks that are taken, retired ones included.</summary>
    public int BlocksInUse()
    {
        SlabAllocator slabs = Table.Core.Store.Slabs;
        int blocks = 0;
        for (int page = 1; page < slabs.PagesEnd; page++)
        {
            int word = slabs.Pages.Word(page);
            bool inUse = PageTable.StateIn(word) is not (PageState.Fresh or PageState.Pooled);
            blocks += inUse ? SizeClasses.BlocksInPage(PageTable.ClassIn(word)) - slabs.Pages.FreeBlocks(page) : 0;
        }

        return blocks;
    }

    private static string? TextOf(LookupResult result, ItemView item, out ulong cas)
    {
        cas = result == LookupResult.Found ? item.Cas : 0;
        return result == LookupResult.Found && !item.IsChunked ? Encoding.ASCII.GetString(item.Value[..^2]) : null;
    }
}
