using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Tests.Table;

public sealed class MemberDirectoryTests
{
    private readonly TestTable _table = new();

    private uint TenureOf(string key) => _table.Columns.Tenure(_table.RowOf(key));

    private bool BeatByHandle(int row, uint tenure) => _table.Table.Members.TryTouch(row, tenure, _table.Now.Liveness);

    [Fact]
    public void Joining_makes_a_member_and_is_a_beat()
    {
        int row = _table.Join("compute:node1", group: 3);
        Assert.Equal(row, _table.RowOf("compute:node1"));
        Assert.Equal("compute:node1", _table.NameOf(row));
        Assert.Equal(3, _table.Columns.Group(row));
        Assert.Equal(_table.Now.Liveness, _table.Columns.LastSeen(row));
        Assert.Null(_table.Get("compute:node1"));
        Assert.Equal(0, _table.Count(TableCounter.Items));
        Assert.Equal(1, _table.Count(TableCounter.Blocks));
    }

    [Fact]
    public void Joining_again_is_a_beat_and_nothing_else()
    {
        int row = _table.Join("m");
        _table.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(row, _table.Join("m", group: 9));
        Assert.Equal(_table.Now.Liveness, _table.Columns.LastSeen(row));
        Assert.Equal(0, _table.Columns.Group(row));
        Assert.Equal(1, _table.Count(TableCounter.Blocks));
    }

    [Fact]
    public void Members_have_rows_of_their_own()
    {
        int[] rows = [.. Enumerable.Range(0, 1000).Select(i => _table.Join($"m{i}"))];
        Assert.Equal(1000, rows.Distinct().Count());
        Assert.DoesNotContain(0, rows);
        Assert.All(Enumerable.Range(0, 1000), i => Assert.Equal($"m{i}", _table.NameOf(rows[i])));
    }

    [Fact]
    public void Who_never_joined_is_no_member()
    {
        _table.Set("item", "v");
        Assert.Equal(0, _table.RowOf("item"));
        Assert.Equal(0, _table.RowOf("nobody"));
        Assert.False(_table.Beat("item"));
        Assert.False(_table.Leave("item"));
        Assert.Equal("v", _table.Get("item"));
        Assert.Equal("", _table.NameOf(1));
    }

    [Fact]
    public void A_handle_beats_until_its_member_leaves()
    {
        int row = _table.Join("m");
        uint tenure = TenureOf("m");
        _table.Advance(TimeSpan.FromSeconds(5));
        Assert.True(BeatByHandle(row, tenure));
        Assert.Equal(_table.Now.Liveness, _table.Columns.LastSeen(row));
        Assert.True(_table.Leave("m"));
        Assert.False(BeatByHandle(row, tenure));
        Assert.False(_table.Leave("m"));
    }

    [Fact]
    public void Joining_tells_the_tenure_of_old_and_new_members()
    {
        for (int round = 0; round < 3; round++)
        {
            using (EpochGuard guard = _table.Table.Enter())
            {
                int row = _table.Table.Members.Join(guard, "m"u8, 0, _table.Now, out uint joined);
                Assert.Equal(_table.Columns.Tenure(row), joined);
                Assert.Equal(row, _table.Table.Members.Join(guard, "m"u8, 0, _table.Now, out uint again));
                Assert.Equal(joined, again);
            }

            _table.Leave("m");
            _table.SweepDepartures();
            _table.Settle();
        }
    }

    [Fact]
    public void A_row_is_not_given_out_again_before_the_sweep_has_seen_its_member_leave()
    {
        int row = _table.Join("m");
        _table.Leave("m");
        _table.Settle();
        Assert.NotEqual(row, _table.Join("other"));
    }

    [Fact]
    public void Nor_while_a_beat_may_be_on_its_way()
    {
        int row = _table.Join("m");
        using (new EpochHolder())
        {
            _table.Leave("m");
            Assert.Equal([row], _table.SweepDepartures());
            _table.Settle();
            Assert.NotEqual(row, _table.Join("other"));
        }

        _table.Settle();
        Assert.Equal(row, _table.Join("a third"));
    }

    [Fact]
    public void A_handle_of_a_former_member_does_not_beat_the_next_one_in_the_row()
    {
        int row = _table.Join("m");
        uint tenure = TenureOf("m");
        _table.Leave("m");
        _table.SweepDepartures();
        _table.Settle();
        Assert.Equal(row, _table.Join("next"));
        long joined = _table.Columns.LastSeen(row);
        _table.Advance(TimeSpan.FromSeconds(5));
        Assert.False(BeatByHandle(row, tenure));
        Assert.Equal(joined, _table.Columns.LastSeen(row));
        Assert.True(BeatByHandle(row, TenureOf("next")));
    }

    [Fact]
    public void A_member_that_rejoins_is_another_one()
    {
        int row = _table.Join("m");
        uint tenure = TenureOf("m");
        _table.Leave("m");
        int again = _table.Join("m");
        Assert.NotEqual(row, again);
        Assert.False(BeatByHandle(row, tenure));
        Assert.Equal("", _table.NameOf(row));
        Assert.Equal("m", _table.NameOf(again));
    }

    [Fact]
    public void A_member_keeps_its_row_whatever_happens_to_its_item()
    {
        int row = _table.Join("m");
        uint tenure = TenureOf("m");
        var changes = new Action[]
        {
            () => _table.Set("m", "1"),
            () => _table.Add("m", 41),
            () => _table.Store(StoreMode.Append, "m", " and more"),
            () => _table.Store(StoreMode.Prepend, "m", new byte[100_000]),
            () => _table.Touch("m", _table.In(TimeSpan.FromSeconds(1))),
            () => _table.Store(StoreMode.Replace, "m", "5"),
            () => _table.Store(StoreMode.Cas, "m", "5", cas: _table.CasOf("m")),
            () => _table.Set("m", "5", _table.In(TimeSpan.FromSeconds(1)), group: 7),
            () => _table.Advance(TimeSpan.FromSeconds(1)),
            () => _table.Look("m"),
            () => _table.Table.Crawl(100, _table.Now),
            () => _table.Store(StoreMode.Add, "m", "6"),
            () => _table.Table.Flush(),
            () => _table.Table.Crawl(100, _table.Now),
            () => _table.Join("m"),
        };
        foreach (Action change in changes)
        {
            change();
            _table.Settle();
            Assert.Equal(row, _table.RowOf("m"));
            Assert.Equal("m", _table.NameOf(row));
            Assert.True(BeatByHandle(row, tenure));
            Assert.Equal(0, _table.Columns.Group(row));
        }

        Assert.Null(_table.Columns.TakeDepartures());
    }

    [Fact]
    public void An_item_under_a_key_that_joins_stays()
    {
        _table.Set("small", "v");
        byte[] large = TestTable.Pattern(100_000);
        _table.Set("large", large);
        ulong cas = _table.CasOf("small");
        Assert.NotEqual(0, _table.Join("small"));
        Assert.NotEqual(0, _table.Join("large"));
        Assert.Equal("v", _table.Get("small"));
        Assert.Equal(cas, _table.CasOf("small"));
        Assert.Equal(large, _table.GetBytes("large"));
        Assert.Equal(2, _table.Count(TableCounter.Items));
    }

    [Fact]
    public void A_store_under_the_key_of_a_group_makes_a_member_and_is_a_beat()
    {
        _table.Set("m", "v", group: 5);
        int row = _table.RowOf("m");
        Assert.Equal(5, _table.Columns.Group(row));
        _table.Advance(TimeSpan.FromSeconds(5));
        _table.Set("m", "w", group: 5);
        Assert.Equal(row, _table.RowOf("m"));
        Assert.Equal(_table.Now.Liveness, _table.Columns.LastSeen(row));
    }

    [Theory]
    [InlineData(nameof(StoreMode.Add))]
    [InlineData(nameof(StoreMode.Cas))]
    [InlineData(nameof(StoreMode.Replace))]
    public void A_store_whose_condition_fails_makes_no_member_and_is_no_beat(string mode)
    {
        _table.Set("m", "v", group: 0);
        int row = _table.RowOf("m");
        long beat = _table.Columns.LastSeen(row);
        _table.Advance(TimeSpan.FromSeconds(5));
        string key = mode == nameof(StoreMode.Replace) ? "other" : "m";
        Assert.NotEqual(StoreResult.Stored, _table.Store(Enum.Parse<StoreMode>(mode), key, [1], group: 0));
        Assert.Equal(beat, _table.Columns.LastSeen(row));
        Assert.Equal(0, _table.RowOf("other"));
        Assert.NotEqual(row, _table.Join("next"));
    }

    [Fact]
    public void A_delete_takes_the_member_out()
    {
        int row = _table.Join("bare");
        Assert.Equal(LookupResult.Missing, _table.Delete("bare"));
        Assert.Equal(0, _table.RowOf("bare"));
        _table.Set("m", "v", group: 0);
        Assert.Equal(LookupResult.Found, _table.Delete("m"));
        Assert.Equal(0, _table.RowOf("m"));
        Assert.Contains(row, _table.SweepDepartures());
    }

    [Fact]
    public void Leaving_takes_the_item_along()
    {
        _table.Set("m", new byte[100_000], group: 0);
        Assert.True(_table.Leave("m"));
        Assert.Equal(LookupResult.Missing, _table.Look("m"));
        Assert.Equal(0, _table.Count(TableCounter.Items));
        _table.Settle();
        Assert.Equal(0, _table.BlocksInUse);
    }

    [Fact]
    public void Rows_and_memory_of_members_that_come_and_go_are_used_again()
    {
        for (int i = 0; i < 20_000; i++)
        {
            Assert.InRange(_table.Join($"m{i}"), 1, 2000);
            Assert.True(_table.Leave($"m{i}"));
            if (i % 100 == 0)
            {
                _table.SweepDepartures();
                _table.Settle();
            }
        }

        Assert.InRange(_table.Slabs.PagesInUse, 0, 3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(LivenessTable.MaxKeyLength)]
    public void Names_of_any_length(int length)
    {
        string key = new('x', length);
        int row = _table.Join(key);
        Assert.Equal(key, _table.NameOf(row));
        _table.Set(key, "v", _table.In(TimeSpan.FromSeconds(1)));
        _table.Advance(TimeSpan.FromSeconds(1));
        _table.Table.Crawl(100, _table.Now);
        Assert.Equal(key, _table.NameOf(row));
    }

    [Fact]
    public void When_rows_are_used_up_items_are_stored_all_the_same()
    {
        var table = new TestTable(pages: 1);
        for (int row; (row = table.Columns.Allocate(0, 0)) != 0;)
        {
        }

        Assert.Equal(0, table.Join("m"));
        Assert.Equal(StoreResult.Stored, table.Set("m", TestTable.Bytes("v"), Expiry.Never, group: 0));
        Assert.Equal("v", table.Get("m"));
        Assert.Equal(0, table.RowOf("m"));
    }
}
