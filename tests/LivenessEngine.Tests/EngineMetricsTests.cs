using System.Diagnostics.Metrics;
using LivenessEngine.Tests.Time;

namespace LivenessEngine.Tests;

public sealed class EngineMetricsTests : IMeterFactory
{
    private readonly List<Meter> _meters = [];

    Meter IMeterFactory.Create(MeterOptions options)
    {
        _meters.Add(new Meter(options));
        return _meters[^1];
    }

    public void Dispose() => _meters.ForEach(meter => meter.Dispose());

    private Dictionary<string, double> Collect(Action? during = null)
    {
        var values = new Dictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (_meters.Contains(instrument.Meter))
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => values[Name(instrument, tags)] = value);
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => values[Name(instrument, tags)] = value);
        listener.Start();
        during?.Invoke();
        listener.RecordObservableInstruments();
        return values;
    }

    private static string Name(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        => string.Join(' ', [instrument.Name, .. tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")]);

    private ServiceGroup NewServiceGroup(TestTime time) => new(new ServiceGroupOptions { TimeProvider = time, MeterFactory = this });

    [Fact]
    public void Members_are_counted_by_group_and_state()
    {
        var time = new TestTime();
        using ServiceGroup group = NewServiceGroup(time);
        group.Heartbeat("silent", "compute");
        time.Advance(TimeSpan.FromMilliseconds(200));
        for (int i = 0; i < 600; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            group.Engine.Tick();
        }

        group.Heartbeat("a", "compute");
        group.Heartbeat("b", "compute");
        group.Heartbeat("c", "volume");
        Dictionary<string, double> values = Collect();
        Assert.Equal(2, values["liveness.members group=compute state=up"]);
        Assert.Equal(1, values["liveness.members group=compute state=down"]);
        Assert.Equal(1, values["liveness.members group=volume state=up"]);
        Assert.Equal(0, values["liveness.members group=volume state=down"]);
    }

    [Fact]
    public void Suspects_and_the_holds_of_the_brake_are_counted()
    {
        var time = new TestTime();
        using ServiceGroup group = NewServiceGroup(time);
        for (int i = 0; i < 10; i++)
        {
            group.Heartbeat($"node{i}", "compute");
        }

        for (int i = 0; i < 610; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            group.Engine.Tick();
        }

        Dictionary<string, double> values = Collect();
        Assert.Equal((0, 10, 0), (
            values["liveness.members group=compute state=up"],
            values["liveness.members group=compute state=suspect"],
            values["liveness.members group=compute state=down"]));
        Assert.Equal(10, values["liveness.transitions state=suspect"]);
        Assert.Equal((1, 1, 0), (values["liveness.brake_held_groups"], values["liveness.brake_holds"], values["liveness.brake_releases"]));
    }

    [Fact]
    public void Who_is_forced_down_counts_as_down()
    {
        var time = new TestTime();
        using ServiceGroup group = NewServiceGroup(time);
        group.Heartbeat("node1", "compute");
        group.Heartbeat("node2", "compute");
        group.Engine.Register.Replace([new ServiceRecord(1, "node1", "nova-compute", "compute", null, 61, 0, false, null, true, null, null)]);
        group.Engine.Tick();
        Dictionary<string, double> values = Collect();
        Assert.Equal((1, 1), (values["liveness.members group=compute state=up"], values["liveness.members group=compute state=down"]));
        Assert.False(group.IsUp("node1", "compute"));
    }

    [Fact]
    public void Of_ticks_and_sweeps_the_last_and_the_worst_are_told()
    {
        var time = new TestTime();
        using ServiceGroup group = NewServiceGroup(time);
        time.Advance(TimeSpan.FromMilliseconds(350));
        group.Engine.Tick();
        time.Advance(TimeSpan.FromMilliseconds(120));
        group.Engine.Tick();
        Dictionary<string, double> values = Collect();
        Assert.Equal(0.02, values["liveness.tick_lateness_last"], 0.001);
        Assert.Equal(0.25, values["liveness.tick_lateness_max"], 0.001);
        Assert.InRange(values["liveness.sweep_time_last"], 0, values["liveness.sweep_time_max"]);
        Assert.Equal((1, 0.15), (values["liveness.uncounted_gaps"], Math.Round(values["liveness.uncounted_last_gap"], 3)));
    }

    [Fact]
    public void Transitions_and_uncounted_time_are_counted()
    {
        var time = new TestTime();
        using ServiceGroup group = NewServiceGroup(time);
        group.Heartbeat("a", "compute");
        group.Engine.Tick();
        group.Leave("a", "compute");
        time.Advance(TimeSpan.FromSeconds(5));
        group.Engine.Tick();
        Dictionary<string, double> values = Collect();
        Assert.Equal(1, values["liveness.transitions state=up"]);
        Assert.Equal(1, values["liveness.transitions state=down"]);
        Assert.Equal(4.8, values["liveness.uncounted_time"], 0.001);
    }

    [Fact]
    public void Of_every_tick_the_sweep_and_the_lateness_are_measured()
    {
        var time = new TestTime();
        using ServiceGroup group = NewServiceGroup(time);
        time.Advance(TimeSpan.FromMilliseconds(350));
        Dictionary<string, double> values = Collect(group.Engine.Tick);
        Assert.Equal(0.250, values["liveness.tick.lateness"], 0.001);
        Assert.InRange(values["liveness.sweep.duration"], 0, 10);
        time.Advance(TimeSpan.FromMilliseconds(20));
        Assert.Equal(0, Collect(group.Engine.Tick)["liveness.tick.lateness"]);
    }

    [Fact]
    public void The_meter_has_its_public_name_and_is_left_to_the_factory()
    {
        ServiceGroup group = NewServiceGroup(new TestTime());
        Assert.Equal(ServiceGroup.MeterName, Assert.Single(_meters).Name);
        group.Dispose();
        Assert.NotEmpty(Collect());
    }

    [Fact]
    public void A_meter_of_its_own_ends_with_the_engine()
    {
        var published = new HashSet<Instrument>();
        var completed = new HashSet<Instrument>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == ServiceGroup.MeterName)
                {
                    published.Add(instrument);
                    self.EnableMeasurementEvents(instrument);
                }
            },
            MeasurementsCompleted = (instrument, _) => completed.Add(instrument),
        };
        listener.Start();
        int before = published.Count;
        var group = new ServiceGroup(new ServiceGroupOptions { TimeProvider = new TestTime() });

        // Members, transitions, two histograms, and the figures.
        int instruments = 4 + group.Engine.Figures.All.Count;
        Assert.Equal(instruments, published.Count - before);
        Assert.Empty(completed);
        group.Dispose();
        Assert.Equal(instruments, completed.Count);
    }
}
