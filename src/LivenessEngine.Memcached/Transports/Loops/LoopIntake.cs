using LivenessEngine.Time;

namespace LivenessEngine.Memcached.Transports.Loops;

/// <summary>
/// Whether loops keep up: each has, since it was asked, served everybody once for whom something had come, and those who waited
/// to be accepted too.
/// </summary>
/// <remarks>Clients come in by the first, and any may have them then: so the others are asked when that has answered.</remarks>
internal sealed class LoopIntake : IIntake
{
    private readonly LoopMarker _first;
    private readonly LoopMarker[] _others;
    private readonly Action _firstIsDone;
    private readonly Action _oneIsDone;

    // Written by whoever asks, before the first is.
    private Action? _answer;
    private int _open;

    /// <param name="loops">At least one; the first is the one that accepts.</param>
    public LoopIntake(IReadOnlyList<EventLoop> loops)
    {
        _first = loops[0].Marker;
        _others = [.. loops.Skip(1).Select(loop => loop.Marker)];
        (_firstIsDone, _oneIsDone) = (FirstIsDone, OneIsDone);
    }

    public void Ask(Action answer)
    {
        _answer = answer;
        _open = 1 + _others.Length;
        _first.Begin(_firstIsDone, accepts: true);
    }

    private void FirstIsDone()
    {
        foreach (LoopMarker other in _others)
        {
            other.Begin(_oneIsDone, accepts: false);
        }

        OneIsDone();
    }

    private void OneIsDone()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            _answer!();
        }
    }
}
