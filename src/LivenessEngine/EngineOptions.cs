using System.Diagnostics.Metrics;
using LivenessEngine.Table.State;

namespace LivenessEngine;

/// <summary>What the engine is told at its start, checked by whoever made it.</summary>
internal sealed record EngineOptions
{
    /// <summary>How long a member may be silent. Nova's default (<c>service_down_time</c>).</summary>
    public TimeSpan ServiceDownTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often members report, by which the brake tells a silence from the time between two reports. Nova's default (<c>report_interval</c>).</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often verdicts are made.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The most time in a row in which the engine was not listening and that keeps a silent member up
    /// (<see cref="Time.CreditLimit"/>); null for twice the service down time.
    /// </summary>
    public TimeSpan? MaxCredit { get; init; }

    /// <inheritdoc cref="ServiceGroupOptions.BrakeShare"/>
    public double BrakeShare { get; init; } = 0.5;

    /// <inheritdoc cref="ServiceGroupOptions.BrakeSize"/>
    public int BrakeSize { get; init; } = 10;

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where the table is kept, so that it outlives the process; null for memory alone.</summary>
    public StateFileOptions? StateFile { get; init; }

    /// <summary>Where the meter comes from; null for one of the engine's own.</summary>
    public IMeterFactory? MeterFactory { get; init; }
}
