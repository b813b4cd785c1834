namespace LivenessEngine.Tools.LoadGen.Comparing;

/// <summary>One load that every peer gets.</summary>
/// <param name="Name">What it is called in tables.</param>
/// <param name="Operation">Set or get.</param>
/// <param name="Connections">Sockets.</param>
/// <param name="Depth">Requests under way on each.</param>
/// <param name="Width">Keys in one get.</param>
/// <param name="IsLong">Left out of a quick comparison.</param>
internal sealed record Scenario(string Name, Operation Operation, int Connections = 50, int Depth = 1, int Width = 1, bool IsLong = false)
{
    /// <summary>What the figures of the project are about.</summary>
    public static readonly IReadOnlyList<Scenario> All =
    [
        new("set, depth 1", Operation.Set),
        new("get, depth 1", Operation.Get),
        new("set, depth 16", Operation.Set, Depth: 16),
        new("get, depth 16", Operation.Get, Depth: 16),
        new("50-key get, per key", Operation.Get, Width: 50),
        new("set, 2,000 connections", Operation.Set, Connections: 2000, IsLong: true),
        new("get, 2,000 connections", Operation.Get, Connections: 2000, IsLong: true),
    ];
}
