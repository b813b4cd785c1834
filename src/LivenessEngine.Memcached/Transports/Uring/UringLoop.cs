using System.Net;
using System.Runtime.CompilerServices;
using LivenessEngine.Memcached.Transports.Epoll;

namespace LivenessEngine.Memcached.Transports.Uring;

/// <summary>A loop that receives, sends and waits by an io_uring of its own.</summary>
internal sealed unsafe class UringLoop : EventLoop
{
    private const int Entries = 1024, Completions = 8192;

    private const byte OpPollAdd = 6, OpPollRemove = 7, OpSend = 26, OpReceive = 27;
    private const byte SelectBuffer = 1 << 5;
    private const ushort ReceiveMultishot = 1 << 1;
    private const ushort PollFirst = 1 << 0;
    private const uint PollMulti = 1;
    private const uint NoSignal = 0x4000, WaitAll = 0x100;
    private const uint HasBuffer = 1, HasMore = 2;
    private const int NoBuffers = -105;

    private const ulong Watched = 0UL << 32, Received = 1UL << 32, Sent = 2UL << 32, WakeUp = 3UL << 32, Nobody = 4UL << 32;

    public static readonly bool IsDirect = Environment.GetEnvironmentVariable("LE_URING_SEND") == "direct";
    private static readonly int BufferSize = int.Parse(Environment.GetEnvironmentVariable("LE_URING_BUFSIZE") ?? "16384", null);
    private static readonly int BufferCount = int.Parse(Environment.GetEnvironmentVariable("LE_URING_BUFS") ?? "64", null);

    private readonly Ring _ring = new(Entries, Completions, BufferCount);
    private readonly byte[][] _buffers = new byte[BufferCount][];
    private readonly List<UringConnection> _starved = [];

    public UringLoop(string name)
        : base(name)
    {
        for (int i = 0; i < BufferCount; i++)
        {
            _buffers[i] = GC.AllocateUninitializedArray<byte>(BufferSize, pinned: true);
            GiveBack((ushort)i);
        }

        Start();
    }

    public SendBuffers SendBuffers { get; } = new();

    public override ILoopWork Connect(int descriptor, EndPoint? local, Func<TransportConnection, Task> serve)
        => new UringConnection(this, descriptor, local, serve);

    public int Enter(UringConnection connection) => base.Enter(connection);

    public void Receive(int descriptor, int number)
        => _ring.Add(OpReceive, SelectBuffer, ReceiveMultishot | PollFirst, descriptor, null, 0, 0, Received | (uint)number);

    public void Send(int descriptor, byte* address, int length, int number)
        => _ring.Add(OpSend, 0, 0, descriptor, address, (uint)length, NoSignal | WaitAll, Sent | (uint)number);

    public void GiveBack(ushort id) => _ring.GiveBuffer((byte*)Unsafe.AsPointer(ref _buffers[id][0]), BufferSize, id);

    /// <summary>Somebody keeps the buffer: another takes its place.</summary>
    public void Replace(ushort id)
    {
        _buffers[id] = GC.AllocateUninitializedArray<byte>(BufferSize, pinned: true);
        GiveBack(id);
    }

    public void Starve(UringConnection connection) => _starved.Add(connection);

    protected override void Begin()
    {
        _ring.Enable();
        _ring.Add(OpPollAdd, 0, 0, WakeDescriptor, null, PollMulti, Libc.In, WakeUp);
    }

    protected override void Watch(int descriptor, uint flags, int number)
        => _ring.Add(OpPollAdd, 0, 0, descriptor, null, PollMulti, flags, Watched | (uint)number);

    protected override void Unwatch(int descriptor, int number)
        => _ring.Add(OpPollRemove, 0, 0, -1, (void*)(Watched | (uint)number), 0, 0, Nobody);

    protected override void Close() => _ring.Dispose();

    protected override void Wait(int milliseconds)
    {
        bool wait = !HasPosted && !_ring.HasCompletions;
        _ring.Enter(wait ? 1 : 0, wait ? HasLater ? LaterMilliseconds : milliseconds : -1);
        while (_ring.TryTake(out ulong data, out int result, out uint flags))
        {
            Dispatch(data, result, flags);
        }

        if (_starved.Count > 0)
        {
            foreach (UringConnection starved in _starved)
            {
                starved.Arm();
            }

            _starved.Clear();
        }
    }

    private void Dispatch(ulong data, int result, uint flags)
    {
        int number = (int)(uint)data;
        switch (data & (0xFFUL << 32))
        {
            case Received:
                var connection = Unsafe.As<UringConnection>(Target(number))!;
                if ((flags & HasBuffer) != 0)
                {
                    ushort id = (ushort)(flags >> 16);
                    connection.OnReceived(_buffers[id], id, result, (flags & HasMore) != 0);
                }
                else
                {
                    connection.OnNothing(result, result == NoBuffers);
                }

                break;
            case Sent:
                Unsafe.As<UringConnection>(Target(number))!.OnSent(result);
                break;
            case WakeUp:
                TakeWakeUp();
                if ((flags & HasMore) == 0)
                {
                    _ring.Add(OpPollAdd, 0, 0, WakeDescriptor, null, PollMulti, Libc.In, WakeUp);
                }

                break;
            case Watched:
                Target(number)?.OnEvents((uint)result);
                break;
        }
    }
}
