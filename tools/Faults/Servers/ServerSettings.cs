using LivenessEngine.Tools.Faults.Judging;

namespace LivenessEngine.Tools.Faults.Servers;

/// <summary>How a server is started for a run.</summary>
internal sealed record ServerSettings
{
    public required Scale Scale { get; init; }

    /// <summary>For items, in megabytes.</summary>
    public int Memory { get; init; } = 256;

    public int Connections { get; init; } = 1024;

    /// <summary>Whether its wall clock can be set while it runs.</summary>
    public bool HasClock { get; init; }

    /// <summary>The core it runs on; null for any.</summary>
    public string? Cpu { get; init; }

    /// <summary>Nova's database, for our daemon alone; null for none.</summary>
    public string? Database { get; init; }
}
