using System.Runtime.InteropServices;
using LivenessEngine.Memcached.Transports.Loops;

namespace LivenessEngine.Memcached.Transports.Uring;

/// <summary>The two queues of an io_uring, and the ring of buffers that it receives into. The loop's thread alone uses it.</summary>
internal sealed unsafe partial class Ring : IDisposable
{
    private const ulong BufferGroup = 0;

    private const int SetupCall = 425, EnterCall = 426, RegisterCall = 427;
    private const uint SetupCqSize = 1 << 3, SetupDisabled = 1 << 6, SetupCoopTaskRun = 1 << 8, SetupSingleIssuer = 1 << 12, SetupDeferTaskRun = 1 << 13;
    private const int EnterGetEvents = 1, EnterExtArg = 1 << 3;
    private const int RegisterEnable = 12, RegisterBuffers = 22;
    private const int ProtReadWrite = 3, MapShared = 1, MapPrivate = 2, MapPopulate = 0x8000, MapAnonymous = 0x20;
    private const int SqesOffset = 0x10000000;
    private const int SqeSize = 64, CqeSize = 16, BufferEntrySize = 16;

    private readonly int _ring;
    private readonly byte* _rings;
    private readonly nint _ringsSize;
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
    private ushort _bufferTail;

    /// <summary>It is whose thread enables it.</summary>
    /// <exception cref="IOException">The system refuses: it is too old, or forbids it (seccomp, kernel.io_uring_disabled).</exception>
    public Ring(int entries, int completions, int buffers)
    {
        // struct io_uring_params: sq_entries, cq_entries, flags, ... and where things lie in the mapping, from 10 and 20 on.
        uint* parameters = stackalloc uint[30];
        new Span<uint>(parameters, 30).Clear();
        parameters[1] = (uint)completions;
        parameters[2] = SetupCqSize | SetupDisabled | SetupCoopTaskRun | SetupSingleIssuer | SetupDeferTaskRun;
        _ring = (int)Check(Call(SetupCall, entries, (nint)parameters, 0, 0, 0, 0), "io_uring_setup");
        uint* sq = parameters + 10;
        uint* cq = parameters + 20;
        _sqEntries = parameters[0];
        _ringsSize = (nint)Math.Max(sq[6] + (_sqEntries * sizeof(uint)), cq[5] + (parameters[1] * CqeSize));
        _bufferMask = buffers - 1;
        try
        {
            _rings = Map(_ringsSize, MapShared, _ring, 0);
            _sqes = Map((nint)_sqEntries * SqeSize, MapShared, _ring, SqesOffset);
            _bufferRing = Map(buffers * BufferEntrySize, MapPrivate | MapAnonymous, -1, 0);
            RegisterBufferRing(buffers);
        }
        catch
        {
            Dispose();
            throw;
        }

        _sqHead = Word(sq[0]);
        _sqTail = Word(sq[1]);
        _sqMask = *Word(sq[2]);
        _cqHead = Word(cq[0]);
        _cqTail = Word(cq[1]);
        _cqMask = *Word(cq[2]);
        _cqes = _rings + cq[5];
        for (uint i = 0; i < _sqEntries; i++)
        {
            Word(sq[6])[i] = i;
        }
    }

    public bool HasCompletions => *_cqHead != Volatile.Read(ref *_cqTail);

    /// <summary>On the thread that will use it.</summary>
    public void Enable() => Check(Call(RegisterCall, _ring, RegisterEnable, 0, 0, 0, 0), "io_uring_register");

    /// <summary>A buffer that the system may receive into.</summary>
    public void GiveBuffer(byte* address, int length, ushort id)
    {
        byte* entry = _bufferRing + ((_bufferTail & _bufferMask) * BufferEntrySize);
        *(ulong*)entry = (ulong)address;
        *(uint*)(entry + 8) = (uint)length;
        *(ushort*)(entry + 12) = id;
        _bufferTail++;
        Volatile.Write(ref *(ushort*)(_bufferRing + 14), _bufferTail);
    }

    public bool TryTake(out Completion completion)
    {
        uint head = *_cqHead;
        if (head == Volatile.Read(ref *_cqTail))
        {
            completion = default;
            return false;
        }

        byte* cqe = _cqes + ((head & _cqMask) * CqeSize);
        completion = new Completion(*(ulong*)cqe, *(int*)(cqe + 8), *(uint*)(cqe + 12));
        Volatile.Write(ref *_cqHead, head + 1);
        return true;
    }

    /// <summary>Notes a request, which is submitted with the next <see cref="Enter"/>.</summary>
    public void Add(in Request request, int descriptor, void* address, uint length, ulong data)
    {
        while (_tail - Volatile.Read(ref *_sqHead) == _sqEntries)
        {
            Enter(isDue: true, Timeout.Infinite);
        }

        byte* sqe = _sqes + ((_tail & _sqMask) * SqeSize);
        *(ulong*)sqe = request.Head | ((ulong)(uint)descriptor << 32);
        *(ulong*)(sqe + 8) = 0;
        *(ulong*)(sqe + 16) = (ulong)address;
        *(ulong*)(sqe + 24) = length | ((ulong)request.CallFlags << 32);
        *(ulong*)(sqe + 32) = data;
        *(ulong*)(sqe + 40) = BufferGroup;
        *(ulong*)(sqe + 48) = 0;
        *(ulong*)(sqe + 56) = 0;
        _tail++;
    }

    /// <summary>Submits what was noted, has the system do what has come due, and waits for a completion unless something is due.</summary>
    public void Enter(bool isDue, int milliseconds)
    {
        Volatile.Write(ref *_sqTail, _tail);
        nint count = (nint)(_tail - Volatile.Read(ref *_sqHead));
        if (isDue)
        {
            _ = SubmitOnly(EnterCall, _ring, count, 0, EnterGetEvents, 0, 0);
        }
        else if (milliseconds < 0)
        {
            _ = Call(EnterCall, _ring, count, 1, EnterGetEvents, 0, 0);
        }
        else
        {
            // struct __kernel_timespec, and struct io_uring_getevents_arg: sigmask, its size, and where the time is.
            long* time = stackalloc long[2] { milliseconds / 1000, milliseconds % 1000 * 1_000_000L };
            ulong* argument = stackalloc ulong[3] { 0, 8, (ulong)time };
            _ = Call(EnterCall, _ring, count, 1, EnterGetEvents | EnterExtArg, (nint)argument, 3 * sizeof(ulong));
        }
    }

    public void Dispose()
    {
        _ = Libc.Close(_ring);
        Free(_rings, _ringsSize);
        Free(_sqes, (nint)_sqEntries * SqeSize);
        Free(_bufferRing, (_bufferMask + 1) * BufferEntrySize);
    }

    private static nint Check(nint result, string call)
        => result >= 0 ? result : throw new IOException($"{call}: {Libc.Message(Libc.LastError)} (errno {Libc.LastError})");

    private static byte* Map(nint size, int flags, int descriptor, nint offset)
    {
        byte* address = Map(null, size, ProtReadWrite, flags | MapPopulate, descriptor, offset);
        return (nint)address != -1 ? address : throw new IOException($"mmap: {Libc.Message(Libc.LastError)}");
    }

    private static void Free(byte* address, nint size)
    {
        if (address != null)
        {
            _ = Unmap(address, size);
        }
    }

    // struct io_uring_buf_reg: where, how many, and the group.
    private void RegisterBufferRing(int buffers)
    {
        ulong* registration = stackalloc ulong[5] { (ulong)_bufferRing, (uint)buffers | (BufferGroup << 32), 0, 0, 0 };
        Check(Call(RegisterCall, _ring, RegisterBuffers, (nint)registration, 1, 0, 0), "io_uring_register");
    }

    private uint* Word(uint offset) => (uint*)(_rings + offset);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint Call(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    /// <summary>What does not wait.</summary>
    [LibraryImport("libc", EntryPoint = "syscall")]
    [SuppressGCTransition]
    private static partial nint SubmitOnly(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial byte* Map(byte* address, nint size, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(byte* address, nint size);
}
