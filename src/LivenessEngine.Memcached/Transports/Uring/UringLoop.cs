using System.Net;
using System.Runtime.CompilerServices;
using LivenessEngine.Memcached.Transports.Loops;

namespace LivenessEngine.Memcached.Transports.Uring;

/// <summary>A loop that receives, sends and waits by an io_uring of its own.</summary>
/// <remarks>
/// A number is given to another connection only when the system has told the last of every request with it: so none of its
/// completions can reach another. Of what is watched, one may come late; it wakes whoever has the number for nothing.
/// </remarks>
internal sealed unsafe class UringLoop : EventLoop
{
    public const int Entries = 1024, Completions = 8192;

    // What a completion is of, above the number of whose it is.
    private const ulong Watched = 0, Received = 1UL << 32, Sent = 2UL << 32, WakeUp = 3UL << 32, Nothing = 4UL << 32, Ended = 5UL << 32;
    private const ulong KindMask = 0xFUL << 32;

    private readonly Ring _ring;
    private readonly List<UringConnection> _starved = [];

    // Which descriptor and events are watched under a number; the system gives up a watch when completions overflow.
    private readonly Dictionary<int, (int Descriptor, uint Flags)> _watched = [];

    /// <exception cref="IOException">The system refuses.</exception>
    public UringLoop(string name, bool isOneOfMany)
        : base(name, isOneOfMany)
    {
        try
        {
            _ring = new Ring(Entries, Completions, UringBuffers.Count);
            Buffers = new UringBuffers(_ring);
            Start();
        }
        catch
        {
            CloseAll();
            throw;
        }
    }

    public UringBuffers Buffers { get; }

    public override int BuffersTaken => Buffers.Taken + SendBuffers.Taken;

    public SendBuffers SendBuffers { get; } = new();

    public override ILoopWork Connect(int descriptor, EndPoint? local, Func<TransportConnection, Task> serve)
        => new UringConnection(this, descriptor, local, serve);

    public int Enter(UringConnection connection) => base.Enter(connection);

    /// <summary>Receives what comes, again and again, until a completion says that it was the last.</summary>
    public void Receive(int descriptor, int number)
        => _ring.Add(Request.Receive, descriptor, null, 0, Received | (uint)number);

    /// <summary>Receives one piece.</summary>
    public void ReceiveOnce(int descriptor, int number)
        => _ring.Add(Request.ReceiveOnce, descriptor, null, 0, Received | (uint)number);

    /// <summary>Has the last completion of what is received come soon.</summary>
    public void StopReceiving(int number) => _ring.Add(Request.Cancel, -1, (void*)(Received | (uint)number), 0, Nothing);

    /// <summary>Has a completion come when the connection is over both ways.</summary>
    public void WatchEnd(int descriptor, int number) => _ring.Add(Request.WatchEnd, descriptor, null, 0, Ended | (uint)number);

    /// <summary>Has that completion come soon.</summary>
    public void StopWatchingEnd(int number) => _ring.Add(Request.Unwatch, -1, (void*)(Ended | (uint)number), 0, Nothing);

    /// <summary>Sends all of it, by the end of the turn. There is one completion.</summary>
    public void Send(int descriptor, byte* address, int length, int number)
        => _ring.Add(Request.Send, descriptor, address, (uint)length, Sent | (uint)number);

    protected override LoopPipe NewPipe() => new(new UringReader(Buffers), new UringWriter(SendBuffers), this);

    protected override void Begin()
    {
        _ring.Enable();
        _ring.Add(Request.Watch(Libc.In), WakeDescriptor, null, 1, WakeUp);
    }

    protected override void Watch(int descriptor, uint flags, int number)
    {
        _watched[number] = (descriptor, flags);
        _ring.Add(Request.Watch(flags), descriptor, null, 1, Watched | (uint)number);
    }

    protected override void Unwatch(int descriptor, int number)
    {
        _watched.Remove(number);
        _ring.Add(Request.Unwatch, -1, (void*)(Watched | (uint)number), 0, Nothing);
    }

    protected override void Close() => _ring?.Dispose();

    protected override void Wait(int milliseconds)
    {
        int limit = HasLater ? LaterMilliseconds : milliseconds;
        bool isDue = HasPosted || _ring.HasCompletions;
        if (!isDue && YieldsFirst)
        {
            // Sends first what others may be waiting for, and has the system look for what has come.
            _ring.Enter(isDue: true, limit);
            if (!_ring.HasCompletions)
            {
                Thread.Yield();
                _ring.Enter(HasPosted, limit);
            }
        }
        else
        {
            _ring.Enter(isDue, limit);
        }

        while (_ring.TryTake(out Completion completion))
        {
            Dispatch(completion);
        }

        if (_starved.Count > 0)
        {
            Feed();
        }
    }

    private void Feed()
    {
        foreach (UringConnection starved in _starved)
        {
            starved.Listen();
        }

        _starved.Clear();
    }

    private void Dispatch(in Completion completion)
    {
        int number = (int)(uint)completion.Data;
        switch (completion.Data & KindMask)
        {
            case Received:
                OnReceived(Connection(number), completion);
                break;
            case Sent:
                Connection(number).OnSent(completion.Result);
                break;
            case Ended:
                Connection(number).OnEnded(completion.Result);
                break;
            case WakeUp:
                TakeWakeUp();
                if (!completion.HasMore)
                {
                    _ring.Add(Request.Watch(Libc.In), WakeDescriptor, null, 1, WakeUp);
                }

                break;
            case Watched:
                OnWatched(number, completion);
                break;
            default:
                break;
        }
    }

    private void OnReceived(UringConnection connection, in Completion completion)
    {
        if (completion.HasBuffer)
        {
            connection.OnReceived(completion.Buffer, completion.Result, completion.HasMore);
        }
        else if (connection.OnReceivedNothing(completion.Result))
        {
            // By the end of the turn the buffers that it brought are back.
            _starved.Add(connection);
        }
    }

    private void OnWatched(int number, in Completion completion)
    {
        if (!completion.HasMore && _watched.TryGetValue(number, out (int Descriptor, uint Flags) watched))
        {
            Watch(watched.Descriptor, watched.Flags, number);
        }

        Target(number)?.OnEvents((uint)completion.Result);
    }

    // What has a number under Received or Sent is a connection.
    private UringConnection Connection(int number) => Unsafe.As<UringConnection>(Target(number)!);
}
