using LivenessEngine.Table;

namespace LivenessEngine.Tests.Table.State;

/// <summary>What is stale, who has won it, and versions that clients gave, after a restart.</summary>
public sealed class MarksTests : IDisposable
{
    private const ItemMarks All = ItemMarks.Stale | ItemMarks.Won | ItemMarks.BinaryKey | ItemMarks.OwnVersion;

    private readonly StateFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(8, 10)]
    [InlineData(8, 300_000)]
    [InlineData(8, 900_000)]
    [InlineData(64, 10)]
    [InlineData(64, 900_000)]
    public void They_are_there_after_a_restart_in_a_table_of_the_same_size_and_of_another(int megabytes, int length)
    {
        TestTable table = _folder.Start();
        byte[] value = TestTable.Pattern(length);
        table.Set("stale", value);
        table.Set("won", value);
        Store(table, "own", value, ItemMarks.BinaryKey | ItemMarks.OwnVersion, ulong.MaxValue);
        Store(table, "all", value, All, 5);
        Invalidate(table, "stale");
        Invalidate(table, "won");
        Visit(table, "won");
        string[] keys = ["stale", "won", "own", "all"];
        (ulong, ItemMarks)[] before = [.. keys.Select(key => Describe(table, key))];
        table.Table.Record(table.Now, default, 0);

        _folder.TableOptions = _folder.TableOptions with { MemoryLimit = (long)megabytes << 20 };
        table = _folder.Restart();
        Assert.Equal((4L, 0L), (_folder.Restored.Items, _folder.Restored.Dropped));
        Assert.Equal(before, keys.Select(key => Describe(table, key)));
        Assert.All(keys, key => Assert.Equal(value, table.GetBytes(key)));
        Assert.Equal((5ul, All), Describe(table, "all"));
        Assert.True(Visit(table, "stale"));
        Assert.False(Visit(table, "won"));
        Assert.Equal(StoreResult.Stored, table.Store(StoreMode.Cas, "own", "2", cas: ulong.MaxValue));
        Assert.True(Describe(table, "own").Version < ulong.MaxValue);
        Assert.Empty(_folder.Warnings);
    }

    private static void Store(TestTable table, string key, byte[] value, ItemMarks marks, ulong version)
    {
        using EpochGuard guard = table.Table.Enter();
        ItemWriter writer = table.Table.Writer;
        Assert.Equal(StoreResult.Stored, writer.TryBegin(guard, TestTable.Bytes(key), 0, BlockHeader.Never, value.Length, table.Now, out NewItem item, marks, version));
        Assert.Equal(StoreResult.Stored, writer.Append(guard, ref item, value, table.Now));
        Assert.Equal(StoreResult.Stored, writer.Append(guard, ref item, "\r\n"u8, table.Now));
        Assert.Equal(StoreResult.Stored, writer.Commit(guard, ref item, StoreMode.Set, 0, TestTable.NoGroup, table.Now, out ulong stored));
        Assert.Equal(version, stored);
    }

    private static void Invalidate(TestTable table, string key)
    {
        using EpochGuard guard = table.Table.Enter();
        Assert.Equal(
            LookupResult.Found,
            table.Table.Editor.TryInvalidate(guard, TestTable.Bytes(key), new Invalidation { MarksStale = true }, table.Now, out _));
    }

    private static bool Visit(TestTable table, string key)
    {
        using EpochGuard guard = table.Table.Enter();
        var visit = new Visit { MayWin = true };
        Assert.Equal(LookupResult.Found, table.Table.Editor.TryVisit(guard, TestTable.Bytes(key), ref visit, table.Now, out _));
        return visit.Won;
    }

    private static (ulong Version, ItemMarks Marks) Describe(TestTable table, string key)
    {
        using EpochGuard guard = table.Table.Enter();
        Assert.Equal(LookupResult.Found, table.Table.TryGet(guard, TestTable.Bytes(key), table.Now, out ItemView item));
        return (item.Cas, item.Marks);
    }
}
