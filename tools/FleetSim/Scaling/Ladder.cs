using LivenessEngine.Tools.FleetSim.Runs;

namespace LivenessEngine.Tools.FleetSim.Scaling;

/// <summary>The sizes of fleets that one backend is tried with, upwards, until it is plain where it ends.</summary>
/// <remarks>
/// A backend that is behind does not call anybody dead before its queue is longer than the service down time, so a size that
/// it falls short at is not the end; a second that it calls live nodes dead at is, and so is a third that it falls short at.
/// Beyond what the simulator can do nothing is learned.
/// </remarks>
internal sealed class Ladder(IReadOnlyList<int> sizes)
{
    private const int MostFalse = 2;
    private const int MostShort = 3;

    private int _next;
    private int _false;
    private int _short;

    /// <summary>The next size; null when there is none.</summary>
    public int? Next => End is null && _next < sizes.Count ? sizes[_next] : null;

    /// <summary>Why it goes no further; null for no reason but that there are no more sizes.</summary>
    public string? End { get; private set; }

    /// <summary>What came of the size that was next.</summary>
    public void Take(FleetRow row)
    {
        _next++;
        _false += row.IsWrong ? 1 : 0;
        _short += row.Achieves ? 0 : 1;
        End ??= row.IsSimulatorBehind ? "the simulator itself was too slow" : _false == MostFalse ? "live nodes were called dead at two sizes" : _short == MostShort ? "it fell short of the heartbeats at three sizes" : null;
    }

    /// <summary>The size that was next came to nothing.</summary>
    public void Break(string reason) => End = reason;
}
