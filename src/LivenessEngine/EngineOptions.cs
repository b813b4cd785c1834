using System.Diagnostics.Metrics;

namespace LivenessEngine;

/// <summary>What the engine is told at its start, checked by whoever made it.</summary>
internal sealed record EngineOptions
{
    /// <summary>How long a member may be silent. Nova's default (<c>service_down_time</c>).</summary>
    public TimeSpan ServiceDownTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often verdicts are made.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromMilliseconds(100);

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where the meter comes from; null for one of the engine's own.</summary>
    public IMeterFactory? MeterFactory { get; init; }
}
