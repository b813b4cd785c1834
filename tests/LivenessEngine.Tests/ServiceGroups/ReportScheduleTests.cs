using LivenessEngine.ServiceGroups;
using LivenessEngine.Tests.Time;
using LivenessEngine.Time;

namespace LivenessEngine.Tests.ServiceGroups;

public sealed class ReportScheduleTests : IDisposable
{
    private const long Start = 1_800_000_000_000;

    // Its clock stands still, and so do its own reports: those seen come from the schedule under test.
    private readonly ServiceGroup _group = new(new ServiceGroupOptions { TimeProvider = new TestTime() });

    private readonly Dictionary<string, int> _rows = [];
    private long _now = Start;

    public void Dispose() => _group.Dispose();

    private Membership Join(string member)
    {
        Membership membership = _group.Join(member, "g");
        Span<byte> key = stackalloc byte[250];
        key = key[..MemberKey.Write(member, "g", key)];
        using LivenessEngine.Table.EpochGuard guard = _group.Engine.Table.Enter();
        _rows[member] = _group.Engine.Table.Members.Find(guard, key);
        return membership;
    }

    /// <summary>Lets time pass and ticks once; true if the member reported.</summary>
    private bool Reports(ReportSchedule schedule, string member, double milliseconds)
    {
        _now += (long)milliseconds;
        schedule.Tick(_now, Touch);
        return LastReport(member) == _now;
    }

    private bool Touch(Membership member)
        => _group.Engine.Table.Members.TryTouch(member.Row, member.Tenure, LivenessClock.Origin + (_now * 10_000));

    private long LastReport(string member)
        => (_group.Engine.Table.Members.Columns.LastSeen(_rows[member]) - LivenessClock.Origin) / 10_000;

    private static ReportSchedule NewSchedule(double interval, double tick)
        => new(TimeSpan.FromMilliseconds(interval), TimeSpan.FromMilliseconds(tick), Start);

    [Fact]
    public void A_member_reports_one_interval_after_it_joined_and_then_every_interval()
    {
        ReportSchedule schedule = NewSchedule(interval: 1000, tick: 100);
        schedule.Add(Join("m"));
        var reports = new List<long>();
        for (int i = 0; i < 35; i++)
        {
            if (Reports(schedule, "m", 100))
            {
                reports.Add(_now - Start);
            }
        }

        Assert.Equal([1000L, 2000, 3000], reports);
    }

    [Fact]
    public void Members_report_at_the_times_at_which_they_joined()
    {
        ReportSchedule schedule = NewSchedule(interval: 1000, tick: 100);
        for (int i = 0; i < 10; i++)
        {
            schedule.Add(Join($"m{i}"));
            Reports(schedule, "m0", 100);
        }

        for (int i = 0; i < 20; i++)
        {
            Assert.Equal([$"m{i % 10}"], _rows.Keys.Where(member => LastReport(member) == _now));
            Reports(schedule, "m0", 100);
        }
    }

    [Fact]
    public void A_late_tick_makes_up_for_all_slots_that_have_passed_and_nothing_drifts()
    {
        ReportSchedule schedule = NewSchedule(interval: 1000, tick: 100);
        schedule.Add(Join("m"));
        Assert.False(Reports(schedule, "m", 999));
        Assert.True(Reports(schedule, "m", 1));
        Assert.True(Reports(schedule, "m", 1370));
        Assert.False(Reports(schedule, "m", 600));
        Assert.True(Reports(schedule, "m", 30));
        Assert.Equal(3000, _now - Start);
    }

    [Fact]
    public void After_a_gap_of_many_rounds_everybody_reports_once()
    {
        ReportSchedule schedule = NewSchedule(interval: 1000, tick: 100);
        for (int i = 0; i < 10; i++)
        {
            schedule.Add(Join($"m{i}"));
            Reports(schedule, "m0", 100);
        }

        Assert.True(Reports(schedule, "m0", 3_600_000));
        Assert.All(_rows.Keys, member => Assert.Equal(_now, LastReport(member)));
        for (int i = 0; i < 9; i++)
        {
            Reports(schedule, "m0", 100);
        }

        Assert.Equal(9, _rows.Keys.Count(member => LastReport(member) > _now - 900));
    }

    [Fact]
    public void Who_is_disposed_or_has_left_reports_no_more()
    {
        ReportSchedule schedule = NewSchedule(interval: 1000, tick: 100);
        Membership disposed = Join("disposed");
        schedule.Add(disposed);
        schedule.Add(Join("left"));
        schedule.Add(Join("stays"));
        disposed.Dispose();
        _group.Leave("left", "g");
        Assert.True(Reports(schedule, "stays", 1000));
        Assert.NotEqual(_now, LastReport("disposed"));
        Assert.NotEqual(_now, LastReport("left"));
        Assert.True(Reports(schedule, "stays", 1000));
    }

    // A day has 86,400,000 ms and the wheel no more than a million slots.
    [Theory]
    [InlineData(1000, 300)]
    [InlineData(1000, 1000)]
    [InlineData(10, 100)]
    [InlineData(86_400_000, 1)]
    [InlineData(2, 1)]
    public void The_interval_need_not_be_whole_ticks(double interval, double tick)
    {
        ReportSchedule schedule = NewSchedule(interval, tick);
        schedule.Add(Join("m"));
        for (int round = 0; round < 3; round++)
        {
            Assert.False(Reports(schedule, "m", interval - 1));
            Assert.True(Reports(schedule, "m", 1) || Reports(schedule, "m", 1));
            _now = (long)(Start + (interval * (round + 1)));
        }
    }

    [Fact]
    public void A_member_that_joins_during_a_gap_reports_after_it()
    {
        ReportSchedule schedule = NewSchedule(interval: 1000, tick: 100);
        Reports(schedule, Joined("first"), 100);
        schedule.Add(Join("m"));
        Assert.True(Reports(schedule, "m", 5_000));

        string Joined(string member)
        {
            Join(member);
            return member;
        }
    }
}
