using LivenessEngine.Table;

namespace LivenessEngine.Tests.Table;

public sealed unsafe class MemberColumnsTests
{
    private readonly MemberColumns _columns = new(100);

    [Fact]
    public void Rows_come_in_whole_words()
    {
        Assert.Equal(128, _columns.Capacity);
        Assert.Equal(64, _columns.End);
        Assert.Equal(0, (nint)_columns.LastSeenColumn % 64);
    }

    [Fact]
    public void Row_0_is_nobodys_and_every_other_is_given_out_once()
    {
        var rows = new HashSet<int>();
        for (int row; (row = _columns.Allocate(1, 0)) != 0;)
        {
            Assert.InRange(row, 1, 127);
            Assert.True(rows.Add(row));
        }

        Assert.Equal(127, rows.Count);
        Assert.Equal(0, _columns.Allocate(1, 0));
        Assert.Equal(128, _columns.End);
        _columns.Return(77);
        Assert.Equal(77, _columns.Allocate(1, 0));
    }

    [Theory]
    [InlineData(62, 64)]
    [InlineData(63, 64)]
    [InlineData(64, 128)]
    [InlineData(65, 128)]
    public void The_end_is_past_the_highest_row(int rows, int end)
    {
        for (int i = 0; i < rows; i++)
        {
            _columns.Allocate(1, 0);
        }

        Assert.Equal(end, _columns.End);
    }

    [Fact]
    public void A_row_tells_hash_and_group()
    {
        int row = _columns.Allocate(uint.MaxValue, 4095);
        Assert.Equal(uint.MaxValue, _columns.Hash(row));
        Assert.Equal(4095, _columns.Group(row));
        Assert.Equal(0, _columns.LastSeen(row));
        Assert.Equal(-1, _columns.Group(row + 1));
    }

    [Fact]
    public void A_row_given_back_is_vacant_and_was_never_seen()
    {
        int row = _columns.Allocate(1, 2);
        _columns.Touch(row, 99);
        _columns.Return(row);
        Assert.Equal(0, _columns.LastSeen(row));
        Assert.Equal(-1, _columns.Group(row));
        _columns.Return(0);
    }

    [Fact]
    public void Departures_come_oldest_first_and_once()
    {
        int[] rows = [.. Enumerable.Range(0, 5).Select(i => _columns.Allocate(1, i))];
        for (int i = 0; i < rows.Length; i++)
        {
            _columns.Touch(rows[i], i + 10);
            _columns.Depart(rows[i], $"name{i}");
        }

        int expected = 0;
        for (Departure? departure = _columns.TakeDepartures(); departure != null; departure = departure.Next, expected++)
        {
            Assert.Equal(rows[expected], departure.Row);
            Assert.Equal(expected, _columns.Group(departure.Row));
            Assert.Equal($"name{expected}", departure.Name);
            Assert.Equal(expected + 10, departure.LastSeen);
        }

        Assert.Equal(5, expected);
        Assert.Null(_columns.TakeDepartures());
    }

    [Fact]
    public void The_tenure_grows_when_a_member_leaves_and_not_when_its_row_is_given_out_again()
    {
        int row = _columns.Allocate(1, 0);
        uint tenure = _columns.Tenure(row);
        _columns.Depart(row, "name");
        Assert.Equal(tenure + 1, _columns.Tenure(row));
        _columns.Vacate(row);
        _columns.Recycle(row);
        Assert.Equal(row, _columns.Allocate(2, 0));
        Assert.Equal(tenure + 1, _columns.Tenure(row));
    }
}
