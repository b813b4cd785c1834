using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace LivenessEngine.Memcached.Transports.Loops;

/// <summary>
/// One thread that waits for all its connections at once and serves whichever has something to say. What a connection
/// awaits goes on inline on this thread, so that a request is received, executed and answered without changing threads.
/// </summary>
internal abstract class EventLoop : IDisposable
{
    protected const int LaterMilliseconds = 50;
    private const int EndPollMilliseconds = 10;

    // As many connections can be busy at once that were parked before, and none of them allocates.
    private const int MostSparePipes = 1024;

    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(5);

    private readonly Thread _thread;
    private readonly ConcurrentQueue<ILoopWork> _posted = new();

    // By the number that its events carry. The loop's thread alone.
    private readonly List<ILoopTarget?> _targets = [];
    private readonly Stack<int> _free = new();
    private readonly Queue<(long Due, ILoopWork Work)> _later = new();

    // Of connections that are parked by now, the last one on top, whose memory is still near. The loop's thread alone.
    private readonly Stack<LoopPipe> _sparePipes = new();

    // 1 from when somebody is about to wake the loop until it has taken notice and is about to look at what was posted;
    // so one of many wakes it. Interlocked on both sides: what was posted before the loop lowers it, the loop sees.
    private int _woken;
    private volatile bool _stopped;

    // Under the lock, which only those take who post from elsewhere: after the end the descriptor may be somebody else's.
    private readonly Lock _waking = new();
    private bool _ended;

    // Whoever accepts adds, the loop's thread subtracts, both interlocked. Whoever reads it is content with a recent value.
    private int _connections;

    private int _listenersAccepting;

    /// <param name="name">Of its thread.</param>
    /// <param name="isOneOfMany">Whether there are other loops beside it.</param>
    /// <exception cref="IOException">The system refuses.</exception>
    protected EventLoop(string name, bool isOneOfMany)
    {
        YieldsFirst = isOneOfMany;
        WakeDescriptor = Libc.CreateEvent();
        if (WakeDescriptor < 0)
        {
            throw new IOException($"eventfd: {Libc.Message(Libc.LastError)}");
        }

        try
        {
            Marker = new LoopMarker(this);
        }
        catch
        {
            _ = Libc.Close(WakeDescriptor);
            throw;
        }

        _thread = new Thread(Run) { Name = name, IsBackground = true };
    }

    /// <summary>Whether the caller runs on this loop's thread.</summary>
    public bool IsCurrent => Thread.CurrentThread == _thread;

    /// <summary>Connections that it serves, or that are on their way to it.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Taken to close or give away a connection's descriptor, and by other threads to use one.</summary>
    public Lock Descriptors { get; } = new();

    /// <summary>Buffers that are with connections. On the loop's thread.</summary>
    public abstract int BuffersTaken { get; }

    /// <summary>Pipes that are with connections. On the loop's thread.</summary>
    public int PipesLent { get; private set; }

    /// <summary>Whether clients may be waiting to be accepted for whom the last turn was too short. On the loop's thread.</summary>
    public bool IsAccepting => _listenersAccepting > 0;

    /// <summary>By which others learn whether the loop keeps up.</summary>
    public LoopMarker Marker { get; }

    /// <summary>What tells of something posted from elsewhere.</summary>
    protected int WakeDescriptor { get; }

    /// <summary>
    /// Whether it lets others run (sched_yield) before it waits. One of several loops is seldom busy all the time, and where it
    /// shares cores with clients it would wake up for each request; after this there are several, which one turn serves.
    /// </summary>
    protected bool YieldsFirst { get; }

    protected bool HasPosted => !_posted.IsEmpty;

    protected bool HasLater => _later.Count > 0;

    /// <summary>A listener has begun, or ceased, to have clients waiting for the next turn. On the loop's thread.</summary>
    public void CountAccepting(int change) => _listenersAccepting += change;

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
    public int Add(int descriptor, uint flags, ILoopTarget target)
    {
        int number = Enter(target);
        try
        {
            Watch(descriptor, flags, number);
            return number;
        }
        catch
        {
            Remove(number);
            throw;
        }
    }

    /// <summary>Watches a descriptor no more that stays open. On the loop's thread.</summary>
    public void Forget(int descriptor, int number)
    {
        Unwatch(descriptor, number);
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

    /// <summary>Lends a connection what it needs to be served. On the loop's thread.</summary>
    public LoopPipe LendPipe()
    {
        PipesLent++;
        return _sparePipes.TryPop(out LoopPipe? pipe) ? pipe : NewPipe();
    }

    /// <summary>Takes it back from a connection that is parked; another connection has it next.</summary>
    public void TakeBack(LoopPipe pipe)
    {
        PipesLent--;
        if (_sparePipes.Count < MostSparePipes)
        {
            _sparePipes.Push(pipe);
        }
    }

    /// <summary>It does not come back from a connection that has ended.</summary>
    public void WriteOff() => PipesLent--;

    /// <summary>A new client's connection, to be posted to this loop.</summary>
    public abstract ILoopWork Connect(int descriptor, EndPoint? local, Func<TransportConnection, Task> serve);

    /// <summary>Ends the connections that are left, and the thread.</summary>
    public void Dispose()
    {
        _stopped = true;
        Post(NoWork.Instance);
        _thread.Join();
    }

    protected abstract LoopPipe NewPipe();

    protected int Enter(ILoopTarget target)
    {
        if (!_free.TryPop(out int number))
        {
            number = _targets.Count;
            _targets.Add(null);
        }

        _targets[number] = target;
        return number;
    }

    protected ILoopTarget? Target(int number) => _targets[number];

    protected void Start() => _thread.UnsafeStart();

    protected virtual void Begin()
    {
    }

    protected abstract void Watch(int descriptor, uint flags, int number);

    protected abstract void Unwatch(int descriptor, int number);

    /// <summary>Waits for what is to be done, and does it.</summary>
    protected abstract void Wait(int milliseconds);

    /// <summary>Closes what the loop waits by, or as much of it as there is when its making fails.</summary>
    protected abstract void Close();

    /// <summary>Closes what the loop has when no thread runs it, or none any more.</summary>
    protected void CloseAll()
    {
        lock (_waking)
        {
            _ended = true;
            _ = Libc.Close(WakeDescriptor);
        }

        Marker.Dispose();
        Close();
    }

    protected unsafe void TakeWakeUp()
    {
        ulong count;
        Libc.Read(WakeDescriptor, &count, sizeof(ulong));
        Interlocked.Exchange(ref _woken, 0);
    }

    private void Run()
    {
        Begin();
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
        CloseAll();
    }

    private unsafe void Wake()
    {
        lock (_waking)
        {
            if (!_ended)
            {
                ulong one = 1;
                Libc.Write(WakeDescriptor, &one, sizeof(ulong));
            }
        }
    }

    private void Turn(int milliseconds)
    {
        Wait(milliseconds);
        RunPosted();
        while (_later.TryPeek(out (long Due, ILoopWork Work) later) && Environment.TickCount64 >= later.Due)
        {
            _later.Dequeue();
            later.Work.Run();
        }
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
