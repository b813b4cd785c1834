using LivenessEngine.Tools.Faults.Servers;

namespace LivenessEngine.Tools.Faults.Scenarios;

/// <summary>Something that goes wrong, while members beat, die and are asked for.</summary>
/// <param name="Name">What it is called in tables.</param>
/// <param name="Script">What happens. Deaths before, during and after it come by themselves.</param>
internal sealed record Fault(string Name, Func<Stage, Task> Script)
{
    /// <summary>Whether it is tried with very many members.</summary>
    public bool IsLarge { get; init; }

    /// <summary>Whether it needs the machine to itself.</summary>
    public bool IsAlone { get; init; }

    /// <summary>How far the readers' clocks are ahead: a reader for each.</summary>
    public IReadOnlyList<TimeSpan> ReaderSkews { get; init; } = [TimeSpan.Zero];

    /// <summary>How the server is started.</summary>
    public Func<ServerSettings, ServerSettings> Settings { get; init; } = settings => settings;

    /// <summary>Whether the server's wall clock is set.</summary>
    public bool SetsClock { get; init; }

    /// <summary>Whether there is a second server, for our daemon one with the same database.</summary>
    public bool HasTwoServers { get; init; }

    /// <summary>How much later a death may be found, because an engine knows some heartbeats from the other one.</summary>
    public TimeSpan Staleness { get; init; }

    /// <summary>Deaths before, during and after it, as a share of all.</summary>
    public double Deaths { get; init; } = 0.02;
}
