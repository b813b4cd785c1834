using LivenessEngine.Tools.Faults.Servers;

namespace LivenessEngine.Tools.Faults.Latency;

/// <summary>How the time of a get is measured while members are added, beat and are judged.</summary>
internal sealed record LatencyOptions
{
    public required ServerProgram Program { get; init; }

    public int Members { get; init; } = 1_000_000;

    /// <summary>Heartbeats a second, once all members are there.</summary>
    public int BeatsPerSecond { get; init; } = 20_000;

    /// <summary>How long each of the two parts is measured.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(20);

    public string? ServerCpu { get; init; }
}
