using LivenessEngine.Evaluation;

namespace LivenessEngine.Tests.Evaluation;

/// <summary>An operator's word in the services table, as events and states.</summary>
public sealed class ForcedDownTests
{
    private readonly MonitorHarness _harness = new(brake: new BrakeOptions(0.5, 10));

    private static ServiceRecord Service(string host, bool forcedDown)
        => new(1, host, "nova-compute", "compute", null, 61, 0, false, null, forcedDown, null, null);

    private void Register(params (string Host, bool ForcedDown)[] services)
        => _harness.Register.Replace(services.Select(service => Service(service.Host, service.ForcedDown)));

    private async Task<IEnumerable<string>> EventsOf(EventStream stream) => (await _harness.EventsOf(stream)).Select(MonitorHarness.Brief);

    [Theory]
    [InlineData("compute:node1")]
    [InlineData("c49d811d52e094ccf1bbf791ee93a815b5a9b6e6")]
    public async Task Who_is_forced_down_goes_down_and_no_beat_brings_it_up(string key)
    {
        Register(("node1", false), ("node2", false));
        EventStream stream = _harness.Subscribe();
        _harness.Join(key, "compute");
        _harness.Join("compute:node2");
        _harness.Sweep();
        Register(("node1", true), ("node2", false));
        _harness.Sweep();
        Assert.Equal(MemberState.Down, _harness.StateOf(key));
        for (int i = 0; i < 5; i++)
        {
            _harness.Beat(key);
            _harness.Sweep();
        }

        Assert.Equal((MemberState.Down, MemberState.Up), (_harness.StateOf(key), _harness.StateOf("compute:node2")));
        Register(("node1", false), ("node2", false));
        _harness.Sweep();
        Assert.Equal(
            ["compute:node1 up", "compute:node2 up", "compute:node1 down ForcedDown", "compute:node1 up"], await EventsOf(stream));
    }

    [Fact]
    public async Task Who_is_silent_when_he_is_forced_down_no_more_stays_down()
    {
        EventStream stream = _harness.Subscribe();
        _harness.Join("compute:node1");
        _harness.Sweep();
        Register(("node1", true));
        _harness.SweepFor(2 * MonitorHarness.DownTime);
        Register(("node1", false));
        _harness.SweepFor(TimeSpan.FromSeconds(5));
        Assert.Equal(["compute:node1 up", "compute:node1 down ForcedDown"], await EventsOf(stream));
    }

    [Fact]
    public async Task Who_was_forced_down_before_he_joined_never_comes_up()
    {
        Register(("node1", true));
        EventStream stream = _harness.Subscribe();
        _harness.Join("compute:node1");
        _harness.SweepFor(TimeSpan.FromSeconds(1));
        _harness.Leave("compute:node1");
        _harness.Sweep();
        _harness.Join("compute:node1");
        _harness.SweepFor(TimeSpan.FromSeconds(1));
        Assert.Equal(MemberState.Down, _harness.StateOf("compute:node1"));
        Register();
        _harness.Sweep();
        Assert.Equal(["compute:node1 up"], await EventsOf(stream));
    }

    [Fact]
    public void The_next_member_in_his_row_is_not_forced_down()
    {
        Register(("node1", true));
        int row = _harness.Join("compute:node1");
        _harness.Sweep();
        _harness.Leave("compute:node1");
        _harness.Sweep();
        _harness.Table.Crawl(0, _harness.Clock.Read());
        Assert.Equal(row, _harness.Join("compute:node2"));
        _harness.Sweep();
        Assert.Equal(MemberState.Up, _harness.StateOf("compute:node2"));
    }

    [Fact]
    public async Task A_suspect_can_be_forced_down()
    {
        for (int i = 0; i < 10; i++)
        {
            _harness.Join($"compute:node{i}");
        }

        _harness.SweepFor(MonitorHarness.DownTime + TimeSpan.FromSeconds(1));
        Assert.Equal(10, _harness.Monitor.WentSuspect);
        EventStream stream = _harness.Subscribe();
        Register(("node3", true));
        _harness.SweepFor(TimeSpan.FromSeconds(1));
        Assert.Equal(["compute:node3 down ForcedDown"], await EventsOf(stream));
    }

    [Fact]
    public void While_nothing_changes_the_register_says_so()
    {
        Register(("node1", true), ("node2", false));
        IReadOnlySet<MemberName> before = _harness.Register.ForcedDown;
        Register(("node1", true), ("node3", false));
        Assert.Same(before, _harness.Register.ForcedDown);
        Register(("node1", false));
        Assert.Empty(_harness.Register.ForcedDown);
    }
}
