using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Tests.Table;

public sealed class ItemWriterTests
{
    private readonly TestTable _table = new();

    /// <summary>What may be under a key when a store comes.</summary>
    public enum Present
    {
        Nothing,
        Item,
        ExpiredItem,
        FlushedItem,
        DeletedItem,
        BareMember,
        MemberWithItem,
        MemberWithExpiredItem,
    }

    public static TheoryData<string, Present, string> Conditions
    {
        get
        {
            var data = new TheoryData<string, Present, string>();
            foreach (Present present in Enum.GetValues<Present>())
            {
                bool visible = present is Present.Item or Present.MemberWithItem;
                foreach (StoreMode mode in Enum.GetValues<StoreMode>())
                {
                    data.Add($"{mode}", present, $"{Expected(mode, visible)}");
                }
            }

            return data;
        }
    }

    private static StoreResult Expected(StoreMode mode, bool visible) => mode switch
    {
        StoreMode.Set or StoreMode.AppendOrAdd or StoreMode.PrependOrAdd => StoreResult.Stored,
        StoreMode.Add => visible ? StoreResult.NotStored : StoreResult.Stored,
        StoreMode.Cas => visible ? StoreResult.Exists : StoreResult.NotFound,
        _ => visible ? StoreResult.Stored : StoreResult.NotStored,
    };

    private int Prepare(Present present)
    {
        switch (present)
        {
            case Present.Item or Present.ExpiredItem or Present.FlushedItem or Present.DeletedItem:
                _table.Set("k", "old", _table.In(TimeSpan.FromSeconds(10)), flags: 7);
                break;
            case Present.BareMember:
                _table.Join("k");
                break;
            case Present.MemberWithItem or Present.MemberWithExpiredItem:
                _table.Set("k", "old", _table.In(TimeSpan.FromSeconds(10)), flags: 7, group: 0);
                break;
        }

        switch (present)
        {
            case Present.ExpiredItem or Present.MemberWithExpiredItem:
                _table.Advance(TimeSpan.FromSeconds(10));
                break;
            case Present.FlushedItem:
                _table.Table.Flush();
                break;
            case Present.DeletedItem:
                _table.Delete("k");
                break;
        }

        return _table.RowOf("k");
    }

    [Theory]
    [MemberData(nameof(Conditions))]
    public void Every_mode_over_everything_that_may_be_there(string modeName, Present present, string expectedName)
    {
        var mode = Enum.Parse<StoreMode>(modeName);
        var expected = Enum.Parse<StoreResult>(expectedName);
        int row = Prepare(present);
        string? before = _table.Get("k");
        Assert.Equal(expected, _table.Store(mode, "k", TestTable.Bytes("new"), Expiry.Never, flags: 9, cas: mode == StoreMode.Cas ? ulong.MaxValue : 0));
        string? after = expected != StoreResult.Stored ? before : mode switch
        {
            StoreMode.Append or StoreMode.AppendOrAdd => before + "new",
            StoreMode.Prepend or StoreMode.PrependOrAdd => "new" + before,
            _ => "new",
        };
        Assert.Equal(after, _table.Get("k"));
        Assert.Equal(row, _table.RowOf("k"));
        Assert.Equal(after != null ? 1 : 0, _table.VisibleItems());
    }

    [Theory]
    [InlineData(nameof(StoreMode.Append))]
    [InlineData(nameof(StoreMode.PrependOrAdd))]
    public void What_is_joined_is_of_the_version_that_is_asked_for(string modeName)
    {
        var mode = Enum.Parse<StoreMode>(modeName);
        _table.Set("k", "old");
        ulong cas = _table.CasOf("k");
        Assert.Equal(StoreResult.Exists, _table.Store(mode, "k", "new", cas: cas + 1));
        Assert.Equal(StoreResult.Stored, _table.Store(mode, "k", "new", cas: cas));
        Assert.Equal(StoreResult.Exists, _table.Store(mode, "k", "new", cas: cas));
    }

    [Theory]
    [InlineData(nameof(StoreMode.Append))]
    [InlineData(nameof(StoreMode.Prepend))]
    public void What_is_joined_keeps_the_old_flags_and_deadline(string mode)
    {
        long deadline = _table.In(TimeSpan.FromSeconds(10));
        _table.Set("k", "old", deadline, flags: 7);
        _table.Store(Enum.Parse<StoreMode>(mode), "k", TestTable.Bytes("new"), Expiry.Never, flags: 9);
        Assert.Equal(7u, _table.Describe("k").Flags);
        Assert.Equal(deadline, _table.Describe("k").Deadline);
    }

    [Theory]
    [InlineData(nameof(StoreMode.Set))]
    [InlineData(nameof(StoreMode.Replace))]
    [InlineData(nameof(StoreMode.Cas))]
    public void What_is_replaced_takes_the_new_flags_and_deadline(string mode)
    {
        _table.Set("k", "old", _table.In(TimeSpan.FromSeconds(10)), flags: 7);
        long deadline = _table.In(TimeSpan.FromSeconds(20));
        _table.Store(Enum.Parse<StoreMode>(mode), "k", TestTable.Bytes("new"), deadline, flags: 9, cas: _table.CasOf("k"));
        Assert.Equal(9u, _table.Describe("k").Flags);
        Assert.Equal(deadline, _table.Describe("k").Deadline);
    }

    [Fact]
    public void Cas_stores_over_the_version_that_was_read_and_no_other()
    {
        _table.Set("k", "1");
        ulong first = _table.CasOf("k");
        Assert.Equal(StoreResult.Stored, _table.Store(StoreMode.Cas, "k", "2", cas: first));
        Assert.Equal(StoreResult.Exists, _table.Store(StoreMode.Cas, "k", "3", cas: first));
        Assert.Equal("2", _table.Get("k"));
        Assert.Equal(StoreResult.Stored, _table.Store(StoreMode.Cas, "k", "3", cas: _table.CasOf("k")));
        Assert.Equal("3", _table.Get("k"));
    }

    [Fact]
    public void Every_new_value_has_a_version_of_its_own_that_grows()
    {
        ulong last = 0;
        foreach (StoreMode mode in new[] { StoreMode.Set, StoreMode.Replace, StoreMode.Append, StoreMode.Prepend, StoreMode.Set })
        {
            _table.Store(mode, "k", "1");
            Assert.True(_table.Get("k") == null || _table.CasOf("k") > last);
            last = _table.Get("k") == null ? 0 : _table.CasOf("k");
        }

        _table.Set("n", "1");
        ulong before = _table.CasOf("n");
        _table.Add("n", 1);
        Assert.True(_table.CasOf("n") > before);
    }

    [Theory]
    [InlineData(32_600, 100)]
    [InlineData(32_700, 1)]
    [InlineData(100, 32_700)]
    [InlineData(100_000, 100_000)]
    [InlineData(0, 0)]
    [InlineData(0, 50_000)]
    [InlineData(65_440 - 50, 50)]
    public void Values_join_across_blocks_and_chunks(int oldLength, int addedLength)
    {
        byte[] old = TestTable.Pattern(oldLength, 1);
        byte[] added = TestTable.Pattern(addedLength, 2);
        _table.Set("a", old);
        _table.Set("p", old);
        Assert.Equal(StoreResult.Stored, _table.Store(StoreMode.Append, "a", added));
        Assert.Equal(StoreResult.Stored, _table.Store(StoreMode.Prepend, "p", added));
        Assert.Equal([.. old, .. added], _table.GetBytes("a")!);
        Assert.Equal([.. added, .. old], _table.GetBytes("p")!);
        _table.Delete("a");
        _table.Delete("p");
        _table.Settle();
        Assert.Equal(0, _table.BlocksInUse);
    }

    [Fact]
    public void Appending_byte_by_byte_goes_over_every_size_class()
    {
        var whole = new List<byte>();
        _table.Set("k", "");
        for (int i = 0; i < 400; i++)
        {
            byte[] part = TestTable.Pattern(1 + (i / 2), i);
            Assert.Equal(StoreResult.Stored, _table.Store(StoreMode.Append, "k", part));
            whole.AddRange(part);
            Assert.True(_table.GetBytes("k").AsSpan().SequenceEqual(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(whole)));
        }

        _table.Settle();
        Assert.Equal(3, _table.BlocksInUse);
    }

    [Fact]
    public void A_value_is_as_large_as_memcached_lets_it_be()
    {
        // -I 1m, a key of one byte: the header, cas and NUL take 57 bytes and CRLF two; flags four more.
        int largest = (1 << 20) - 57 - 1 - 2;
        Assert.Equal(StoreResult.Stored, _table.Set("k", new byte[largest]));
        Assert.Equal(StoreResult.TooLarge, _table.Set("k", new byte[largest + 1]));
        Assert.Equal(StoreResult.TooLarge, _table.Store(StoreMode.Set, "k", new byte[largest], flags: 1));
        Assert.Equal(StoreResult.Stored, _table.Store(StoreMode.Set, "k", new byte[largest - 4], flags: 1));
        Assert.Equal(largest - 4, _table.GetBytes("k")!.Length);
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(int.MaxValue - 300)]
    public void A_length_near_the_end_of_numbers_is_too_large(int length)
    {
        var table = new TestTable(new TableOptions { MaxItemSize = 1 << 30 });
        Assert.False(table.Table.Writer.Fits(LivenessTable.MaxKeyLength, length, 1));
    }

    [Fact]
    public void What_would_join_to_more_than_the_largest_is_refused_and_leaves_the_old()
    {
        byte[] old = new byte[700_000];
        _table.Set("k", old);
        Assert.Equal(StoreResult.TooLarge, _table.Store(StoreMode.Append, "k", new byte[700_000]));
        Assert.Equal(old, _table.GetBytes("k"));
        _table.Delete("k");
        _table.Settle();
        Assert.Equal(0, _table.BlocksInUse);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(249)]
    [InlineData(250)]
    public void Keys_of_every_length_are_told_apart(int length)
    {
        string key = new('a', length);
        string[] others = ["b" + key[1..], key[1..] + "b", new('a', length == 250 ? 249 : length + 1)];
        Assert.Equal(StoreResult.Stored, _table.Set(key, "mine"));
        Assert.All(others, other => Assert.Null(_table.Get(other)));
        foreach (string other in others)
        {
            _table.Set(other, "other");
        }

        Assert.Equal("mine", _table.Get(key));
    }

    [Fact]
    public void Keys_and_values_may_hold_any_bytes()
    {
        byte[] every = [.. Enumerable.Range(0, 250).Select(i => (byte)(255 - i))];
        string key = System.Text.Encoding.Latin1.GetString(every);
        _table.Set(key, every);
        Assert.Equal(every, _table.GetBytes(key));
    }

    [Fact]
    public void Of_a_store_the_counts_tell()
    {
        _table.Set("a", "12345");
        _table.Set("a", "1234567");
        _table.Set("b", new byte[100_000]);
        Assert.Equal(2, _table.Count(TableCounter.Items));
        Assert.Equal(3, _table.Count(TableCounter.TotalItems));
        Assert.Equal(2, _table.Count(TableCounter.Blocks));
        Assert.Equal(2 * (BlockHeader.Size + 1 + 2) + 7 + 100_000, _table.Count(TableCounter.Bytes));
        _table.Delete("a");
        _table.Delete("b");
        Assert.Equal(0, _table.Count(TableCounter.Items));
        Assert.Equal(0, _table.Count(TableCounter.Bytes));
        Assert.Equal(0, _table.Count(TableCounter.Blocks));
    }

    [Fact]
    public void An_add_that_finds_an_item_counts_as_use_of_it()
    {
        _table.Set("k", "v");
        _table.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(StoreResult.NotStored, _table.Store(StoreMode.Add, "k", "w"));
        using EpochGuard guard = _table.Table.Enter();
        _table.Table.TryGet(guard, "k"u8, _table.Now, out ItemView item);
        Assert.Equal(AccessStamp.At(_table.Now.UnixMilliseconds), item.LastAccess);
        Assert.True(item.Fetched);
    }

    [Theory]
    [InlineData(nameof(StoreMode.Append))]
    [InlineData(nameof(StoreMode.Prepend))]
    public void Joining_to_an_item_that_has_to_make_room_for_the_joined_one_is_not_stored(string mode)
    {
        // Full of items as large as the one that is joined to, which is the oldest; the joined one is of the same class.
        var table = new TestTable(pages: 2);
        int blocks = 2 * SizeClasses.BlocksInPage(SizeClasses.ClassOf(BlockHeader.Size + 6 + 3000 + 2));
        for (int i = 0; i < blocks; i++)
        {
            Assert.Equal(StoreResult.Stored, table.Set($"k{i:D5}", new byte[3000]));
            table.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(0, table.Count(TableCounter.Evictions));
        Assert.Equal(StoreResult.NotStored, table.Store(Enum.Parse<StoreMode>(mode), "k00000", "x"));
        Assert.Null(table.Get("k00000"));
        Assert.True(table.Count(TableCounter.Evictions) > 0);
    }
}
