using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Tests.Table;

public sealed class EvictorTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ServiceDownTime = TimeSpan.FromSeconds(60);

    private const int ValueLength = 200;

    /// <summary>How many items with keys of 7 bytes and such values a table of so many pages holds.</summary>
    private static int Capacity(int pages, int valueLength = ValueLength)
        => pages * SizeClasses.BlocksInPage(SizeClasses.ClassOf(BlockHeader.Size + 7 + valueLength + BlockStore.CrLf));

    private static string Key(string prefix, int number) => $"{prefix}{number:D6}";

    private static void Fill(TestTable table, string prefix, int count, long deadline = Expiry.Never, int group = TestTable.NoGroup)
    {
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(StoreResult.Stored, table.Set(Key(prefix, i), new byte[ValueLength], deadline, group));
        }
    }

    private static int Survivors(TestTable table, string prefix, int count)
        => Enumerable.Range(0, count).Count(i => table.Look(Key(prefix, i)) == LookupResult.Found);

    [Fact]
    public void Expired_items_go_first()
    {
        var table = new TestTable(pages: 16);
        int half = Capacity(8);
        for (int i = 0; i < half; i++)
        {
            table.Set(Key("s", i), new byte[ValueLength], table.In(Second));
            table.Set(Key("l", i), new byte[ValueLength]);
        }

        table.Advance(Second);
        Fill(table, "n", half);
        Assert.Equal(0, table.Count(TableCounter.Evictions));
        Assert.Equal(half, table.Count(TableCounter.Reclaimed));
        Assert.Equal(half, Survivors(table, "l", half));
        Assert.Equal(half, Survivors(table, "n", half));
    }

    [Fact]
    public void Then_goes_what_was_not_used_for_longest()
    {
        var table = new TestTable(pages: 16);
        int count = Capacity(16);
        Fill(table, "k", count);
        table.Advance(Second);
        for (int i = 0; i < count; i += 4)
        {
            Assert.Equal(LookupResult.Found, table.Look(Key("k", i)));
        }

        table.Advance(Second);
        Fill(table, "n", count / 2);
        Assert.Equal(count / 2, Survivors(table, "n", count / 2));
        Assert.All(Enumerable.Range(0, count), i => Assert.True(i % 4 != 0 || table.Get(Key("k", i)) != null, $"{i} was used and is gone"));
        Assert.True(table.Count(TableCounter.Evictions) >= count / 2);
    }

    [Fact]
    public void Of_many_generations_the_youngest_survive()
    {
        const int generations = 20;
        var table = new TestTable(pages: 20);
        int each = Capacity(20) / generations;
        for (int generation = 0; generation < generations; generation++)
        {
            Fill(table, $"{(char)('a' + generation)}", each);
            table.Advance(Second);
        }

        // Room for half of them again. The sample makes the order approximate: the younger third has to be there.
        Fill(table, "n", each * generations / 2);
        for (int generation = generations * 2 / 3; generation < generations; generation++)
        {
            Assert.Equal(each, Survivors(table, $"{(char)('a' + generation)}", each));
        }

        Assert.True(Survivors(table, "a", each) < each / 2, "the oldest are mostly gone");
    }

    [Fact]
    public void What_is_evicted_is_counted_by_whether_it_was_ever_read()
    {
        var table = new TestTable(pages: 4);
        int count = Capacity(4);
        Fill(table, "k", count);
        Survivors(table, "k", count / 2);
        table.Advance(Second);
        Fill(table, "n", 3 * count);
        Assert.True(table.Count(TableCounter.Evictions) >= 2 * count);
        Assert.InRange(table.Count(TableCounter.Evictions) - table.Count(TableCounter.EvictedUnfetched), count / 2, count / 2);
    }

    [Fact]
    public void A_member_that_is_alive_outlives_all_traffic()
    {
        var table = new TestTable(pages: 16);
        int members = Capacity(10);
        Fill(table, "m", members, group: 0);
        int[] rows = [.. Enumerable.Range(0, members).Select(i => table.RowOf(Key("m", i)))];
        table.Advance(TimeSpan.FromSeconds(60));
        Fill(table, "n", 5 * Capacity(16));
        Assert.Equal(members, Survivors(table, "m", members));
        Assert.Equal(rows, Enumerable.Range(0, members).Select(i => table.RowOf(Key("m", i))));
        Assert.Null(table.Columns.TakeDepartures());
    }

    [Fact]
    public void A_beat_by_handle_keeps_a_member_alive()
    {
        var table = new TestTable(pages: 8);
        Fill(table, "m", Capacity(4), group: 0);
        for (int round = 0; round < 5; round++)
        {
            table.Advance(TimeSpan.FromSeconds(50));
            for (int i = 0; i < Capacity(4); i++)
            {
                int row = table.RowOf(Key("m", i));
                Assert.True(table.Table.Members.TryTouch(row, table.Columns.Tenure(row), table.Now.Liveness));
            }

            Fill(table, "n", Capacity(8));
        }

        Assert.Equal(Capacity(4), Survivors(table, "m", Capacity(4)));
    }

    [Fact]
    public void A_member_that_is_dead_goes_as_anything_else_and_has_left()
    {
        var table = new TestTable(pages: 8);
        int members = Capacity(4);
        Fill(table, "m", members, group: 3);
        table.Advance(ServiceDownTime + TimeSpan.FromTicks(1));
        Fill(table, "n", 2 * Capacity(8));
        Assert.Equal(0, Survivors(table, "m", members));
        var left = new List<string>();
        for (Departure? departure = table.Columns.TakeDepartures(); departure != null; departure = departure.Next)
        {
            Assert.Equal(3, table.Columns.Group(departure.Row));
            left.Add(departure.Name);
        }

        Assert.Equal(Enumerable.Range(0, members).Select(i => Key("m", i)), left.Order());
    }

    [Fact]
    public void A_dead_member_that_beat_lately_goes_after_older_items()
    {
        var table = new TestTable(pages: 16);
        int half = Capacity(8);
        Fill(table, "m", half, group: 0);
        Fill(table, "k", half);
        table.Advance(TimeSpan.FromSeconds(100));
        for (int i = 0; i < half; i++)
        {
            table.Beat(Key("m", i));
        }

        table.Advance(TimeSpan.FromSeconds(61));
        Fill(table, "n", half / 2);
        Assert.Equal(half, Survivors(table, "m", half));
    }

    [Fact]
    public void Without_eviction_a_store_is_refused_and_everything_stays()
    {
        var table = new TestTable(pages: 4, evict: false);
        int count = Capacity(4);
        Fill(table, "k", count);
        Assert.Equal(StoreResult.OutOfMemory, table.Set(Key("n", 0), new byte[ValueLength]));
        Assert.Equal(StoreResult.OutOfMemory, table.Set("large", new byte[100_000]));
        Assert.Equal(0, table.Join("a member"));
        Assert.Equal(count, Survivors(table, "k", count));
        Assert.Equal(4, table.Slabs.PagesInUse);
        Assert.Equal(3, table.Count(TableCounter.OutOfMemory));
    }

    [Fact]
    public void Without_eviction_what_is_there_can_be_replaced_touched_and_counted()
    {
        var table = new TestTable(pages: 4, evict: false);
        Fill(table, "k", Capacity(4));
        for (int i = 0; i < 5000; i++)
        {
            string key = Key("k", i % Capacity(4));
            Assert.Equal(StoreResult.Stored, table.Set(key, TestTable.Bytes("1".PadRight(ValueLength))));
            Assert.Equal(LookupResult.Found, table.Touch(key, table.In(TimeSpan.FromSeconds(1000))));
            Assert.Equal(ArithmeticResult.Done, table.Add(key, 1).Result);
        }

        Assert.Equal(Capacity(4), Survivors(table, "k", Capacity(4)));
    }

    [Fact]
    public void Without_eviction_expired_items_make_room()
    {
        var table = new TestTable(pages: 4, evict: false);
        int count = Capacity(4);
        Fill(table, "k", count, table.In(Second));
        Assert.Equal(StoreResult.OutOfMemory, table.Set(Key("n", 0), new byte[ValueLength]));
        table.Advance(Second);
        Fill(table, "n", count);
        Assert.Equal(count, Survivors(table, "n", count));
    }

    [Fact]
    public void Without_eviction_flushed_items_make_room()
    {
        var table = new TestTable(pages: 4, evict: false);
        int count = Capacity(4);
        Fill(table, "k", count);
        table.Table.Flush();
        Fill(table, "n", count);
        Assert.Equal(count, Survivors(table, "n", count));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_class_without_pages_gets_one_that_another_does_not_need(bool evict)
    {
        var table = new TestTable(pages: 8, evict);
        int count = Capacity(8);
        Fill(table, "k", count);
        for (int i = 0; i < count; i++)
        {
            if (i % 4 != 0)
            {
                table.Delete(Key("k", i));
            }
        }

        table.Advance(Second);
        Assert.Equal(8, table.Slabs.PagesInUse);
        for (int i = 0; i < 6 * (SizeClasses.PageSize / 10_000); i++)
        {
            table.Advance(TimeSpan.FromMilliseconds(100));
            Assert.Equal(StoreResult.Stored, table.Set(Key("large", i), new byte[9_000]));
        }

        // The hand of the large class may find a few of its own first; nothing of the other class goes.
        Assert.InRange(table.Count(TableCounter.PagesMoved), 5, 8);
        Assert.InRange(table.Count(TableCounter.Evictions), 0, 8);
        Assert.Equal((count + 3) / 4, Survivors(table, "k", count));
    }

    [Fact]
    public void A_class_in_need_takes_what_is_oldest_of_all()
    {
        var table = new TestTable(pages: 8);
        Fill(table, "k", Capacity(4));
        table.Advance(Second);
        int large = 4 * SizeClasses.BlocksInPage(SizeClasses.ClassOf(9_100));
        for (int i = 0; i < 3 * large; i++)
        {
            Assert.Equal(StoreResult.Stored, table.Set(Key("g", i), new byte[9_000]));
            table.Advance(Second);
        }

        Assert.Equal(0, Survivors(table, "k", Capacity(4)));
        Assert.InRange(Survivors(table, "g", 3 * large), large, 2 * large);
    }

    [Fact]
    public void Members_move_when_their_page_is_wanted_and_keep_their_rows()
    {
        var table = new TestTable(pages: 8, evict: false);
        int members = Capacity(8);
        Fill(table, "m", members, group: 0);
        var rows = new Dictionary<string, (int Row, uint Tenure)>();
        for (int i = 0; i < members; i++)
        {
            if (i % 8 == 0)
            {
                int row = table.RowOf(Key("m", i));
                rows[Key("m", i)] = (row, table.Columns.Tenure(row));
            }
            else
            {
                table.Leave(Key("m", i));
            }
        }

        table.SweepDepartures();
        for (int i = 0; i < 6 * SizeClasses.BlocksInPage(SizeClasses.ClassOf(9_100)); i++)
        {
            Assert.Equal(StoreResult.Stored, table.Set(Key("g", i), new byte[9_000]));
        }

        Assert.True(table.Count(TableCounter.PagesMoved) >= 5);
        table.Advance(Second);
        foreach ((string key, (int row, uint tenure)) in rows)
        {
            Assert.Equal(row, table.RowOf(key));
            Assert.Equal(key, table.NameOf(row));
            Assert.Equal(new byte[ValueLength], table.GetBytes(key));
            Assert.True(table.Table.Members.TryTouch(row, tenure, table.Now.Liveness));
        }
    }

    [Fact]
    public void Pages_with_something_retired_by_an_idle_thread_are_taken_too()
    {
        var table = new TestTable(pages: 8);
        int count = Capacity(8);
        Fill(table, "k", count);
        using var stay = new ManualResetEventSlim();
        using var done = new ManualResetEventSlim();
        var idle = new Thread(() =>
        {
            for (int i = 0; i < count; i += 20)
            {
                table.Delete(Key("k", i));
            }

            done.Set();
            stay.Wait();
        });
        idle.Start();
        done.Wait(TestContext.Current.CancellationToken);
        table.Advance(Second);
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(StoreResult.Stored, table.Set(Key("g", i), new byte[9_000]));
        }

        stay.Set();
        idle.Join();
    }

    [Fact]
    public void A_page_is_emptied_though_a_stopped_thread_keeps_back_what_was_retired_there()
    {
        var table = new TestTable(pages: 8);
        int count = Capacity(8);
        Fill(table, "k", count);
        table.Advance(Second);
        using var holder = new EpochHolder();
        for (int i = 0; i < count; i += 20)
        {
            table.Delete(Key("k", i));
        }

        Assert.Equal(StoreResult.Stored, table.Set(Key("g", 0), new byte[9_000]));
    }

    [Fact]
    public void What_is_published_in_a_page_after_it_was_emptied_does_not_keep_it_out_of_use()
    {
        // The only pages of the small class; one item is being written while they are emptied for the large one.
        var table = new TestTable(pages: 2);
        Fill(table, "k", Capacity(2) - 1);
        table.Advance(Second);
        EpochGuard guard = table.Table.Enter();
        Assert.Equal(StoreResult.Stored, table.Table.Writer.TryBegin(guard, "pending"u8, 0, Expiry.Never, ValueLength, table.Now, out NewItem item));
        guard.Dispose();
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(StoreResult.Stored, table.Set(Key("g", i), new byte[30_000]));
        }

        Assert.Equal(1, table.Slabs.PagesDraining);
        guard = table.Table.Enter();
        table.Table.Writer.Append(guard, ref item, new byte[ValueLength], table.Now);
        table.Table.Writer.Append(guard, ref item, "\r\n"u8, table.Now);
        Assert.Equal(StoreResult.Stored, table.Table.Writer.Commit(guard, ref item, StoreMode.Set, 0, -1, table.Now, out _));
        guard.Dispose();
        Assert.Equal(1, table.Slabs.PagesDraining);
        table.Table.Crawl(0, table.Now);
        Assert.Equal(0, table.Slabs.PagesDraining);
    }

    [Fact]
    public void A_page_that_is_asked_for_costs_no_other_page_though_live_members_keep_all_of_them()
    {
        var table = new TestTable(pages: 8);
        int count = Capacity(8);
        int perPage = Capacity(1);
        for (int i = 0; i < count; i++)
        {
            table.Set(Key("k", i), new byte[ValueLength], group: i % perPage == perPage / 2 ? 0 : TestTable.NoGroup);
        }

        table.Advance(Second);
        Assert.False(table.Table.TryFreePageOf(SizeClasses.ClassOf(BlockHeader.Size + 7 + ValueLength + BlockStore.CrLf), table.Now));

        Assert.Equal(perPage - 1, table.Count(TableCounter.Evictions));
        Assert.Equal(0, table.Slabs.PagesDraining);
        Assert.Equal(8, Enumerable.Range(0, 8).Count(page => table.Look(Key("k", (page * perPage) + (perPage / 2))) == LookupResult.Found));
    }

    [Fact]
    public void The_page_that_is_asked_for_is_the_one_that_was_not_used_for_longest()
    {
        var table = new TestTable(pages: 8);
        int perPage = Capacity(1);
        Fill(table, "k", Capacity(8));
        table.Advance(Second);
        for (int i = 0; i < Capacity(8); i++)
        {
            Assert.True(i / perPage == 2 || table.Get(Key("k", i)) != null);
        }

        Assert.True(table.Table.TryFreePageOf(SizeClasses.ClassOf(BlockHeader.Size + 7 + ValueLength + BlockStore.CrLf), table.Now));
        table.Settle();

        Assert.Equal(7, table.Slabs.PagesInUse);
        Assert.Equal(Capacity(7), Survivors(table, "k", Capacity(8)));
        Assert.Equal(perPage, table.Count(TableCounter.Evictions));
    }

    [Fact]
    public void Known_members_are_stored_when_memory_is_full_of_live_ones_and_nothing_else_is()
    {
        var table = new TestTable(pages: 16);
        int members = Capacity(16);
        Fill(table, "m", members, group: 0);
        Assert.Equal(StoreResult.OutOfMemory, table.Set(Key("x", 0), new byte[ValueLength]));
        Assert.Equal(0, table.Join("another"));
        for (int i = 0; i < 3 * members; i++)
        {
            Assert.Equal(StoreResult.Stored, table.Set(Key("m", i % members), new byte[ValueLength], group: 0));
        }

        Assert.Equal(members, Survivors(table, "m", members));
        Assert.Equal(0, table.Count(TableCounter.Evictions));
    }

    [Fact]
    public void However_many_threads_beat_and_fall_idle_known_members_are_stored()
    {
        // Each leaves a few hundred retired blocks behind, together far more than the overdraft.
        var table = new TestTable(pages: 16);
        int members = Capacity(16);
        Fill(table, "m", members, group: 0);
        using var stay = new ManualResetEventSlim();
        var threads = new List<Thread>();
        int refused = 0;
        for (int t = 0; t < 30; t++)
        {
            using var done = new ManualResetEventSlim();
            int first = t * 200;
            var thread = new Thread(() =>
            {
                for (int i = 0; i < 200; i++)
                {
                    refused += table.Set(Key("m", (first + i) % members), new byte[ValueLength], group: 0) == StoreResult.Stored ? 0 : 1;
                }

                done.Set();
                stay.Wait();
            });
            thread.Start();
            done.Wait(TestContext.Current.CancellationToken);
            threads.Add(thread);
        }

        stay.Set();
        threads.ForEach(thread => thread.Join());
        Assert.Equal(0, refused);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Memory_stays_within_the_limit_and_its_overdraft_whatever_comes(bool members)
    {
        var table = new TestTable(pages: 32);
        var random = new Random(3);
        for (int i = 0; i < 30_000; i++)
        {
            table.Set($"k{random.Next(3000)}", new byte[random.Next(random.Next(10) == 0 ? 100_000 : 2_000)], group: members && i % 7 == 0 ? 0 : -1);
            Assert.InRange(table.Slabs.PagesInUse, 0, 32 + table.Slabs.Overdraft);
            if (i % 100 == 0)
            {
                table.Advance(Second);
            }
        }
    }

    [Fact]
    public void Freed_memory_is_used_again_over_50_times_the_limit()
    {
        var table = new TestTable(pages: 16);
        long limit = 16L * SizeClasses.PageSize;
        var random = new Random(7);
        long stored = 0;
        while (stored < 50 * limit)
        {
            int length = random.Next(3) switch { 0 => 100, 1 => random.Next(3_000), _ => random.Next(200_000) };
            Assert.Equal(StoreResult.Stored, table.Set($"k{random.Next(5000)}", new byte[length]));
            stored += length;
            if (random.Next(20) == 0)
            {
                table.Advance(Second);
                table.Table.Crawl(4, table.Now);
            }
        }

        Assert.Equal(0, table.Count(TableCounter.OutOfMemory));
        Assert.InRange(table.Slabs.PagesInUse, 10, 16 + table.Slabs.Overdraft);
    }

    // Stamps wrap, and a bound that was never set must not look young or old by the season.
    [Theory]
    [InlineData("2024-01-01")]
    [InlineData("2025-01-01")]
    [InlineData("2026-01-01")]
    [InlineData("2027-01-01")]
    [InlineData("2028-01-01")]
    public void Large_items_are_evicted_and_their_chunks_come_back(string date)
    {
        var start = DateTimeOffset.Parse(date, System.Globalization.CultureInfo.InvariantCulture);
        var table = new TestTable(pages: 64) { Now = new Moment(LivenessClock.Origin, start.ToUnixTimeMilliseconds()) };
        const int length = 300_000;
        int fit = 64 * SizeClasses.PageSize / (length + 40_000);
        for (int i = 0; i < 10 * fit; i++)
        {
            table.Advance(Second);
            Assert.Equal(StoreResult.Stored, table.Set(Key("big", i), TestTable.Pattern(length, i)));
        }

        int survivors = 0;
        for (int i = 9 * fit; i < 10 * fit; i++)
        {
            if (table.GetBytes(Key("big", i)) is { } value)
            {
                Assert.Equal(TestTable.Pattern(length, i), value);
                survivors++;
            }
        }

        Assert.InRange(survivors, fit / 2, fit);
        Assert.InRange(table.Count(TableCounter.Evictions), 8 * fit, 10 * fit);
        Assert.InRange(table.Slabs.PagesInUse, 0, 64 + table.Slabs.Overdraft);
    }

    [Fact]
    public void Small_items_that_are_in_use_survive_large_ones()
    {
        var table = new TestTable(pages: 64);
        Fill(table, "k", 1000);
        for (int i = 0; i < 200; i++)
        {
            table.Advance(Second);
            table.Set(Key("big", i), new byte[200_000]);
            Survivors(table, "k", 1000);
        }

        Assert.Equal(1000, Survivors(table, "k", 1000));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(60)]
    public void Lowering_the_limit_evicts_as_much_as_it_must(int fewer)
    {
        const int pages = 64;
        var table = new TestTable(pages);
        int count = Capacity(pages);
        Fill(table, "k", count);
        table.Advance(Second);
        Assert.True(table.Table.TrySetMemoryLimit((pages - fewer) * (long)SizeClasses.PageSize));
        for (int tick = 0; tick < 20; tick++)
        {
            table.Advance(TimeSpan.FromMilliseconds(100));
            table.Table.Crawl(64, table.Now);
        }

        Assert.Equal(pages - fewer, table.Slabs.PagesInUse);
        Assert.Equal(Capacity(fewer), table.Count(TableCounter.Evictions));
    }

    [Fact]
    public void The_crawl_pays_the_overdraft_back()
    {
        var table = new TestTable(pages: 16);
        Fill(table, "k", Capacity(16));
        table.Advance(Second);
        using (new EpochHolder())
        {
            Fill(table, "n", Capacity(2));
            Assert.True(table.Slabs.PagesInUse > 16, "what was evicted cannot come back while the holder is inside");
        }

        for (int tick = 0; tick < 3; tick++)
        {
            table.Table.Crawl(64, table.Now);
        }

        Assert.InRange(table.Slabs.PagesInUse, 14, 16);
        Assert.InRange(Survivors(table, "k", Capacity(16)), Capacity(8), Capacity(15));
    }

    [Fact]
    public void A_few_expired_items_in_every_page_of_another_class_do_not_stop_eviction()
    {
        var table = new TestTable(pages: 256);
        int small = Capacity(240);
        for (int i = 0; i < small; i++)
        {
            bool shortLived = i % 20 == 7;
            table.Set(Key("k", i), new byte[ValueLength], shortLived ? table.In(TimeSpan.FromSeconds(1 + (i / 20 % 12))) : Expiry.Never);
        }

        for (int i = 0; i < 600; i++)
        {
            if (i % 10 == 0)
            {
                table.Advance(Second);
            }

            Assert.Equal(StoreResult.Stored, table.Set(Key("g", i), new byte[9_000]));
        }
    }

    [Fact]
    public void A_stopped_thread_does_not_make_another_evict_everything()
    {
        var table = new TestTable(pages: 64);
        Fill(table, "k", Capacity(64));
        table.Advance(Second);
        using var holder = new EpochHolder();
        int stored = Enumerable.Range(0, 100_000).TakeWhile(i => table.Set(Key("n", i), new byte[ValueLength]) == StoreResult.Stored).Count();
        Assert.InRange(stored, Capacity(3), Capacity(8));
        Assert.True(Survivors(table, "k", Capacity(64)) > Capacity(32), "most of it is still there");
    }
}
