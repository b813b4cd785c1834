using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LivenessEngine.Memcached.Transports.Epoll;

namespace LivenessEngine.Memcached.Transports.Uring;

/// <summary>The two queues of an io_uring, and the ring of buffers that it receives into. The loop's thread alone uses it.</summary>
internal sealed unsafe partial class Ring : IDisposable
{
    public const ushort BufferGroup = 0;

    private const int SetupCall = 425, EnterCall = 426, RegisterCall = 427;
    private const uint SetupCqSize = 1 << 3, SetupDisabled = 1 << 6, SetupCoopTaskRun = 1 << 8, SetupSingleIssuer = 1 << 12, SetupDeferTaskRun = 1 << 13;
    private const uint EnterGetEvents = 1, EnterExtArg = 1 << 3;
    private const int RegisterEnable = 12, RegisterBuffers = 22;
    private const int ProtReadWrite = 3, MapShared = 1, MapPrivate = 2, MapPopulate = 0x8000, MapAnonymous = 0x20;
    private const long SqesOffset = 0x10000000;
    private const int SqeSize = 64, CqeSize = 16;

    private readonly int _ring;
    private readonly byte* _rings;
    private readonly byte* _sqes;
    private readonly uint* _sqHead;
    private readonly uint* _sqTail;
    private readonly uint* _cqHead;
    private readonly uint* _cqTail;
    private readonly byte* _cqes;
    private readonly uint _sqMask;
    private readonly uint _cqMask;
    private readonly uint _sqEntries;
    private readonly byte* _bufferRing;
    private readonly int _bufferMask;
    private uint _tail;
    private uint _submitted;
    private ushort _bufferTail;

    public Ring(int entries, int completions, int buffers)
    {
        uint* p = stackalloc uint[30];
        new Span<uint>(p, 30).Clear();
        p[1] = (uint)completions;
        p[2] = SetupCqSize | SetupDisabled | SetupCoopTaskRun | SetupSingleIssuer | SetupDeferTaskRun;
        _ring = (int)syscall(SetupCall, entries, (nint)p, 0, 0, 0, 0);
        if (_ring < 0)
        {
            throw new IOException($"io_uring_setup: {Libc.Message(Libc.LastError)}");
        }

        // struct io_uring_params: sq_entries, cq_entries, flags, sq_thread_cpu, sq_thread_idle, features, wq_fd, resv[3], sq_off(10 u32), cq_off(10 u32)
        uint* sq = p + 10;
        uint* cq = p + 20;
        long size = Math.Max(sq[6] + (p[0] * 4), cq[5] + (p[1] * CqeSize));
        _rings = mmap(null, (nint)size, ProtReadWrite, MapShared | MapPopulate, _ring, 0);
        _sqes = mmap(null, (nint)(p[0] * SqeSize), ProtReadWrite, MapShared | MapPopulate, _ring, (nint)SqesOffset);
        _sqHead = (uint*)(_rings + sq[0]);
        _sqTail = (uint*)(_rings + sq[1]);
        _sqMask = *(uint*)(_rings + sq[2]);
        _sqEntries = p[0];
        uint* array = (uint*)(_rings + sq[6]);
        for (uint i = 0; i < p[0]; i++)
        {
            array[i] = i;
        }

        _cqHead = (uint*)(_rings + cq[0]);
        _cqTail = (uint*)(_rings + cq[1]);
        _cqMask = *(uint*)(_rings + cq[2]);
        _cqes = _rings + cq[5];
        _bufferRing = mmap(null, buffers * 16, ProtReadWrite, MapPrivate | MapAnonymous | MapPopulate, -1, 0);
        _bufferMask = buffers - 1;
        ulong* register = stackalloc ulong[5];
        new Span<ulong>(register, 5).Clear();
        register[0] = (ulong)_bufferRing;
        register[1] = (uint)buffers | ((ulong)BufferGroup << 32);
        if (syscall(RegisterCall, _ring, RegisterBuffers, (nint)register, 1, 0, 0) < 0)
        {
            throw new IOException($"io_uring_register: {Libc.Message(Libc.LastError)}");
        }
    }

    public void Enable()
    {
        if (syscall(RegisterCall, _ring, RegisterEnable, 0, 0, 0, 0) < 0)
        {
            throw new IOException($"io_uring_register: {Libc.Message(Libc.LastError)}");
        }
    }

    public void GiveBuffer(byte* address, int length, ushort id)
    {
        byte* entry = _bufferRing + ((_bufferTail & _bufferMask) * 16);
        *(ulong*)entry = (ulong)address;
        *(uint*)(entry + 8) = (uint)length;
        *(ushort*)(entry + 12) = id;
        _bufferTail++;
        Volatile.Write(ref *(ushort*)(_bufferRing + 14), _bufferTail);
    }

    public bool HasCompletions => *_cqHead != Volatile.Read(ref *_cqTail);

    public bool TryTake(out ulong data, out int result, out uint flags)
    {
        uint head = *_cqHead;
        if (head == Volatile.Read(ref *_cqTail))
        {
            data = 0;
            result = 0;
            flags = 0;
            return false;
        }

        byte* cqe = _cqes + ((head & _cqMask) * CqeSize);
        data = *(ulong*)cqe;
        result = *(int*)(cqe + 8);
        flags = *(uint*)(cqe + 12);
        Volatile.Write(ref *_cqHead, head + 1);
        return true;
    }

    public void Add(byte operation, byte flags, ushort priority, int descriptor, void* address, uint length, uint operationFlags, ulong data)
    {
        if (_tail - Volatile.Read(ref *_sqHead) == _sqEntries)
        {
            Enter(0, -1);
        }

        byte* sqe = _sqes + ((_tail & _sqMask) * SqeSize);
        *(ulong*)sqe = operation | ((ulong)flags << 8) | ((ulong)priority << 16) | ((ulong)(uint)descriptor << 32);
        *(ulong*)(sqe + 8) = 0;
        *(ulong*)(sqe + 16) = (ulong)address;
        *(ulong*)(sqe + 24) = length | ((ulong)operationFlags << 32);
        *(ulong*)(sqe + 32) = data;
        *(ulong*)(sqe + 40) = BufferGroup;
        *(ulong*)(sqe + 48) = 0;
        *(ulong*)(sqe + 56) = 0;
        _tail++;
    }

    /// <summary>Submits what was added, and waits for that many completions.</summary>
    public void Enter(int completions, int milliseconds)
    {
        Volatile.Write(ref *_sqTail, _tail);
        uint count = _tail - _submitted;
        long result;
        if (milliseconds < 0)
        {
            result = completions == 0
                ? io_uring_look(EnterCall, _ring, (nint)count, 0, (nint)EnterGetEvents, 0, 0)
                : syscall(EnterCall, _ring, (nint)count, completions, (nint)EnterGetEvents, 0, 0);
        }
        else
        {
            long* time = stackalloc long[2];
            time[0] = milliseconds / 1000;
            time[1] = milliseconds % 1000 * 1_000_000L;
            ulong* argument = stackalloc ulong[3];
            argument[0] = 0;
            argument[1] = 8;
            argument[2] = (ulong)time;
            result = syscall(EnterCall, _ring, (nint)count, completions, (nint)(EnterGetEvents | EnterExtArg), (nint)argument, 24);
        }

        if (result >= 0)
        {
            _submitted += (uint)result;
        }
        else
        {
            _submitted = Volatile.Read(ref *_sqHead);
        }
    }

    public void Dispose() => _ = Libc.Close(_ring);

    [LibraryImport("libc")]
    private static partial nint syscall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    [LibraryImport("libc", EntryPoint = "syscall")]
    [SuppressGCTransition]
    private static partial nint io_uring_look(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    [LibraryImport("libc")]
    private static partial byte* mmap(void* address, nint length, int protection, int flags, int descriptor, nint offset);
}
