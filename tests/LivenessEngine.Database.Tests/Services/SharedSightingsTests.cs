using System.Text;
using LivenessEngine.Database.Services;
using LivenessEngine.ServiceGroups;
using LivenessEngine.Table;
using LivenessEngine.Testing;

namespace LivenessEngine.Database.Tests.Services;

/// <summary>What is taken in from the table, by a clock of the test's.</summary>
public sealed class SharedSightingsTests : IAsyncDisposable
{
    private static readonly TimeSpan DownTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly MemberName Node = new("node1", "compute");

    private readonly TestEngine _time = new();
    private readonly SharedSightings _shared;

    public SharedSightingsTests()
    {
        _time.Engine.Register.Replace([Record()]);
        _shared = new SharedSightings(_time.Engine, Patience);
    }

    public ValueTask DisposeAsync() => _time.DisposeAsync();

    [Fact]
    public void Who_was_seen_elsewhere_is_up_here_and_hearsay()
    {
        Take(age: 5);

        Assert.Equal((MemberState.Up, 5.0), (Status().State, Status().Age!.Value.TotalSeconds));
        Assert.True(_shared.IsHearsay(Node, Arrival()));
    }

    [Fact]
    public void Who_was_seen_too_long_ago_is_down_but_not_by_an_engine_that_has_just_begun()
    {
        Take(age: 61);
        Assert.Equal(MemberState.Unknown, Status().State);

        _time.Pass(DownTime);
        Take(age: 121);
        Assert.Equal(MemberState.Down, Status().State);
    }

    [Theory, InlineData("compute:node1"), InlineData("sha1")]
    public void Who_reports_here_too_is_touched_under_the_key_that_is_there(string key)
    {
        Beat(key == "sha1" ? ServiceRegister.KeyOf(Node) : key);
        _time.Pass(TimeSpan.FromSeconds(20));

        Take(age: 5);

        Assert.Single(_time.Engine.Seen(null));
        Assert.Equal(5, Status().Age!.Value.TotalSeconds);
    }

    [Fact]
    public void Who_was_heard_of_by_one_key_and_reports_by_the_other_is_down_under_neither()
    {
        Take(age: 0);
        _time.Pass(TimeSpan.FromSeconds(2));
        Beat("compute:node1");
        _time.Pass(TimeSpan.FromSeconds(1));
        Take(age: 3);

        Assert.All(_time.Engine.Seen(null), seen => Assert.Equal(1, seen.Evidence.Age!.Value.TotalSeconds));
        Assert.All(_time.Engine.Seen(null), seen => Assert.False(_shared.IsHearsay(Node, seen.Arrival)));
    }

    [Fact]
    public void What_is_older_than_what_is_known_here_changes_nothing()
    {
        Beat("compute:node1");
        _time.Pass(TimeSpan.FromSeconds(1));

        Take(age: 5);

        Assert.Equal(1, Status().Age!.Value.TotalSeconds);
        Assert.False(_shared.IsHearsay(Node, Arrival()));
    }

    [Fact]
    public void What_was_written_by_us_and_comes_back_a_little_later_is_no_news()
    {
        Beat("compute:node1");
        _time.Pass(TimeSpan.FromSeconds(2));

        Take(age: 1.5, own: 0.6);
        Assert.Equal(2, Status().Age!.Value.TotalSeconds);

        Take(age: 1, own: 0.6);
        Assert.Equal(1, Status().Age!.Value.TotalSeconds);
    }

    [Fact]
    public void A_time_ahead_of_now_counts_when_it_changes_and_as_now()
    {
        Take(age: -10);
        Assert.Equal(0, Status().Age!.Value.TotalSeconds);
        _time.Pass(TimeSpan.FromSeconds(2));
        _shared.Take([Row(age: -8)], _time.Engine.Clock.Read(), _ => null);
        Assert.Equal(2, Status().Age!.Value.TotalSeconds);
    }

    [Fact]
    public void A_time_in_whole_seconds_may_be_a_second_later_and_never_ahead_of_now()
    {
        TakeWhole(age: 5);
        Assert.Equal(4, Status().Age!.Value.TotalSeconds);
        TakeWhole(age: 0);
        Assert.Equal(0, Status().Age!.Value.TotalSeconds);

        void TakeWhole(double age) => _shared.Take(
            [(Node, new Evidence(TimeSpan.FromSeconds(age), DateTimeOffset.UnixEpoch.AddSeconds(_time.UnixSeconds - age), Record()))],
            _time.Engine.Clock.Read(),
            _ => null);
    }

    [Fact]
    public void A_time_that_lies_too_far_ahead_is_no_evidence()
    {
        Take(age: -61);

        Assert.Equal(MemberState.Unknown, Status().State);
    }

    [Fact]
    public void While_the_table_is_away_nobody_goes_down_who_reports_elsewhere_for_two_down_times()
    {
        Take(age: 0);
        Beat("compute:here");

        _time.Pass(Patience + (2 * DownTime));
        Assert.Equal(MemberState.Up, Status().State);
        Assert.Equal(MemberState.Down, Status("here").State);

        _time.Pass(DownTime);
        Assert.Equal(MemberState.Down, Status().State);
        Assert.Equal(2 * DownTime, _shared.Uncounted);
    }

    [Fact]
    public void Nobody_is_brought_back_by_a_table_that_is_away()
    {
        _time.Pass(DownTime);
        Take(age: 61);

        _time.Pass(2 * DownTime);

        Assert.Equal(MemberState.Down, Status().State);
    }

    [Fact]
    public void A_table_that_comes_and_goes_hides_no_death_for_long()
    {
        Take(age: 0);
        for (int i = 0; i < 10; i++)
        {
            _time.Pass(TimeSpan.FromSeconds(30));
            _shared.Take([Row(age: 30 * (i + 1))], _time.Engine.Clock.Read(), _ => null);
        }

        Assert.Equal(MemberState.Down, Status().State);
    }

    private void Take(double age, double? own = null)
        => _shared.Take([Row(age)], _time.Engine.Clock.Read(), _ => own is { } seconds ? TimeSpan.FromSeconds(seconds) : null);

    // The wall clock of the tests stands at whole seconds, and times in the table do not.
    private (MemberName Name, Evidence Evidence) Row(double age)
        => (Node, new Evidence(TimeSpan.FromSeconds(age), _time.Clock.GetUtcNow() - TimeSpan.FromSeconds(age) + TimeSpan.FromMicroseconds(1), Record()));

    private static ServiceRecord Record() => new(1, "node1", "nova-compute", "compute", null, 0, 0, false, null, false, null, null);

    private MemberStatus Status(string member = "node1") => _time.Engine.Members(null).Single(status => status.Member == member);

    private long Arrival() => _time.Engine.Seen(null).Single().Arrival;

    private void Beat(string key)
    {
        using EpochGuard guard = _time.Engine.Table.Enter();
        _time.Engine.Table.Members.Join(guard, Encoding.ASCII.GetBytes(key), _time.Engine.Groups.GetOrAdd("compute"), _time.Engine.Read(), out _);
    }
}
