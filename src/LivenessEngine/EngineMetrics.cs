using System.Diagnostics.Metrics;
using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine;

/// <summary>The engine's figures, under the meter <see cref="ServiceGroup.MeterName"/>.</summary>
internal sealed class EngineMetrics : IDisposable
{
    private readonly Engine _engine;
    private readonly Meter _meter;
    private readonly bool _ownsMeter;
    private readonly Histogram<double> _sweep;
    private readonly Histogram<double> _lateness;

    public EngineMetrics(Engine engine, IMeterFactory? factory)
    {
        _engine = engine;
        _ownsMeter = factory is null;
        _meter = factory?.Create(ServiceGroup.MeterName) ?? new Meter(ServiceGroup.MeterName);
        _meter.CreateObservableGauge("liveness.members", Members, "{member}", "Members by group and state.");
        _meter.CreateObservableCounter("liveness.transitions", Transitions, "{transition}", "Changes of verdict, by the new state.");
        Figures = new EngineFigures(_meter);
        Figures.AddTotal(
            "uncounted_time",
            "s",
            "Time in which the engine was not listening, and which counts against nobody.",
            () => TimeSpan.FromTicks(engine.Clock.Uncounted).TotalSeconds);
        _sweep = _meter.CreateHistogram<double>("liveness.sweep.duration", "s", "How long judging every member took.");
        _lateness = _meter.CreateHistogram<double>("liveness.tick.lateness", "s", "How late a tick came.");
    }

    /// <summary>The figures without tags, of this and every other part.</summary>
    public EngineFigures Figures { get; }

    public void Swept(TimeSpan duration) => _sweep.Record(duration.TotalSeconds);

    public void TickIsLate(TimeSpan by) => _lateness.Record(Math.Max(by.TotalSeconds, 0));

    public void Dispose()
    {
        if (_ownsMeter)
        {
            _meter.Dispose();
        }
    }

    private IEnumerable<Measurement<long>> Transitions()
    {
        yield return new Measurement<long>(_engine.Monitor.WentUp, new KeyValuePair<string, object?>("state", "up"));
        yield return new Measurement<long>(_engine.Monitor.WentDown, new KeyValuePair<string, object?>("state", "down"));
    }

    private IEnumerable<Measurement<long>> Members()
    {
        IReadOnlyList<string> groups = _engine.Groups.Names;
        long[] up = new long[groups.Count];
        long[] down = new long[groups.Count];
        Moment now = _engine.Read();
        MemberColumns columns = _engine.Table.Members.Columns;
        int end = columns.End;
        for (int row = 1; row < end; row++)
        {
            int group = columns.Group(row);
            if (group >= 0 && group < groups.Count)
            {
                (_engine.Monitor.StateOf(row, now) == MemberState.Up ? up : down)[group]++;
            }
        }

        for (int group = 0; group < groups.Count; group++)
        {
            yield return Count(up[group], groups[group], "up");
            yield return Count(down[group], groups[group], "down");
        }
    }

    private static Measurement<long> Count(long count, string group, string state)
        => new(count, new KeyValuePair<string, object?>("group", group), new KeyValuePair<string, object?>("state", state));
}
