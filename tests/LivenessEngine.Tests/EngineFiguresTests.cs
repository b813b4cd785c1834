using System.Diagnostics.Metrics;

namespace LivenessEngine.Tests;

public sealed class EngineFiguresTests : IDisposable
{
    private readonly Meter _meter = new(nameof(EngineFiguresTests));

    public void Dispose() => _meter.Dispose();

    [Fact]
    public void A_figure_is_listed_and_on_the_meter()
    {
        var figures = new EngineFigures(_meter);
        figures.Add("skew_max", "s", "The largest skew.", () => 2.5);
        figures.AddTotal("flushes", "{flush}", "Flushes.", () => 7);
        Assert.Equal([("skew_max", 2.5, false), ("flushes", 7.0, true)], figures.All.Select(one => (one.Name, one.Read(), one.IsTotal)));
        Assert.Equal(["gauge liveness.skew_max 2.5 s", "counter liveness.flushes 7 {flush}"], Collect());
    }

    [Fact]
    public void A_name_that_is_added_again_is_read_from_its_new_source_and_stands_once()
    {
        var figures = new EngineFigures(_meter);
        figures.Add("a", "s", "A.", () => 1);
        figures.Add("b", "s", "B.", () => 2);
        figures.Add("a", "s", "A.", () => 3);
        Assert.Equal([("a", 3.0), ("b", 2.0)], figures.All.Select(one => (one.Name, one.Read())));
        Assert.Equal(["gauge liveness.a 3 s", "gauge liveness.b 2 s"], Collect());
    }

    private List<string> Collect()
    {
        var seen = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter == _meter)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) =>
            seen.Add(FormattableString.Invariant($"{(instrument is ObservableCounter<double> ? "counter" : "gauge")} {instrument.Name} {value} {instrument.Unit}")));
        listener.Start();
        listener.RecordObservableInstruments();
        return seen;
    }
}
