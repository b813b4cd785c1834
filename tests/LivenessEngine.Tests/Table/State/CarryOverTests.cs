using LivenessEngine.Table;

namespace LivenessEngine.Tests.Table.State;

public sealed class CarryOverTests : IDisposable
{
    private readonly StateFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_larger_table_takes_over_what_is_there()
    {
        TestTable table = _folder.Start();
        _folder.File!.Image.Groups.Write(0, "compute"u8);
        table.Set("a", "1", table.In(TimeSpan.FromHours(1)), flags: 5);
        table.Set("large", TestTable.Pattern(300_000));
        table.Set("compute:x", "beat", group: 0);
        table.Join("compute:bare");
        table.Columns.SetUp(table.RowOf("compute:x"), true);
        table.Table.Record(table.Now, default, 0);
        (uint, ulong, long, int, bool) described = table.Describe("a");
        long length = new FileInfo(_folder.Path).Length;

        _folder.TableOptions = _folder.TableOptions with { MemoryLimit = 64 << 20 };
        for (int i = 0; i < 2; i++)
        {
            table = _folder.Restart();
            Assert.True(_folder.Restored.HasState);
            Assert.Equal((3L, 2L, 0L), (_folder.Restored.Items, _folder.Restored.Members, _folder.Restored.DidNotFit));
            Assert.Equal(described, table.Describe("a"));
            Assert.Equal(TestTable.Pattern(300_000), table.GetBytes("large"));
            Assert.True(table.Columns.IsUp(table.RowOf("compute:x"), long.MaxValue));
            Assert.False(table.Columns.IsUp(table.RowOf("compute:bare"), long.MaxValue));
            Assert.Equal(0, table.Columns.Group(table.RowOf("compute:bare")));
        }

        Assert.True(new FileInfo(_folder.Path).Length > length);
        Assert.Equal(2, Directory.GetFiles(Path.GetDirectoryName(_folder.Path)!).Length);
        Assert.Empty(_folder.Warnings);
    }

    [Fact]
    public void A_smaller_table_keeps_the_file_and_evicts_as_it_would_anyway()
    {
        TestTable table = _folder.Start();
        for (int i = 0; i < 1000; i++)
        {
            table.Set($"k{i}", TestTable.Pattern(5_000, i));
        }

        _folder.TableOptions = _folder.TableOptions with { MemoryLimit = 2 << 20 };
        table = _folder.Restart();
        Assert.Equal(1000, _folder.Restored.Items);
        for (int i = 0; i < 200; i++)
        {
            table.Table.Crawl(64, table.Now);
        }

        Assert.True(table.Slabs.PagesInUse <= 32);
        Assert.InRange(table.Count(TableCounter.Items), 1, 500);
    }
}
