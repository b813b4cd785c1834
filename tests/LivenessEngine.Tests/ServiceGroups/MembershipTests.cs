using LivenessEngine.Tests.Time;

namespace LivenessEngine.Tests.ServiceGroups;

public sealed class MembershipTests : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly TestTime _time = new();
    private readonly ServiceGroup _group;

    public MembershipTests() => _group = new ServiceGroup(new ServiceGroupOptions { TimeProvider = _time });

    public void Dispose() => _group.Dispose();

    private void RunFor(TimeSpan time)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += Tick)
        {
            _time.Advance(Tick);
            _group.Engine.Tick();
        }
    }

    [Fact]
    public void It_tells_its_names()
    {
        Membership membership = _group.Join("node1", "compute");
        Assert.Equal("node1", membership.Member);
        Assert.Equal("compute", membership.Group);
    }

    [Fact]
    public void Disposing_it_ends_the_reports_and_nothing_else()
    {
        Membership membership = _group.Join("node1", "compute");
        RunFor(TimeSpan.FromSeconds(30));
        DateTimeOffset last = _group.LastSeen("node1", "compute")!.Value;
        membership.Dispose();
        membership.Dispose();
        RunFor(TimeSpan.FromSeconds(30));
        Assert.Equal(last, _group.LastSeen("node1", "compute"));
        Assert.True(_group.IsUp("node1", "compute"));
        RunFor(TimeSpan.FromSeconds(31));
        Assert.Equal(MemberState.Down, _group.StateOf("node1", "compute"));
        Assert.Single(_group.Members("compute"));
    }

    [Fact]
    public void A_heartbeat_by_hand_counts_at_once()
    {
        Membership membership = _group.Join("node1", "compute");
        RunFor(TimeSpan.FromSeconds(3));
        Assert.True(membership.Heartbeat());
        Assert.Equal(_time.Utc, _group.LastSeen("node1", "compute"));
    }

    [Fact]
    public void Leaving_ends_everything()
    {
        Membership membership = _group.Join("node1", "compute");
        RunFor(Tick);
        Assert.True(membership.Leave());
        Assert.False(membership.Leave());
        Assert.False(membership.Heartbeat());
        RunFor(TimeSpan.FromSeconds(30));
        Assert.Equal(MemberState.Unknown, _group.StateOf("node1", "compute"));
    }

    [Fact]
    public void A_membership_whose_member_was_taken_out_reports_no_more()
    {
        Membership membership = _group.Join("node1", "compute");
        _group.Leave("node1", "compute");
        Assert.False(membership.Heartbeat());
        RunFor(TimeSpan.FromSeconds(30));
        Assert.Equal(MemberState.Unknown, _group.StateOf("node1", "compute"));
    }

    [Fact]
    public void A_membership_of_before_does_not_report_for_the_member_that_rejoined()
    {
        Membership before = _group.Join("node1", "compute");
        _group.Leave("node1", "compute");
        RunFor(TimeSpan.FromSeconds(1));
        Membership after = _group.Join("node1", "compute");
        after.Dispose();
        DateTimeOffset joined = _time.Utc;
        Assert.False(before.Heartbeat());
        RunFor(TimeSpan.FromSeconds(30));
        Assert.Equal(joined, _group.LastSeen("node1", "compute"));
        Assert.True(after.Heartbeat());
    }

    [Fact]
    public void A_member_may_join_more_than_once_and_reports_while_one_of_its_memberships_does()
    {
        Membership first = _group.Join("node1", "compute");
        Membership second = _group.Join("node1", "compute");
        first.Dispose();
        RunFor(TimeSpan.FromSeconds(100));
        Assert.True(_group.IsUp("node1", "compute"));
        second.Dispose();
        RunFor(TimeSpan.FromSeconds(71));
        Assert.False(_group.IsUp("node1", "compute"));
    }
}
