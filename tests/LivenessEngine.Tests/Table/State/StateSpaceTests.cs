using LivenessEngine.Table;
using LivenessEngine.Table.State;

namespace LivenessEngine.Tests.Table.State;

public sealed unsafe class StateSpaceTests
{
    private static readonly StateLayout Layout = new(10_000, 1 << 20);

    private readonly Region _memory = new(1 << 20);
    private readonly List<(long Offset, long Length)> _taken = [];
    private readonly RunningRecord _running;
    private readonly StateSpace _space;
    private bool _isFull;
    private int _complaints;

    public StateSpaceTests()
    {
        _running = new RunningRecord(_memory.Base);
        _space = new StateSpace(Layout, _running, Take, () => _complaints++);
    }

    private bool Take(long offset, long length)
    {
        _taken.Add((offset, length));
        return !_isFull;
    }

    [Fact]
    public void Space_is_taken_in_steps_and_written_down_before_it_is_used()
    {
        Assert.True(_space.TryTakePage(1));
        Assert.Contains((Layout.BlocksAt, 256L * SizeClasses.PageSize), _taken);
        Assert.Equal(256, _running.Present.PagesEnd);
        int before = _taken.Count;
        Assert.True(_space.TryTakePage(255));
        Assert.Equal(before, _taken.Count);
        Assert.True(_space.TryTakePage(256));
        Assert.Contains((Layout.BlocksAt + (256L * SizeClasses.PageSize), 256L * SizeClasses.PageSize), _taken);
        Assert.Equal((512, 0), (_running.Present.PagesEnd, _running.Present.RowsEnd));
        Assert.True(_space.TryTakeRow(1));
        Assert.Contains((Layout.LastSeenAt, 65536L * sizeof(long)), _taken);
        Assert.Equal((512, 65536), (_running.Present.PagesEnd, _running.Present.RowsEnd));
    }

    [Fact]
    public void The_last_step_ends_with_the_file()
    {
        Assert.True(_space.TryTakePage(9_999));
        Assert.Equal(10_000, _running.Present.PagesEnd);
        Assert.All(_taken, range => Assert.True(range.Offset + range.Length <= Layout.FileLength));
    }

    [Fact]
    public void What_there_is_goes_on_being_used_when_the_disk_is_full()
    {
        Assert.True(_space.TryTakePage(1));
        _isFull = true;
        Assert.False(_space.TryTakePage(256));
        Assert.False(_space.TryTakePage(256));
        Assert.True(_space.TryTakePage(255));
        Assert.Equal((1, 256), (_complaints, _running.Present.PagesEnd));
    }

    [Fact]
    public void The_tick_goes_ahead()
    {
        _space.TakeAhead(1, 1);
        Assert.Equal((256, 65536), (_running.Present.PagesEnd, _running.Present.RowsEnd));
        _space.TakeAhead(200, 1);
        Assert.Equal(512, _running.Present.PagesEnd);
    }
}
