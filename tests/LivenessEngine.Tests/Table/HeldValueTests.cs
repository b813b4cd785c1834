using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Tests.Table;

public sealed class HeldValueTests
{
    private readonly TestTable _table = new(pages: 32);

    private static byte[] Line(byte[] value) => [.. value, (byte)'\r', (byte)'\n'];

    private HeldValue Hold(string key)
    {
        using EpochGuard guard = _table.Table.Enter();
        Assert.Equal(LookupResult.Found, _table.Table.TryGet(guard, TestTable.Bytes(key), _table.Now, out ItemView item));
        return _table.Table.Hold(item);
    }

    private static byte[] ReadAll(ref HeldValue held)
    {
        var bytes = new List<byte>();
        while (held.TryNext(out ReadOnlySpan<byte> part))
        {
            bytes.AddRange(part);
        }

        return [.. bytes];
    }

    [Theory]
    [InlineData("delete")]
    [InlineData("overwrite")]
    [InlineData("append")]
    [InlineData("touch")]
    [InlineData("expire")]
    [InlineData("flush")]
    [InlineData("evict")]
    public void A_held_value_keeps_its_bytes_whatever_happens_to_the_item(string what)
    {
        byte[] value = TestTable.Pattern(150_000);
        _table.Set("k", value, _table.In(TimeSpan.FromSeconds(10)));
        HeldValue held = Hold("k");
        Assert.True(held.TryNext(out ReadOnlySpan<byte> first));
        byte[] start = first.ToArray();
        Happen(what);
        for (int i = 0; i < 100; i++)
        {
            // Everything that came back is written over.
            _table.Set($"other{i}", TestTable.Pattern(100_000, i));
            _table.Settle();
        }

        byte[] all = [.. start, .. ReadAll(ref held)];
        Assert.Equal(Line(value), all);
        held.Release();
    }

    private void Happen(string what)
    {
        switch (what)
        {
            case "delete":
                _table.Delete("k");
                break;
            case "overwrite":
                _table.Set("k", TestTable.Pattern(150_000, 2));
                break;
            case "append":
                _table.Store(StoreMode.Append, "k", "more");
                break;
            case "touch":
                _table.Touch("k", Expiry.Never);
                _table.Delete("k");
                break;
            case "expire":
                _table.Advance(TimeSpan.FromSeconds(10));
                _table.Look("k");
                break;
            case "flush":
                _table.Table.Flush();
                _table.Table.Crawl(100, _table.Now);
                break;
            default:
                _table.Advance(TimeSpan.FromSeconds(1));
                break;
        }
    }

    [Fact]
    public void Its_memory_comes_back_when_the_last_hold_is_let_go()
    {
        _table.Set("k", TestTable.Pattern(150_000));
        int blocks = _table.BlocksInUse;
        HeldValue first = Hold("k");
        HeldValue second = Hold("k");
        _table.Delete("k");
        _table.Settle();
        Assert.Equal(blocks - 1, _table.BlocksInUse);
        first.Release();
        Assert.Equal(blocks - 1, _table.BlocksInUse);
        second.Release();
        Assert.Equal(0, _table.BlocksInUse);
    }

    [Fact]
    public void A_hold_that_is_let_go_first_leaves_the_item_as_it_was()
    {
        byte[] value = TestTable.Pattern(150_000);
        _table.Set("k", value);
        HeldValue held = Hold("k");
        Assert.True(held.IsHeld);
        held.Release();
        Assert.False(held.IsHeld);
        Assert.False(held.TryNext(out _));
        held.Release();
        Assert.Equal(value, _table.GetBytes("k"));
    }

    [Fact]
    public void A_value_held_across_a_touch_belongs_to_both_versions()
    {
        byte[] value = TestTable.Pattern(150_000);
        _table.Set("k", value);
        HeldValue held = Hold("k");
        _table.Touch("k", _table.In(TimeSpan.FromSeconds(5)));
        _table.Settle();
        held.Release();
        Assert.Equal(value, _table.GetBytes("k"));
        _table.Delete("k");
        _table.Settle();
        Assert.Equal(0, _table.BlocksInUse);
    }

    [Fact]
    public void Held_values_count_against_the_limit()
    {
        var table = new TestTable(pages: 8, evict: false);
        var held = new List<HeldValue>();
        for (int i = 0; i < 20; i++)
        {
            if (table.Set("k", new byte[100_000]) != StoreResult.Stored)
            {
                break;
            }

            using EpochGuard guard = table.Table.Enter();
            table.Table.TryGet(guard, "k"u8, table.Now, out ItemView item);
            held.Add(table.Table.Hold(item));
        }

        Assert.InRange(held.Count, 3, 8);
        held.ForEach(hold => hold.Release());
        Assert.Equal(StoreResult.Stored, table.Set("k", new byte[100_000]));
    }
}
