using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Tests.Table;

public sealed class LivenessTableTests
{
    private readonly TestTable _table = new();

    [Fact]
    public void An_item_is_there_until_the_millisecond_before_its_deadline()
    {
        _table.Set("k", "v", _table.In(TimeSpan.FromMilliseconds(100)));
        _table.Advance(TimeSpan.FromMilliseconds(99));
        Assert.Equal(LookupResult.Found, _table.Look("k"));
        _table.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(LookupResult.Expired, _table.Look("k"));
        Assert.Equal(LookupResult.Missing, _table.Look("k"));
    }

    [Fact]
    public void An_expired_item_that_is_asked_for_is_removed_and_counted()
    {
        _table.Set("k", "v", _table.In(TimeSpan.FromSeconds(1)));
        _table.Advance(TimeSpan.FromSeconds(1));
        _table.Look("k");
        Assert.Equal(1, _table.Count(TableCounter.ExpiredOnRead));
        Assert.Equal(1, _table.Count(TableCounter.ExpiredUnfetched));
        Assert.Equal(0, _table.Count(TableCounter.Items));
        _table.Settle();
        Assert.Equal(0, _table.BlocksInUse);
    }

    [Fact]
    public void An_expired_item_of_a_member_that_is_asked_for_leaves_the_member()
    {
        _table.Set("k", "v", _table.In(TimeSpan.FromSeconds(1)), group: 0);
        int row = _table.RowOf("k");
        _table.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(LookupResult.Expired, _table.Look("k"));
        Assert.Equal(row, _table.RowOf("k"));
    }

    [Theory]
    [InlineData(Expiry.AlreadyExpired, nameof(LookupResult.Expired))]
    [InlineData(-5, nameof(LookupResult.Expired))]
    [InlineData(Expiry.Never, nameof(LookupResult.Found))]
    public void Deadlines_at_the_ends(long deadline, string expected)
    {
        Assert.Equal(StoreResult.Stored, _table.Set("k", "v", deadline));
        Assert.Equal(expected, _table.Look("k").ToString());
    }

    [Fact]
    public void Delete_tells_what_was_there()
    {
        Assert.Equal(LookupResult.Missing, _table.Delete("k"));
        _table.Set("k", "v");
        Assert.Equal(LookupResult.Found, _table.Delete("k"));
        Assert.Equal(LookupResult.Missing, _table.Delete("k"));
        _table.Set("k", "v", Expiry.AlreadyExpired);
        Assert.Equal(LookupResult.Expired, _table.Delete("k"));
        _table.Set("k", "v");
        _table.Table.Flush();
        Assert.Equal(LookupResult.Flushed, _table.Delete("k"));
    }

    [Fact]
    public void Delete_shows_the_item_that_it_deleted()
    {
        _table.Set("k", "v", flags: 3);
        using EpochGuard guard = _table.Table.Enter();
        _table.Table.TryDelete(guard, "k"u8, _table.Now, out ItemView item);
        Assert.Equal(3u, item.Flags);
        Assert.Equal("v\r\n"u8, item.Value);
    }

    [Fact]
    public void A_flush_hides_everything_stored_before_it_and_nothing_after()
    {
        for (int i = 0; i < 100; i++)
        {
            _table.Set($"k{i}", "v");
        }

        _table.Table.Flush();
        _table.Set("k7", "new");
        Assert.Equal("new", _table.Get("k7"));
        Assert.Equal(LookupResult.Flushed, _table.Look("k8"));
        Assert.All(Enumerable.Range(8, 92), i => Assert.Null(_table.Get($"k{i}")));
    }

    [Fact]
    public void A_delayed_flush_hides_what_was_stored_until_then()
    {
        _table.Set("before", "v");
        long due = _table.In(TimeSpan.FromSeconds(10));
        _table.Table.FlushAt(due);
        Keep();
        Assert.Equal("v", _table.Get("before"));
        _table.Advance(TimeSpan.FromMilliseconds(9_999));
        Keep();
        _table.Set("between", "v");
        Assert.Equal("v", _table.Get("before"));
        _table.Advance(TimeSpan.FromMilliseconds(1));
        Keep();
        Assert.Null(_table.Get("before"));
        Assert.Null(_table.Get("between"));
        _table.Set("after", "v");
        _table.Advance(TimeSpan.FromSeconds(100));
        Keep();
        Assert.Equal("v", _table.Get("after"));

        void Keep() => _table.Table.KeepTime(_table.Now);
    }

    [Fact]
    public void A_later_appointment_replaces_an_earlier_one_and_a_flush_ends_it()
    {
        _table.Table.FlushAt(_table.In(TimeSpan.FromSeconds(1)));
        _table.Table.FlushAt(_table.In(TimeSpan.FromSeconds(5)));
        _table.Set("k", "v");
        _table.Advance(TimeSpan.FromSeconds(2));
        _table.Table.KeepTime(_table.Now);
        Assert.Equal("v", _table.Get("k"));
        _table.Table.Flush();
        _table.Set("k", "v");
        _table.Advance(TimeSpan.FromSeconds(10));
        _table.Table.KeepTime(_table.Now);
        Assert.Equal("v", _table.Get("k"));
    }

    [Fact]
    public void A_flush_leaves_members_and_takes_their_items()
    {
        _table.Set("m", "v", group: 0);
        int row = _table.RowOf("m");
        _table.Table.Flush();
        Assert.Null(_table.Get("m"));
        Assert.Equal(row, _table.RowOf("m"));
    }

    [Fact]
    public void The_memory_of_flushed_items_is_taken_back()
    {
        for (int i = 0; i < 10_000; i++)
        {
            _table.Set($"k{i}", new byte[100]);
        }

        _table.Set("m", "v", group: 0);
        _table.Table.Flush();
        _table.Table.Crawl(maxPages: 1000, _table.Now);
        Assert.Equal(0, _table.Count(TableCounter.Items));
        Assert.Equal(1, _table.BlocksInUse);
        Assert.NotEqual(0, _table.RowOf("m"));
    }

    [Fact]
    public void The_crawl_takes_back_expired_items_and_nothing_else()
    {
        for (int i = 0; i < 1000; i++)
        {
            _table.Set($"short{i}", new byte[i], _table.In(TimeSpan.FromSeconds(1)));
            _table.Set($"long{i}", new byte[i], _table.In(TimeSpan.FromSeconds(100)));
            _table.Set($"for ever{i}", new byte[i]);
        }

        _table.Set("short and large", new byte[500_000], _table.In(TimeSpan.FromSeconds(1)));
        _table.Set("member", "v", _table.In(TimeSpan.FromSeconds(1)), group: 0);
        _table.Table.Crawl(1000, _table.Now);
        Assert.Equal(3002, _table.Count(TableCounter.Items));
        _table.Advance(TimeSpan.FromSeconds(1));
        _table.Table.Crawl(1000, _table.Now);
        Assert.Equal(2000, _table.Count(TableCounter.Items));
        Assert.Equal(1001, _table.Count(TableCounter.CrawlerReclaimed));
        Assert.Equal(0, _table.Count(TableCounter.Evictions));
        Assert.NotEqual(0, _table.RowOf("member"));
        Assert.Equal(2001, _table.BlocksInUse);
    }

    [Fact]
    public void The_crawl_comes_to_every_page_however_few_it_may_look_at()
    {
        // All pages have something expired at every step, so that a crawl from the same end would never see the others.
        for (int i = 0; i < 20_000; i++)
        {
            _table.Set($"k{i}", new byte[100], _table.In(TimeSpan.FromSeconds(1 + (i % 100))));
        }

        int pages = _table.Slabs.PagesInUse;
        for (int i = 0; i < pages; i++)
        {
            _table.Advance(TimeSpan.FromSeconds(1));
            _table.Table.Crawl(maxPages: 1, _table.Now);
        }

        for (int page = 1; page <= pages; page++)
        {
            Assert.True(_table.Slabs.Pages.FreeBlocks(page) > 0, $"page {page} of {pages} was never looked at");
        }
    }

    [Fact]
    public void Dropping_an_item_leaves_its_member()
    {
        _table.Set("item", "v");
        _table.Set("member", "v", group: 0);
        _table.Join("bare");
        foreach (string key in new[] { "item", "member", "bare", "nobody" })
        {
            using EpochGuard guard = _table.Table.Enter();
            Assert.True(_table.Table.DropItem(guard, TestTable.Bytes(key)));
        }

        Assert.Null(_table.Get("item"));
        Assert.Null(_table.Get("member"));
        Assert.NotEqual(0, _table.RowOf("member"));
        Assert.NotEqual(0, _table.RowOf("bare"));
        Assert.Equal(0, _table.Count(TableCounter.Items));
    }

    [Fact]
    public void Dropping_an_item_of_a_member_ends_even_when_there_is_no_memory_at_all()
    {
        var table = new TestTable(pages: 2, evict: false);
        table.Set("compute:member", new byte[5000], group: 0);
        using (new EpochHolder())
        {
            // The holder keeps everything from coming back, so the beats use up the overdraft.
            for (int i = 0; table.Set("compute:member", new byte[30_000], group: 0) == StoreResult.Stored; i++)
            {
                Assert.True(i < 1000, "there is no limit");
            }

            using EpochGuard guard = table.Table.Enter();
            Assert.False(table.Table.DropItem(guard, "compute:member"u8));
        }

        using (EpochGuard guard = table.Table.Enter())
        {
            table.Table.Core.Crawl(guard, 0, table.Now);
            Assert.True(table.Table.DropItem(guard, "compute:member"u8));
        }

        Assert.NotEqual(0, table.RowOf("compute:member"));
    }

    [Theory]
    [InlineData(1L << 33)]
    [InlineData(1L << 36)]
    [InlineData(1L << 41)]
    public void A_table_may_be_larger_than_the_numbers_of_its_buckets_in_bytes(long limit)
    {
        var table = new TestTable(new TableOptions { MemoryLimit = limit });
        Assert.Equal(limit, table.Table.MemoryLimit);
        table.Set("k", "v");
        Assert.Equal("v", table.Get("k"));
        Assert.NotEqual(0, table.Join("member"));
    }

    [Fact]
    public void The_limit_may_be_raised_up_to_the_reserve_and_lowered()
    {
        var table = new TestTable(new TableOptions { MemoryLimit = 1 << 20, MemoryReserve = 4 << 20 });
        Assert.Equal(1 << 20, table.Table.MemoryLimit);
        Assert.True(table.Table.TrySetMemoryLimit(4 << 20));
        Assert.Equal(4 << 20, table.Table.MemoryLimit);
        Assert.False(table.Table.TrySetMemoryLimit((4 << 20) + 1));
        Assert.Equal(4 << 20, table.Table.MemoryLimit);
        Assert.True(table.Table.TrySetMemoryLimit(2 << 20));
        Assert.Equal(2 << 20, table.Table.MemoryLimit);
    }

    [Fact]
    public void Nothing_is_lost_while_the_index_grows()
    {
        const int keys = 100_000;
        int before = _table.Table.Core.Index.BucketsLog2;
        for (int i = 0; i < keys; i++)
        {
            Assert.Equal(StoreResult.Stored, _table.Set($"compute:node-{i:D7}", $"{i}"));
        }

        Assert.InRange(_table.Table.Core.Index.BucketsLog2, before + 4, 18);
        for (int i = 0; i < keys; i++)
        {
            Assert.Equal($"{i}", _table.Get($"compute:node-{i:D7}"));
        }

        Assert.Null(_table.Get("compute:node-9999999"));
        Assert.Equal(keys, _table.Count(TableCounter.Items));
    }

    [Fact]
    public void Keys_whose_whole_hashes_are_the_same_are_told_apart()
    {
        (string one, string other) = Collision();
        _table.Set(one, "one");
        Assert.Null(_table.Get(other));
        _table.Set(other, "other");
        Assert.Equal("one", _table.Get(one));
        Assert.Equal("other", _table.Get(other));
        _table.Delete(one);
        Assert.Null(_table.Get(one));
        Assert.Equal("other", _table.Get(other));
        Assert.NotEqual(0, _table.Join(one));
        Assert.Equal(one, _table.NameOf(_table.RowOf(one)));
    }

    // Among 300,000 keys some ten pairs have the same 32 bits.
    private (string One, string Other) Collision()
    {
        var seen = new Dictionary<uint, string>();
        for (int i = 0; ; i++)
        {
            string key = $"key{i}";
            uint hash = _table.Table.Core.HashOf(TestTable.Bytes(key));
            if (!seen.TryAdd(hash, key))
            {
                return (seen[hash], key);
            }
        }
    }

    [Fact]
    public void A_walk_comes_by_every_item_once()
    {
        var expected = new HashSet<string>();
        for (int i = 0; i < 3000; i++)
        {
            _table.Set($"k{i}", new byte[i * 5], i % 5 == 0 ? Expiry.AlreadyExpired : Expiry.Never);
            if (i % 5 != 0)
            {
                expected.Add($"k{i}");
            }
        }

        _table.Join("bare");
        var seen = new List<string>();
        var cursor = new ItemCursor(-1);
        using EpochGuard guard = _table.Table.Enter();
        while (!cursor.IsAtEnd)
        {
            if (_table.Table.TryNext(guard, ref cursor, _table.Now, out ItemView item))
            {
                seen.Add(System.Text.Encoding.ASCII.GetString(item.Key));
            }
        }

        Assert.Equal(expected.Count, seen.Count);
        Assert.Equal(expected, seen.ToHashSet());
    }

    [Fact]
    public void Looking_ahead_changes_nothing()
    {
        _table.Table.Prefetch("k"u8);
        Assert.Equal(LookupResult.Missing, _table.Look("k"));
    }
}
