namespace LivenessEngine.Tools.Faults.Judging;

/// <summary>How long this machine kept a thread waiting that wanted to run: nobody on it can be punctual by more than that.</summary>
internal sealed class Lateness : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(5);

    private readonly RunClock _clock;
    private readonly Lock _lock = new();
    private readonly List<(TimeSpan From, TimeSpan Late)> _pauses = [];
    private readonly Thread _thread;
    private volatile bool _stopped;

    public Lateness(RunClock clock)
    {
        _clock = clock;
        _thread = new Thread(Run) { IsBackground = true, Name = "lateness" };
        _thread.Start();
    }

    public TimeSpan Longest
    {
        get
        {
            lock (_lock)
            {
                return _pauses.Select(pause => pause.Late).DefaultIfEmpty().Max();
            }
        }
    }

    /// <summary>All of it in a time: each step that the server takes there may have had to wait as long.</summary>
    public TimeSpan Within(TimeSpan from, TimeSpan to)
    {
        lock (_lock)
        {
            return Touching(from, to).Aggregate(TimeSpan.Zero, (sum, pause) => sum + pause.Late);
        }
    }

    /// <summary>The longest of them in a time.</summary>
    public TimeSpan LongestWithin(TimeSpan from, TimeSpan to)
    {
        lock (_lock)
        {
            return Touching(from, to).Select(pause => pause.Late).DefaultIfEmpty().Max();
        }
    }

    public void Dispose()
    {
        _stopped = true;
        _thread.Join();
    }

    private IEnumerable<(TimeSpan From, TimeSpan Late)> Touching(TimeSpan from, TimeSpan to)
        => _pauses.Where(pause => pause.From < to && pause.From + Interval + pause.Late > from);

    private void Run()
    {
        while (!_stopped)
        {
            TimeSpan begun = _clock.Now;
            Thread.Sleep(Interval);
            TimeSpan late = _clock.Now - begun - Interval;
            if (late > Least)
            {
                lock (_lock)
                {
                    _pauses.Add((begun, late));
                }
            }
        }
    }
}
