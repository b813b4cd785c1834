using LivenessEngine.Tools.FleetSim.Judging;

namespace LivenessEngine.Interop.FleetSim;

public sealed class OracleTests
{
    private readonly Oracle _oracle = new(2, Seconds(6));

    public OracleTests() => _oracle.Start(Seconds(0));

    [Fact]
    public void A_node_that_beats_on_time_must_be_up_even_if_no_beat_is_taken()
    {
        for (int second = 1; second <= 20; second++)
        {
            _oracle.Beat(0, Seconds(second));
        }

        _oracle.Judge(0, isUp: false, Seconds(20), Seconds(20.5));
        Assert.Equal((1, 0.5), (_oracle.Conclude().FalselyDown, _oracle.Conclude().FalselyDownShare));
    }

    [Fact]
    public void It_must_be_up_until_it_is_silent_for_the_service_down_time_and_no_longer()
    {
        _oracle.Judge(0, isUp: false, Seconds(6), Seconds(6));
        _oracle.Judge(1, isUp: false, Seconds(6), Seconds(6.001));
        Assert.Equal((1, 1L), (_oracle.Conclude().FalselyDown, _oracle.Conclude().Excused));
    }

    [Fact]
    public void A_beat_that_the_simulator_is_too_late_for_counts_once_it_is_taken()
    {
        _oracle.Beat(0, Seconds(7));
        _oracle.Judge(0, isUp: false, Seconds(8), Seconds(8));
        Assert.Equal(0, _oracle.Conclude().FalselyDown);
        _oracle.Taken(0, Seconds(7));
        _oracle.Judge(0, isUp: false, Seconds(8), Seconds(8));
        Assert.Equal(1, _oracle.Conclude().FalselyDown);
    }

    [Fact]
    public void The_dead_are_found_when_they_are_down_for_good()
    {
        _oracle.Kill(0, Seconds(10));
        _oracle.Judge(0, isUp: false, Seconds(12), Seconds(12));
        _oracle.Judge(0, isUp: true, Seconds(13), Seconds(13));
        _oracle.Judge(0, isUp: false, Seconds(15), Seconds(15.5));
        _oracle.Judge(0, isUp: false, Seconds(16), Seconds(16));
        Outcome outcome = _oracle.Conclude();
        Assert.Equal((1, 1, 1, 0), (outcome.Live, outcome.Dead, outcome.Found, outcome.FalselyDown));
        Assert.Equal(Seconds(5.5), outcome.FoundAfter.Max);
    }

    [Fact]
    public void The_dead_who_are_up_at_last_are_missed()
    {
        _oracle.Kill(0, Seconds(10));
        _oracle.Judge(0, isUp: false, Seconds(12), Seconds(12));
        _oracle.Judge(0, isUp: true, Seconds(20), Seconds(20));
        Assert.Equal((1, 0), (_oracle.Conclude().Dead, _oracle.Conclude().Found));
    }

    [Fact]
    public void An_answer_to_a_question_from_before_a_death_says_nothing_of_it()
    {
        _oracle.Kill(0, Seconds(10));
        _oracle.Judge(0, isUp: false, Seconds(9), Seconds(11));
        Assert.Equal((0, 0), (_oracle.Conclude().Found, _oracle.Conclude().FalselyDown));
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
