using System.Diagnostics.Metrics;

namespace LivenessEngine;

/// <summary>
/// The engine's figures, each added by the part that knows it, in one line; the meter and the statistics on the wire show
/// the same ones.
/// </summary>
/// <remarks>Thread-safe. A name that is added again is read from its new source.</remarks>
internal sealed class EngineFigures(Meter meter)
{
    private readonly Lock _adding = new();
    private EngineFigure[] _figures = [];

    /// <summary>All of them, in the order in which they came.</summary>
    public IReadOnlyList<EngineFigure> All => Volatile.Read(ref _figures);

    /// <summary>A figure that goes up and down.</summary>
    public void Add(string name, string unit, string description, Func<double> read)
        => Add(new EngineFigure(name, unit, description, read));

    /// <summary>A figure that only ever grows.</summary>
    public void AddTotal(string name, string unit, string description, Func<double> read)
        => Add(new EngineFigure(name, unit, description, read) { IsTotal = true });

    private void Add(EngineFigure figure)
    {
        lock (_adding)
        {
            EngineFigure[] present = _figures;
            int place = Array.FindIndex(present, other => other.Name == figure.Name);
            Volatile.Write(
                ref _figures, place < 0 ? [.. present, figure] : [.. present[..place], figure, .. present[(place + 1)..]]);
            if (place < 0)
            {
                Publish(figure);
            }
        }
    }

    // By name: an instrument cannot be taken back, and its source may be replaced.
    private void Publish(EngineFigure figure)
    {
        string name = figure.Name;
        double Read() => Array.Find(Volatile.Read(ref _figures), one => one.Name == name)!.Read();
        if (figure.IsTotal)
        {
            meter.CreateObservableCounter("liveness." + name, Read, figure.Unit, figure.Description);
        }
        else
        {
            meter.CreateObservableGauge("liveness." + name, Read, figure.Unit, figure.Description);
        }
    }
}
