using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Tests.Table;

public sealed class ItemEditorTests
{
    private readonly TestTable _table = new();

    [Fact]
    public void Incr_and_decr_count()
    {
        _table.Set("n", "10");
        Assert.Equal((ArithmeticResult.Done, 15ul), _table.Add("n", 5));
        Assert.Equal("15", _table.Get("n"));
        Assert.Equal((ArithmeticResult.Done, 12ul), _table.Add("n", 3, up: false));
        Assert.Equal("12", _table.Get("n"));
    }

    [Theory]
    [InlineData("10", 1, false, "9 ")]
    [InlineData("1000", 999, false, "1   ")]
    [InlineData("9", 1, true, "10")]
    [InlineData("99", 1, true, "100")]
    [InlineData("007", 1, true, "8  ")]
    [InlineData("5 abc", 1, true, "6    ")]
    [InlineData(" 5", 1, true, "6 ")]
    [InlineData("5  ", 7, true, "12 ")]
    [InlineData("18446744073709551615", 1, true, "0                   ")]
    [InlineData("18446744073709551615", 0, true, "18446744073709551615")]
    public void A_number_keeps_the_length_of_the_value_or_makes_it_longer(string before, ulong delta, bool up, string after)
    {
        _table.Set("n", before);
        Assert.Equal(ArithmeticResult.Done, _table.Add("n", delta, up).Result);
        Assert.Equal(after, _table.Get("n"));
    }

    [Fact]
    public void Incr_wraps_at_2_to_the_64()
    {
        _table.Set("n", "18446744073709551615");
        Assert.Equal((ArithmeticResult.Done, 9ul), _table.Add("n", 10));
        Assert.Equal((ArithmeticResult.Done, 8ul), _table.Add("n", ulong.MaxValue));
    }

    [Fact]
    public void Decr_stops_at_0()
    {
        _table.Set("n", "5");
        Assert.Equal((ArithmeticResult.Done, 0ul), _table.Add("n", 6, up: false));
        Assert.Equal((ArithmeticResult.Done, 0ul), _table.Add("n", ulong.MaxValue, up: false));
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("5a")]
    [InlineData("-1")]
    [InlineData("18446744073709551616")]
    public void What_is_no_number_is_not_counted_with(string value)
    {
        _table.Set("n", value);
        Assert.Equal(ArithmeticResult.NonNumeric, _table.Add("n", 1).Result);
        Assert.Equal(value, _table.Get("n"));
    }

    [Fact]
    public void A_chunked_value_is_no_number()
    {
        _table.Set("n", "5" + new string(' ', 100_000));
        Assert.Equal(ArithmeticResult.NonNumeric, _table.Add("n", 1).Result);
    }

    [Fact]
    public void Counting_keeps_flags_and_deadline()
    {
        long deadline = _table.In(TimeSpan.FromSeconds(10));
        _table.Set("n", "5", deadline, flags: 77);
        _table.Add("n", 1);
        Assert.Equal(77u, _table.Describe("n").Flags);
        Assert.Equal(deadline, _table.Describe("n").Deadline);
    }

    [Fact]
    public void The_largest_inline_value_can_be_counted_with()
    {
        int largest = BlockStore.LargestInline - BlockHeader.Size - 1 - BlockStore.CrLf;
        _table.Set("n", "7" + new string(' ', largest - 1));
        Assert.Equal((ArithmeticResult.Done, 8ul), _table.Add("n", 1));
        Assert.Equal("8" + new string(' ', largest - 1), _table.Get("n"));
    }

    public static TheoryData<string> NotThere => ["never", "expired", "flushed", "deleted", "bare"];

    private void Prepare(string what)
    {
        if (what == "bare")
        {
            _table.Join("k");
        }
        else if (what != "never")
        {
            _table.Set("k", "5", _table.In(TimeSpan.FromSeconds(1)));
        }

        switch (what)
        {
            case "expired":
                _table.Advance(TimeSpan.FromSeconds(1));
                break;
            case "flushed":
                _table.Table.Flush();
                break;
            case "deleted":
                _table.Delete("k");
                break;
        }
    }

    [Theory]
    [MemberData(nameof(NotThere))]
    public void What_is_not_there_is_neither_counted_nor_touched(string what)
    {
        Prepare(what);
        Assert.Equal(ArithmeticResult.NotFound, _table.Add("k", 1).Result);
        Assert.NotEqual(LookupResult.Found, _table.Touch("k", Expiry.Never));
        Assert.Null(_table.Get("k"));
    }

    [Fact]
    public void Touch_gives_another_deadline_and_changes_nothing_else()
    {
        byte[] value = TestTable.Pattern(500);
        _table.Store(StoreMode.Set, "k", value, _table.In(TimeSpan.FromSeconds(1)), flags: 5);
        ulong cas = _table.CasOf("k");
        long deadline = _table.In(TimeSpan.FromSeconds(100));
        Assert.Equal(LookupResult.Found, _table.Touch("k", deadline));
        _table.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal(value, _table.GetBytes("k"));
        Assert.Equal((5u, cas, deadline, 0, false), _table.Describe("k"));
    }

    [Fact]
    public void Touch_with_a_deadline_that_has_passed_ends_the_item()
    {
        _table.Set("k", "v");
        Assert.Equal(LookupResult.Found, _table.Touch("k", Expiry.AlreadyExpired));
        Assert.Equal(LookupResult.Expired, _table.Look("k"));
    }

    [Fact]
    public void Touch_with_the_same_deadline_takes_no_block()
    {
        _table.Set("k", "v");
        int blocks = _table.BlocksInUse;
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal(LookupResult.Found, _table.Touch("k", Expiry.Never));
        }

        Assert.Equal(blocks, _table.BlocksInUse);
    }

    [Fact]
    public void Touch_counts_as_use()
    {
        _table.Set("k", "v");
        _table.Advance(TimeSpan.FromSeconds(5));
        foreach (long deadline in new[] { Expiry.Never, _table.In(TimeSpan.FromSeconds(50)) })
        {
            _table.Advance(TimeSpan.FromSeconds(5));
            using EpochGuard guard = _table.Table.Enter();
            _table.Table.Editor.TryTouch(guard, "k"u8, deadline, revives: false, _table.Now, out ItemView item);
            Assert.Equal(AccessStamp.At(_table.Now.UnixMilliseconds), item.LastAccess);
            Assert.True(item.Fetched);
        }
    }

    [Fact]
    public void Touching_and_counting_leave_no_block_behind()
    {
        _table.Set("n", "1");
        for (int i = 0; i < 5000; i++)
        {
            _table.Add("n", 1);
            _table.Touch("n", _table.In(TimeSpan.FromSeconds(100 + i)));
        }

        _table.Settle();
        Assert.Equal(1, _table.BlocksInUse);
        Assert.Equal("5001", _table.Get("n"));
    }

    [Fact]
    public void A_touch_of_a_member_is_a_beat_and_an_incr_is_none()
    {
        _table.Set("n", "1", group: 0);
        int row = _table.RowOf("n");
        long stored = _table.Columns.LastSeen(row);
        _table.Advance(TimeSpan.FromSeconds(5));
        _table.Add("n", 1);
        Assert.Equal(stored, _table.Columns.LastSeen(row));
        _table.Touch("n", Expiry.Never);
        Assert.Equal(_table.Now.Liveness, _table.Columns.LastSeen(row));
        _table.Advance(TimeSpan.FromSeconds(5));
        _table.Touch("n", _table.In(TimeSpan.FromSeconds(5)));
        Assert.Equal(_table.Now.Liveness, _table.Columns.LastSeen(row));
    }
}
