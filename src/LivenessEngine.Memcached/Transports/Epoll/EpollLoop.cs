using System.Collections.Concurrent;
using System.Diagnostics;

namespace LivenessEngine.Memcached.Transports.Epoll;

/// <summary>
/// One thread that waits for all its connections at once and serves whichever has something to say. What a connection
/// awaits goes on inline on this thread, so that a request is received, executed and answered without changing threads.
/// </summary>
internal sealed class EpollLoop : IDisposable
{
    private const long WakeUp = -1;
    private const int EndPollMilliseconds = 10;
    private const int LaterMilliseconds = 50;

    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(5);

    private readonly int _epoll;
    private readonly int _wake;
    private readonly Thread _thread;
    private readonly EpollEvents _events = new();
    private readonly ConcurrentQueue<ILoopWork> _posted = new();

    // By the number that its events carry. The loop's thread alone.
    private readonly List<IEpollTarget?> _targets = [];
    private readonly Stack<int> _free = new();
    private readonly Queue<(long Due, ILoopWork Work)> _later = new();

    // 1 from when somebody is about to wake the loop until it has taken notice and is about to look at what was posted;
    // so one of many wakes it. Interlocked on both sides: what was posted before the loop lowers it, the loop sees.
    private int _woken;
    private volatile bool _stopped;

    // Under the lock, which only those take who post from elsewhere: after the end the descriptor may be somebody else's.
    private readonly Lock _waking = new();
    private bool _ended;

    // Whoever accepts adds, the loop's thread subtracts, both interlocked. Whoever reads it is content with a recent value.
    private int _connections;

    /// <exception cref="IOException">The system refuses.</exception>
    public EpollLoop(string name)
    {
        _epoll = Libc.CreateEpoll();
        _wake = Libc.CreateEvent();
        if (_epoll < 0 || _wake < 0)
        {
            throw new IOException($"epoll: {Libc.Message(Libc.LastError)}");
        }

        EpollEvents.Control(_epoll, Libc.Add, _wake, Libc.In, WakeUp);
        _thread = new Thread(Run) { Name = name, IsBackground = true };
        _thread.UnsafeStart();
    }

    public LoopBuffers Buffers { get; } = new();

    /// <summary>Whether the caller runs on this loop's thread.</summary>
    public bool IsCurrent => Thread.CurrentThread == _thread;

    /// <summary>Connections that it serves, or that are on their way to it.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public void CountConnection(int change) => Interlocked.Add(ref _connections, change);

    /// <summary>Has something done on the loop's thread, soon. Any thread may ask.</summary>
    public void Post(ILoopWork work)
    {
        _posted.Enqueue(work);
        if (!IsCurrent && Interlocked.Exchange(ref _woken, 1) == 0)
        {
            Wake();
        }
    }

    /// <summary>
    /// Has something done in 50 ms. On the loop's thread, and by nobody else's: it is for when descriptors have run out, and
    /// the runtime ends a process that starts a thread then.
    /// </summary>
    public void PostLater(ILoopWork work) => _later.Enqueue((Environment.TickCount64 + LaterMilliseconds, work));

    /// <summary>Tells a target of the descriptor's events, at every change of them. On the loop's thread.</summary>
    /// <returns>The target's number.</returns>
    /// <exception cref="IOException">The system refuses.</exception>
    public int Add(int descriptor, uint flags, IEpollTarget target)
    {
        if (!_free.TryPop(out int number))
        {
            number = _targets.Count;
            _targets.Add(null);
        }

        _targets[number] = target;
        try
        {
            EpollEvents.Control(_epoll, Libc.Add, descriptor, flags | Libc.EdgeTriggered, number);
            return number;
        }
        catch
        {
            Remove(number);
            throw;
        }
    }

    /// <summary>Has it told of other events from now on; of those that are there already too.</summary>
    public void Change(int descriptor, uint flags, int number)
        => EpollEvents.Control(_epoll, Libc.Change, descriptor, flags | Libc.EdgeTriggered, number);

    /// <summary>Watches a descriptor no more that stays open. On the loop's thread.</summary>
    public void Forget(int descriptor, int number)
    {
        EpollEvents.Control(_epoll, Libc.Remove, descriptor, 0, 0);
        Remove(number);
    }

    /// <summary>
    /// Forgets a target whose descriptor is closed. An event of it that is still to come goes to nobody, or wakes the next
    /// target with this number for nothing. On the loop's thread.
    /// </summary>
    public void Remove(int number)
    {
        _targets[number] = null;
        _free.Push(number);
    }

    /// <summary>Ends the connections that are left, and the thread.</summary>
    public void Dispose()
    {
        _stopped = true;
        Post(NoWork.Instance);
        _thread.Join();
    }

    private void Run()
    {
        while (!_stopped)
        {
            Turn(Timeout.Infinite);
        }

        for (int i = 0; i < _targets.Count; i++)
        {
            _targets[i]?.End();
        }

        // What they await elsewhere comes back here.
        long start = Stopwatch.GetTimestamp();
        while (_free.Count < _targets.Count && Stopwatch.GetElapsedTime(start) < EndTime)
        {
            Turn(EndPollMilliseconds);
        }

        RunPosted();
        lock (_waking)
        {
            _ended = true;
            _ = Libc.Close(_wake);
        }

        _ = Libc.Close(_epoll);
        _events.Dispose();
    }

    private unsafe void Wake()
    {
        lock (_waking)
        {
            if (!_ended)
            {
                ulong one = 1;
                Libc.Write(_wake, &one, sizeof(ulong));
            }
        }
    }

    private unsafe void Turn(int milliseconds)
    {
        // Where there is much to do, something is there already, and this costs less than the other.
        int count = Libc.Look(_epoll, _events.Pointer, EpollEvents.Most, 0);
        if (count == 0 && _posted.IsEmpty)
        {
            count = Libc.Wait(_epoll, _events.Pointer, EpollEvents.Most, _later.Count > 0 ? LaterMilliseconds : milliseconds);
        }

        for (int i = 0; i < count; i++)
        {
            Dispatch(_events.DataOf(i), _events.FlagsOf(i));
        }

        RunPosted();
        while (_later.TryPeek(out (long Due, ILoopWork Work) later) && Environment.TickCount64 >= later.Due)
        {
            _later.Dequeue();
            later.Work.Run();
        }
    }

    private unsafe void Dispatch(long number, uint flags)
    {
        if (number == WakeUp)
        {
            ulong count;
            Libc.Read(_wake, &count, sizeof(ulong));
            Interlocked.Exchange(ref _woken, 0);
            return;
        }

        _targets[(int)number]?.OnEvents(flags);
    }

    // As many as there are now: what they post in turn waits until those who have events were served.
    private void RunPosted()
    {
        if (_posted.IsEmpty)
        {
            return;
        }

        for (int i = _posted.Count; i > 0 && _posted.TryDequeue(out ILoopWork? work); i--)
        {
            work.Run();
        }
    }

    private sealed class NoWork : ILoopWork
    {
        public static readonly NoWork Instance = new();

        public void Run()
        {
        }
    }
}
