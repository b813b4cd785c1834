namespace LivenessEngine;

/// <summary>One figure that the engine shows: to the meter as <c>liveness.</c> and the name, and in <c>stats liveness-engine</c>.</summary>
/// <param name="Name">In small letters, with underscores: a key of the statistics.</param>
/// <param name="Unit">The unit, as the meter writes units: <c>s</c>, <c>{member}</c>.</param>
/// <param name="Description">What it is, in a sentence.</param>
/// <param name="Read">The value now. Called by any thread; it waits for nobody.</param>
internal sealed record EngineFigure(string Name, string Unit, string Description, Func<double> Read)
{
    /// <summary>Whether it only ever grows.</summary>
    public bool IsTotal { get; init; }
}
