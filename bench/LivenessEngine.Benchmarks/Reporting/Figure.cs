using System.Globalization;

namespace LivenessEngine.Benchmarks.Reporting;

/// <summary>A figure that the project has set itself, and what was measured.</summary>
/// <param name="Name">What it is about.</param>
/// <param name="Asked">The bound.</param>
/// <param name="Measured">The figure.</param>
/// <param name="Unit">ns, ms, /s, x or B.</param>
/// <param name="AtMost">True when less is better.</param>
internal sealed record Figure(string Name, double Asked, double Measured, string Unit, bool AtMost)
{
    public bool Reached => AtMost ? Measured <= Asked : Measured >= Asked;

    public string AskedText => (AtMost ? "at most " : "at least ") + Format(Asked);

    public string MeasuredText => Format(Measured);

    private string Format(double value) => value.ToString(value is 0 or >= 100 ? "F0" : "0.##", CultureInfo.InvariantCulture) + " " + Unit;
}
