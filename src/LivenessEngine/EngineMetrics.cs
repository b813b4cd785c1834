using System.Diagnostics.Metrics;

namespace LivenessEngine;

/// <summary>The engine's figures, under the meter <see cref="ServiceGroup.MeterName"/>.</summary>
internal sealed class EngineMetrics : IDisposable
{
    private readonly Engine _engine;
    private readonly Meter _meter;
    private readonly bool _ownsMeter;
    private readonly Histogram<double> _sweep;
    private readonly Histogram<double> _lateness;
    private readonly LastAndMost _sweepTime = new();
    private readonly LastAndMost _tickLateness = new();

    public EngineMetrics(Engine engine, IMeterFactory? factory)
    {
        _engine = engine;
        _ownsMeter = factory is null;
        _meter = factory?.Create(ServiceGroup.MeterName) ?? new Meter(ServiceGroup.MeterName);
        _meter.CreateObservableGauge("liveness.members", Members, "{member}", "Members by group and state.");
        _meter.CreateObservableCounter("liveness.transitions", Transitions, "{transition}", "Changes of verdict, by the new state.");
        Figures = new EngineFigures(_meter);
        AddFigures();
        _sweep = _meter.CreateHistogram<double>("liveness.sweep.duration", "s", "How long judging every member took.");
        _lateness = _meter.CreateHistogram<double>("liveness.tick.lateness", "s", "How late a tick came.");
    }

    /// <summary>The figures without tags, of this and every other part.</summary>
    public EngineFigures Figures { get; }

    /// <summary>By the ticker.</summary>
    public void Swept(TimeSpan duration)
    {
        _sweep.Record(duration.TotalSeconds);
        _sweepTime.Set(duration.TotalSeconds);
    }

    /// <summary>By the ticker.</summary>
    public void TickIsLate(TimeSpan by)
    {
        _lateness.Record(Math.Max(by.TotalSeconds, 0));
        _tickLateness.Set(Math.Max(by.TotalSeconds, 0));
    }

    public void Dispose()
    {
        if (_ownsMeter)
        {
            _meter.Dispose();
        }
    }

    private void AddFigures()
    {
        long started = _engine.Options.TimeProvider.GetTimestamp();
        Figures.Add("uptime", "s", "For how long the engine has been there.", () => _engine.Options.TimeProvider.GetElapsedTime(started).TotalSeconds);
        Figures.Add("restored_members", "{member}", "Members that the state file knew at the start.", () => _engine.Restored.Members);
        Figures.Add("sweep_time_last", "s", "How long judging every member took, the last time.", () => _sweepTime.Last);
        Figures.Add("sweep_time_max", "s", "How long it took at the most, since the start.", () => _sweepTime.Most);
        Figures.Add("tick_lateness_last", "s", "How late the last tick came.", () => _tickLateness.Last);
        Figures.Add("tick_lateness_max", "s", "How late one came at the most, since the start.", () => _tickLateness.Most);
        Figures.AddTotal(
            "uncounted_time",
            "s",
            "Time in which the engine was not listening, and which counts against nobody.",
            () => TimeSpan.FromTicks(_engine.Clock.Uncounted).TotalSeconds);
        Figures.AddTotal("uncounted_gaps", "{gap}", "Gaps in which it was not listening.", () => _engine.Clock.Credits.Gaps);
        Figures.Add("uncounted_last_gap", "s", "What was not counted of the last gap.", () => _engine.Clock.Credits.LastGap.TotalSeconds);
        Figures.Add(
            "credit_in_force",
            "s",
            "How much longer than the service down time a member may be silent at present.",
            () => _engine.Clock.Credits.InForce.TotalSeconds);
        Figures.AddTotal("full_collections", "{collection}", "Collections of everything that the process's memory has had.", () => GC.CollectionCount(2));
        Figures.Add("clock_suspended", "1", "1 while nothing is counted because clients cannot connect or are not served, else 0.", () => _engine.Clock.IsSuspended ? 1 : 0);
        Figures.Add("intakes_behind", "{intake}", "Transports that have not served all who had something to say for a while.", () => _engine.Intakes.Behind);
        Figures.Add("brake_held_groups", "{group}", "Groups whose verdicts the mass-down brake holds.", () => _engine.Monitor.Brake.HeldNow);
        Figures.AddTotal("brake_holds", "{hold}", "How often it has held a group.", () => _engine.Monitor.Brake.HoldCount);
        Figures.AddTotal("brake_releases", "{release}", "How often an operator has released one.", () => _engine.Monitor.Brake.Releases);
    }

    private IEnumerable<Measurement<long>> Transitions()
    {
        yield return new Measurement<long>(_engine.Monitor.WentUp, new KeyValuePair<string, object?>("state", "up"));
        yield return new Measurement<long>(_engine.Monitor.WentDown, new KeyValuePair<string, object?>("state", "down"));
        yield return new Measurement<long>(_engine.Monitor.WentSuspect, new KeyValuePair<string, object?>("state", "suspect"));
    }

    private IEnumerable<Measurement<long>> Members()
    {
        var tally = new MemberTally(_engine);
        tally.TryAdvance(int.MaxValue, _engine.Read());
        return tally.Counts.Select(one => Count(one.Count, one.Group, WordOf(one.State)));
    }

    private static string WordOf(MemberState state) => state.ToString().ToLowerInvariant();

    private static Measurement<long> Count(long count, string group, string state)
        => new(count, new KeyValuePair<string, object?>("group", group), new KeyValuePair<string, object?>("state", state));
}
