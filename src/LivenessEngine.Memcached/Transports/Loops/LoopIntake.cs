using LivenessEngine.Time;

namespace LivenessEngine.Memcached.Transports.Loops;

/// <summary>
/// Whether loops keep up: each has, since it was asked, served everybody once for whom something had come, and those who waited
/// to be accepted too.
/// </summary>
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

    /// <summary>Runs at the end of each turn of a loop until the loop has answered.</summary>
    private sealed class Check(LoopIntake intake, EventLoop loop) : ILoopWork
    {
        // The system lets 4096 clients wait, and 64 are accepted in a turn; of a crowd that comes without end, those come first.
        private const int MostTurnsOfAccepting = 64;

        // How often it has run in this round, and in which turn of the loop first; how many were served then.
        private int _runs;
        private long _firstTurn;
        private long _servedBefore;

        // The second round, for those who were accepted in the first.
        private bool _isSecond;

        public void Begin()
        {
            (_runs, _isSecond) = (0, false);
            loop.Post(this);
        }

        public void Run()
        {
            if (_runs++ == 0)
            {
                (_firstTurn, _servedBefore) = (loop.Turns, loop.Served);
            }

            if (!HasServedAll())
            {
                loop.Post(this);
            }
            else if (!_isSecond && loop.LastTurnOfAccepting >= _firstTurn)
            {
                // Who was accepted in this turn begins in the next, and is heard in the one after it.
                (_runs, _isSecond) = (0, true);
                loop.Post(this);
            }
            else
            {
                intake.Done(this);
            }
        }

        // The events of the first turn may have been taken before the question. Those who have something to say are served in
        // the order in which they began to: in one turn, or in so many that everybody could have been.
        private bool HasServedAll()
            => _runs >= 2
                && (!loop.MayHaveMore || loop.Served - _servedBefore > loop.Connections)
                && (_isSecond || !loop.IsAccepting || _runs >= MostTurnsOfAccepting);
    }
}
