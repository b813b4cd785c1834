using LivenessEngine.Time;

namespace LivenessEngine.Memcached.Transports.Loops;

/// <summary>Whether loops keep up: each has, since it was asked, served everybody once for whom something had come.</summary>
/// <remarks>Clients come in by the first, and any may have them then: so the others are asked when that has answered.</remarks>
internal sealed class LoopIntake : IIntake
{
    private readonly Check _first;
    private readonly Check[] _others;

    // Written by whoever asks, before the first is.
    private Action? _answer;
    private int _open;

    /// <param name="loops">At least one; the first is the one that accepts.</param>
    public LoopIntake(IReadOnlyList<EventLoop> loops)
    {
        _first = new Check(this, loops[0]);
        _others = [.. loops.Skip(1).Select(loop => new Check(this, loop))];
    }

    public void Ask(Action answer)
    {
        _answer = answer;
        _open = 1 + _others.Length;
        _first.Begin();
    }

    private void Done(Check check)
    {
        if (check == _first)
        {
            foreach (Check other in _others)
            {
                other.Begin();
            }
        }

        if (Interlocked.Decrement(ref _open) == 0)
        {
            _answer!();
        }
    }

    private sealed class Check(LoopIntake intake, EventLoop loop) : ILoopWork
    {
        // Of a crowd that connects without end, those who waited before the question come first.
        private const int MostAcceptTurns = 64;

        private int _turns;
        private int _acceptTurns;

        public void Begin()
        {
            (_turns, _acceptTurns) = (0, 0);
            loop.Post(this);
        }

        // The events of the turn in which this runs first may have been taken before the question, and who was accepted is heard
        // in the next turn but one. After that those who had something to say are served in the order in which they said it, in one
        // turn or in several.
        public void Run()
        {
            if (loop.HasAccepted && _acceptTurns < MostAcceptTurns)
            {
                loop.HasAccepted = false;
                _acceptTurns++;
                _turns = 0;
            }

            bool isServed = _turns > 1 && (!loop.MayHaveMore || _turns > 1 + (loop.Connections / loop.ServedInATurn));
            _turns++;
            if (isServed)
            {
                intake.Done(this);
            }
            else
            {
                loop.Post(this);
            }
        }
    }
}
