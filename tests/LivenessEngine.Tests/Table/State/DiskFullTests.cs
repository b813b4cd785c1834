using LivenessEngine.Table;
using LivenessEngine.Table.State;

namespace LivenessEngine.Tests.Table.State;

public sealed class DiskFullTests : IDisposable
{
    private readonly StateFolder _folder = new();
    private bool _isFull;

    public DiskFullTests()
    {
        _folder.TableOptions = new TableOptions { MemoryLimit = 64 << 20 };
        _folder.Options = _folder.Options with { TakeSpace = (_, _) => !_isFull };
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_table_stays_within_what_it_has_and_says_so_once()
    {
        TestTable table = _folder.Start();
        table.Set("a", "1");
        _isFull = true;
        for (int i = 0; i < 10_000; i++)
        {
            Assert.Equal(StoreResult.Stored, table.Set($"k{i}", TestTable.Pattern(5_000)));
        }

        Assert.InRange(table.Slabs.PagesInUse, 200, 256);
        Assert.True(table.Count(TableCounter.Evictions) > 0);
        Assert.Contains("no room", Assert.Single(_folder.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_eviction_a_store_is_refused()
    {
        _folder.TableOptions = _folder.TableOptions with { Evict = false };
        TestTable table = _folder.Start();
        table.Set("a", "1");
        _isFull = true;
        StoreResult result = StoreResult.Stored;
        for (int i = 0; i < 10_000 && result == StoreResult.Stored; i++)
        {
            result = table.Set($"k{i}", TestTable.Pattern(5_000));
        }

        Assert.Equal(StoreResult.OutOfMemory, result);
        Assert.Equal("1", table.Get("a"));
    }

    [Fact]
    public void A_full_disk_at_the_start_is_an_error_that_names_the_file()
    {
        _isFull = true;
        var fault = Assert.Throws<StateFileException>(() => _folder.Start());
        Assert.Contains(_folder.Path, fault.Message, StringComparison.Ordinal);
        _isFull = false;
        Assert.Equal("1", Stored(_folder.Start()));
    }

    private static string? Stored(TestTable table)
    {
        table.Set("a", "1");
        return table.Get("a");
    }
}
