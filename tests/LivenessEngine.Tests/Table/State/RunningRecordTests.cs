using LivenessEngine.Table;
using LivenessEngine.Table.State;
using LivenessEngine.Time;

namespace LivenessEngine.Tests.Table.State;

public sealed unsafe class RunningRecordTests
{
    private readonly Region _memory = new(1 << 16);

    [Fact]
    public void Nothing_written_is_not_sound()
    {
        Assert.False(new RunningRecord(_memory.Base).IsSound);
    }

    [Fact]
    public void The_values_have_room()
    {
        Assert.InRange(sizeof(RunningValues), 1, 4096);
    }

    [Fact]
    public void The_newest_is_read_again()
    {
        var record = new RunningRecord(_memory.Base);
        record.Begin(default);
        record.Started();
        for (int i = 1; i < 10; i++)
        {
            record.Ticked(new Moment(i, 2 * i), (ulong)(3 * i), 4 * i, new SavedCredit { Uncounted = 5 * i }, 6 * i);
            RunningValues read = new RunningRecord(_memory.Base).Present;
            Assert.Equal((i, 2 * i, (ulong)(3 * i), 4 * i, 5 * i), (read.Liveness, read.UnixMilliseconds, read.Cas, read.FlushAt, read.Credit.Uncounted));
            Assert.Equal((6 * i, 1L), (read.LatestTime, read.Starts));
        }

        record.Flushed(20, members: false);
        record.Flushed(10, members: true);
        record.Reserved(7, 0);
        record.Reserved(0, 8);
        record.Stopped();
        RunningValues last = new RunningRecord(_memory.Base).Present;
        Assert.Equal((20ul, 10ul, 27ul, 7, 8, 1u), (last.FlushedCas, last.FlushedMembersCas, last.Cas, last.PagesEnd, last.RowsEnd, last.IsClean));
    }

    [Fact]
    public void Half_a_record_leaves_the_one_before()
    {
        var record = new RunningRecord(_memory.Base);
        record.Begin(default);
        for (int i = 1; i < 10; i++)
        {
            record.Ticked(new Moment(i, i), 0, 0, default, 0);
            RunningValues* newest = (RunningValues*)(_memory.Base + 1024 + (4096 * (int)(record.Present.Sequence & 1)));
            Assert.Equal(i, newest->Liveness);
            newest->Liveness = 12345;
            var read = new RunningRecord(_memory.Base);
            Assert.True(read.IsSound);
            Assert.Equal(i - 1, read.Present.Liveness);
            newest->Liveness = i;
        }
    }
}
