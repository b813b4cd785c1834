namespace LivenessEngine.Memcached.Transports.Loops;

/// <summary>
/// A descriptor that a loop watches beside those of its connections, and that is made to have an event now and then. The
/// system tells of events in the order in which they came, however many there are: with this one the loop has served
/// everybody whose came before.
/// </summary>
internal sealed class LoopMarker : ILoopTarget, ILoopWork, IDisposable
{
    // The system lets 4096 clients wait, and 64 are accepted in a turn; of a crowd that comes without end, those come first.
    private const int MostTurnsOfAccepting = 64;

    private readonly EventLoop _loop;
    private readonly int _descriptor;

    // Written before it is posted.
    private Action? _done;
    private bool _accepts;

    // On the loop's thread.
    private int _number = -1;
    private Step _step;
    private bool _isSecondRound;
    private int _turns;

    /// <param name="loop">Whose.</param>
    /// <exception cref="IOException">The system refuses.</exception>
    public LoopMarker(EventLoop loop)
    {
        _loop = loop;
        _descriptor = Libc.CreateEvent();
        if (_descriptor < 0)
        {
            throw new IOException($"eventfd: {Libc.Message(Libc.LastError)}");
        }
    }

    // What is done when it is its turn.
    private enum Step
    {
        /// <summary>Whom the loop was given before has begun: what they have to say is told before the mark.</summary>
        Mark,

        /// <summary>The mark has been told of; who found no room in that turn is served in this.</summary>
        Settle,

        /// <summary>All are served who had been accepted.</summary>
        Accept,
    }

    /// <summary>
    /// Finds out when everybody has been served for whom something has come by now. Any thread may call it, when it has done so
    /// for the last time.
    /// </summary>
    /// <param name="done">Called on the loop's thread.</param>
    /// <param name="accepts">Whether clients come in by this loop: then those who wait to be accepted are served too.</param>
    public void Begin(Action done, bool accepts)
    {
        (_done, _accepts) = (done, accepts);
        _loop.Post(this);
    }

    public void Run()
    {
        switch (_step)
        {
            case Step.Mark:
                Mark();
                break;
            case Step.Settle:
                (_step, _turns) = (Step.Accept, 0);
                _loop.Post(this);
                break;
            default:
                GoOn();
                break;
        }
    }

    public unsafe void OnEvents(uint flags)
    {
        ulong count;
        if (Libc.Read(_descriptor, &count, sizeof(ulong)) == sizeof(ulong))
        {
            _step = Step.Settle;
            _loop.Post(this);
        }
    }

    public void End()
    {
        _loop.Forget(_descriptor, _number);
        _number = -1;
    }

    /// <summary>When no thread runs the loop any more.</summary>
    public void Dispose() => _ = Libc.Close(_descriptor);

    private unsafe void Mark()
    {
        try
        {
            if (_number < 0)
            {
                _number = _loop.Add(_descriptor, Libc.In, this);
            }
        }
        catch (IOException)
        {
            // Too many descriptors are watched (fs.epoll.max_user_watches): it cannot be asked more than that it turns.
            _done!();
            return;
        }

        ulong one = 1;
        Libc.Write(_descriptor, &one, sizeof(ulong));
    }

    private void GoOn()
    {
        if (_accepts && _loop.IsAccepting && _turns++ < MostTurnsOfAccepting)
        {
            _loop.Post(this);
            return;
        }

        _step = Step.Mark;
        if (_accepts && !_isSecondRound)
        {
            // For those who have been accepted.
            _isSecondRound = true;
            _loop.Post(this);
            return;
        }

        _isSecondRound = false;
        _done!();
    }
}
