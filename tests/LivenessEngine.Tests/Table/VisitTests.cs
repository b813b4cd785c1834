using LivenessEngine.Table;

namespace LivenessEngine.Tests.Table;

public sealed class VisitTests
{
    private readonly TestTable _table = new();

    [Theory]
    [InlineData(30_000, 30)]
    [InlineData(29_001, 30)]
    [InlineData(29_000, 29)]
    [InlineData(1, 1)]
    [InlineData(0, 0)]
    [InlineData(-5_000, 0)]
    public void A_begun_second_is_left_whole(int milliseconds, long seconds)
        => Assert.Equal(seconds, Visit.SecondsLeft(_table.Now.UnixMilliseconds + milliseconds, _table.Now));

    [Fact]
    public void What_lasts_for_ever_has_no_seconds() => Assert.Equal(-1, Visit.SecondsLeft(BlockHeader.Never, _table.Now));

    [Fact]
    public void A_stale_item_is_won_once_and_by_its_next_version_again()
    {
        _table.Set("a", "1");
        Assert.False(Won());
        Assert.Equal(LookupResult.Found, Invalidate());
        Assert.True(Won());
        Assert.False(Won());
        _table.Touch("a", _table.In(TimeSpan.FromSeconds(5)));
        Assert.False(Won());
        Assert.Equal(LookupResult.Found, Invalidate());
        Assert.True(Won());
        _table.Set("a", "2");
        Assert.False(Won());
    }

    [Fact]
    public void Many_threads_have_one_winner()
    {
        const int rounds = 300;
        const int threads = 4;
        int[] winners = new int[rounds];
        using var gate = new Barrier(threads, _ =>
        {
            _table.Set("a", "1");
            Invalidate();
        });
        Thread[] visitors = [.. Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            for (int round = 0; round < rounds; round++)
            {
                gate.SignalAndWait();
                if (Won())
                {
                    Interlocked.Increment(ref winners[round]);
                }
            }
        }))];
        Array.ForEach(visitors, visitor => visitor.Start());
        Array.ForEach(visitors, visitor => visitor.Join());
        Assert.All(winners, count => Assert.Equal(1, count));
    }

    [Fact]
    public void Without_memory_nobody_wins_and_the_item_is_read()
    {
        var visit = new Visit { MayWin = false };
        _table.Set("a", "1");
        Invalidate();
        using EpochGuard guard = _table.Table.Enter();
        Assert.Equal(LookupResult.Found, _table.Table.Editor.TryVisit(guard, "a"u8, ref visit, _table.Now, out _));
        Assert.False(visit.Won);
        Assert.Equal(ItemMarks.Stale, visit.FormerMarks & (ItemMarks.Stale | ItemMarks.Won));
    }

    [Fact]
    public void A_visit_that_leaves_no_trace_leaves_none()
    {
        _table.Set("a", "1");
        _table.Advance(TimeSpan.FromSeconds(10));
        using EpochGuard guard = _table.Table.Enter();
        for (int i = 0; i < 2; i++)
        {
            var visit = new Visit { SetsDeadline = true, NewDeadline = _table.In(TimeSpan.FromSeconds(60 + i)), LeavesNoTrace = true };
            _table.Table.Editor.TryVisit(guard, "a"u8, ref visit, _table.Now, out ItemView item);
            Assert.False(visit.WasFetched);
            Assert.Equal(10, AccessStamp.ToSeconds(AccessStamp.Age(item.LastAccess, AccessStamp.At(_table.Now.UnixMilliseconds))));
        }
    }

    [Fact]
    public void Blocks_come_back()
    {
        _table.Set("a", TestTable.Pattern(900_000));
        _table.Settle();
        int blocks = _table.BlocksInUse;
        for (int i = 0; i < 50; i++)
        {
            Invalidate();
            Assert.True(Won());
        }

        _table.Settle();
        Assert.InRange(_table.BlocksInUse, blocks - 1, blocks + 1);
        Assert.Equal(TestTable.Pattern(900_000), _table.GetBytes("a"));
    }

    private bool Won()
    {
        using EpochGuard guard = _table.Table.Enter();
        var visit = new Visit { MayWin = true };
        Assert.Equal(LookupResult.Found, _table.Table.Editor.TryVisit(guard, "a"u8, ref visit, _table.Now, out _));
        return visit.Won;
    }

    private LookupResult Invalidate()
    {
        using EpochGuard guard = _table.Table.Enter();
        return _table.Table.Editor.TryInvalidate(guard, "a"u8, new Invalidation { MarksStale = true }, _table.Now, out _);
    }
}
