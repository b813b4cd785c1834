using LivenessEngine.Tools.FleetSim.Fleets;

namespace LivenessEngine.Interop.FleetSim;

public sealed class BeatScheduleTests
{
    private const int Nodes = 200;
    private const int Interval = 50;
    private const int Jitter = 10;

    [Fact]
    public void Every_node_beats_once_an_interval_and_no_later_than_the_jitter_says()
    {
        List<long>[] beats = Play(new BeatSchedule(Nodes, Interval, Jitter, seed: 1), ticks: 20 * Interval);
        Assert.All(beats, own =>
        {
            Assert.InRange(own.Count, 19, 20);
            Assert.InRange(own[0], 0, Interval + Jitter - 1);
            Assert.All(own.Zip(own.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, Interval - Jitter, Interval + Jitter));

            // On one grid: what is late is not handed on.
            long first = own.Select((tick, beat) => tick - (beat * Interval)).Min();
            Assert.All(own.Index(), beat => Assert.InRange(beat.Item - (beat.Index * Interval) - first, 0, Jitter));
        });
    }

    [Fact]
    public void Beats_are_spread_over_the_interval()
    {
        List<long>[] beats = Play(new BeatSchedule(Nodes, Interval, Jitter, seed: 1), ticks: Interval);
        Assert.True(beats.Where(own => own.Count > 0).Select(own => own[0]).Distinct().Count() > Interval / 2);
    }

    [Fact]
    public void Without_jitter_beats_are_an_interval_apart()
    {
        List<long>[] beats = Play(new BeatSchedule(Nodes, Interval, jitter: 0, seed: 3), ticks: 5 * Interval);
        Assert.All(beats, own => Assert.Equal([own[0], own[0] + 50, own[0] + 100, own[0] + 150, own[0] + 200], own));
    }

    [Fact]
    public void A_node_that_beats_no_more_is_not_asked_again()
    {
        var schedule = new BeatSchedule(1, Interval, Jitter, seed: 1);
        int asked = 0;
        for (long tick = 0; tick < 5 * Interval; tick++)
        {
            schedule.Take(tick, _ => ++asked < 2);
        }

        Assert.Equal(2, asked);
    }

    [Fact]
    public void A_seed_says_it_all()
        => Assert.Equal(
            Play(new BeatSchedule(Nodes, Interval, Jitter, seed: 7), 3 * Interval), Play(new BeatSchedule(Nodes, Interval, Jitter, seed: 7), 3 * Interval));

    private static List<long>[] Play(BeatSchedule schedule, int ticks)
    {
        List<long>[] beats = [.. Enumerable.Range(0, Nodes).Select(_ => new List<long>())];
        for (long tick = 0; tick < ticks; tick++)
        {
            schedule.Take(tick, node =>
            {
                beats[node].Add(tick);
                return true;
            });
        }

        return beats;
    }
}
