using System.Net;
using LivenessEngine.Memcached.Transports.Loops;

namespace LivenessEngine.Memcached.Transports.Epoll;

/// <summary>A loop that waits by epoll.</summary>
internal sealed class EpollLoop : EventLoop
{
    private const long WakeUp = -1;

    private readonly int _epoll;
    private readonly EpollEvents _events;

    /// <exception cref="IOException">The system refuses.</exception>
    public EpollLoop(string name, bool isOneOfMany)
        : base(name, isOneOfMany)
    {
        _epoll = Libc.CreateEpoll();
        _events = new EpollEvents();
        try
        {
            if (_epoll < 0)
            {
                throw new IOException($"epoll_create1: {Libc.Message(Libc.LastError)}");
            }

            EpollEvents.Control(_epoll, Libc.Add, WakeDescriptor, Libc.In, WakeUp);
            Start();
        }
        catch
        {
            CloseAll();
            throw;
        }
    }

    public EpollBuffers Buffers { get; } = new();

    public override int BuffersTaken => Buffers.Taken;

    public override ILoopWork Connect(int descriptor, EndPoint? local, Func<TransportConnection, Task> serve)
        => new EpollConnection(this, descriptor, local, serve);

    /// <summary>Has it told of other events from now on; of those that are there already too.</summary>
    public void Change(int descriptor, uint flags, int number)
        => EpollEvents.Control(_epoll, Libc.Change, descriptor, flags | Libc.EdgeTriggered, number);

    protected override LoopPipe NewPipe() => new(new EpollReader(Buffers), new EpollWriter(Buffers), this);

    protected override void Watch(int descriptor, uint flags, int number)
        => EpollEvents.Control(_epoll, Libc.Add, descriptor, flags | Libc.EdgeTriggered, number);

    protected override void Unwatch(int descriptor, int number) => EpollEvents.Control(_epoll, Libc.Remove, descriptor, 0, 0);

    protected override void Close()
    {
        _ = Libc.Close(_epoll);
        _events.Dispose();
    }

    protected override unsafe void Wait(int milliseconds)
    {
        // Where there is much to do, something is there already, and this costs less than the other.
        int count = Libc.Look(_epoll, _events.Pointer, EpollEvents.Most, 0);
        if (count == 0 && !HasPosted && YieldsFirst)
        {
            Thread.Yield();
            count = Libc.Look(_epoll, _events.Pointer, EpollEvents.Most, 0);
        }

        if (count == 0 && !HasPosted)
        {
            count = Libc.Wait(_epoll, _events.Pointer, EpollEvents.Most, HasLater ? LaterMilliseconds : milliseconds);
        }

        for (int i = 0; i < count; i++)
        {
            Dispatch(_events.DataOf(i), _events.FlagsOf(i));
        }
    }

    private void Dispatch(long number, uint flags)
    {
        if (number == WakeUp)
        {
            TakeWakeUp();
            return;
        }

        Target((int)number)?.OnEvents(flags);
    }
}
