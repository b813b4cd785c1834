using LivenessEngine.Tools.Faults.Judging;
using LivenessEngine.Tools.Faults.Servers;

namespace LivenessEngine.Tools.Faults.Scenarios;

/// <summary>One run of one fault.</summary>
internal sealed record RunOptions
{
    public required ServerProgram Program { get; init; }

    public Scale Scale { get; init; } = Scale.Small;

    public int Members { get; init; } = 200;

    /// <summary>Sockets of the members; as many as there are members for one each.</summary>
    public int Connections { get; init; } = 20;

    /// <summary>Chooses who dies and who falls silent.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The core that the server runs on; null for any.</summary>
    public string? ServerCpu { get; init; }
}
