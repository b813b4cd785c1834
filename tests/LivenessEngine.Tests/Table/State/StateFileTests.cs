using LivenessEngine.Table;

namespace LivenessEngine.Tests.Table.State;

public sealed class StateFileTests : IDisposable
{
    private readonly StateFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_that_was_not_there_holds_nothing()
    {
        TestTable table = _folder.Start();
        Assert.False(_folder.Restored.HasState);
        Assert.Equal((0L, 0L, 1L), (_folder.Restored.Items, _folder.Restored.Members, _folder.Restored.Starts));
        Assert.Null(table.Get("a"));
        Assert.Empty(_folder.Warnings);
    }

    [Fact]
    public void Everything_stored_is_there_after_a_kill()
    {
        TestTable table = _folder.Start();
        table.Set("a", "1", flags: 7);
        table.Set("a", "2", flags: 8);
        table.Set("gone", "x");
        table.Delete("gone");
        byte[] large = TestTable.Pattern(200_000);
        table.Set("large", large);
        table.Touch("large", table.In(TimeSpan.FromHours(1)));
        table.Set("n", "10");
        table.Add("n", 5);
        ulong cas = table.CasOf("a");
        table.Table.Record(table.Now, default, 0);

        table = _folder.Restart();
        Assert.True(_folder.Restored.HasState);
        Assert.False(_folder.Restored.CleanStop);
        Assert.Equal((3L, 0L, 0L, 2L), (_folder.Restored.Items, _folder.Restored.Dropped, _folder.Restored.Expired, _folder.Restored.Starts));
        Assert.Equal("2", table.Get("a"));
        Assert.Equal((8u, cas), (table.Describe("a").Flags, table.CasOf("a")));
        Assert.Null(table.Get("gone"));
        Assert.Equal(large, table.GetBytes("large"));
        Assert.Equal("15", table.Get("n"));
        table.Set("a", "3");
        Assert.True(table.CasOf("a") > cas + (1 << 20));
        Assert.Empty(_folder.Warnings);
    }

    [Fact]
    public void A_thousand_items_of_all_sizes_come_through_ten_kills()
    {
        TestTable table = _folder.Start();
        for (int round = 0; round < 10; round++)
        {
            for (int i = 0; i < 1000; i++)
            {
                if (round == 0 || i % 10 == round)
                {
                    table.Set($"k{i}", TestTable.Pattern(((i * 37) % 3000) + round, i + round));
                }
            }

            int blocks = table.BlocksInUse;
            table.Settle();
            long items = table.Count(TableCounter.Items), bytes = table.Count(TableCounter.Bytes);
            table = _folder.Restart();
            Assert.Equal((1000L, 0L), (_folder.Restored.Items, _folder.Restored.Dropped));
            Assert.Equal((items, bytes), (table.Count(TableCounter.Items), table.Count(TableCounter.Bytes)));
            Assert.Equal(1000, table.VisibleItems());
            Assert.True(table.BlocksInUse <= blocks);
            for (int i = 0; i < 1000; i++)
            {
                int last = i % 10 <= round ? i % 10 : 0;
                Assert.Equal(TestTable.Pattern(((i * 37) % 3000) + last, i + last), table.GetBytes($"k{i}"));
            }
        }
    }

    [Fact]
    public void A_stop_in_order_is_told_from_a_kill()
    {
        TestTable table = _folder.Start();
        table.Set("a", "1");
        _folder.Stop(table);
        table = _folder.Start();
        Assert.True(_folder.Restored.CleanStop);
        Assert.Equal("1", table.Get("a"));
        table.Table.Record(table.Now, default, 0);
        _folder.Restart();
        Assert.False(_folder.Restored.CleanStop);
    }

    [Fact]
    public void Items_keep_their_deadlines_on_the_wall_clock()
    {
        TestTable table = _folder.Start();
        table.Set("short", "1", table.In(TimeSpan.FromSeconds(10)));
        table.Set("long", "2", table.In(TimeSpan.FromSeconds(30)));
        table.Table.Record(table.Now, default, 0);
        table = _folder.Restart(DateTimeOffset.FromUnixTimeMilliseconds(table.In(TimeSpan.FromSeconds(20))));
        Assert.Equal((1L, 1L), (_folder.Restored.Items, _folder.Restored.Expired));
        Assert.Equal(TimeSpan.FromSeconds(20), _folder.Restored.Downtime);
        Assert.Null(table.Get("short"));
        Assert.Equal("2", table.Get("long"));
    }

    [Fact]
    public void What_was_flushed_stays_so_and_an_appointed_flush_is_kept()
    {
        TestTable table = _folder.Start();
        table.Set("a", "1");
        table.Table.Flush();
        table.Set("b", "2");
        table.Table.FlushAt(table.In(TimeSpan.FromSeconds(5)));
        table.Table.Record(table.Now, default, 0);
        table = _folder.Restart();
        Assert.Null(table.Get("a"));
        Assert.Equal("2", table.Get("b"));
        table.Advance(TimeSpan.FromSeconds(6));
        table.Table.KeepTime(table.Now);
        Assert.Null(table.Get("b"));
        table = _folder.Restart();
        Assert.Null(table.Get("b"));
    }

    [Fact]
    public void Members_keep_row_group_and_last_seen()
    {
        TestTable table = _folder.Start();
        int bare = table.Join("compute:a", 0);
        table.Set("compute:b", "value", group: 1);
        table.Set("compute:gone", "value", group: 1);
        table.Delete("compute:gone");
        _folder.File!.Image.Groups.Write(0, "compute"u8);
        _folder.File.Image.Groups.Write(1, "other"u8);
        table.Advance(TimeSpan.FromSeconds(1));
        table.Beat("compute:b");
        long seen = table.Now.Liveness;
        table.Table.Record(table.Now, default, 0);
        table.Advance(TimeSpan.FromSeconds(1));
        table.Beat("compute:a");

        table = _folder.Restart();
        Assert.Equal((1L, 2L, 0L), (_folder.Restored.Items, _folder.Restored.Members, _folder.Restored.Dropped));
        Assert.Equal(bare, table.RowOf("compute:a"));
        Assert.Equal("compute:b", table.NameOf(table.RowOf("compute:b")));
        Assert.Equal(1, table.Columns.Group(table.RowOf("compute:b")));
        Assert.Equal(seen, table.Columns.LastSeen(table.RowOf("compute:b")));
        Assert.Equal(seen + TimeSpan.TicksPerSecond, table.Columns.LastSeen(bare));
        Assert.Equal(seen + TimeSpan.TicksPerSecond + 1, _folder.Restored.Liveness);
        Assert.NotEqual(0, table.Join("compute:new", 0));
        Assert.Equal(3, new[] { bare, table.RowOf("compute:b"), table.RowOf("compute:new") }.Distinct().Count());
    }
}
