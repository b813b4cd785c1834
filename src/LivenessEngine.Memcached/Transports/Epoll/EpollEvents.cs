using System.Runtime.InteropServices;
using LivenessEngine.Memcached.Transports.Loops;

namespace LivenessEngine.Memcached.Transports.Epoll;

/// <summary>Room for what one call of epoll_wait returns.</summary>
internal sealed unsafe class EpollEvents : IDisposable
{
    public const int Most = 256;

    // struct epoll_event is packed on x86-64 and nowhere else.
    private static readonly int DataAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int Size = DataAt + sizeof(long);

    private readonly byte* _events = (byte*)NativeMemory.AllocZeroed((nuint)(Most * Size));

    public byte* Pointer => _events;

    public uint FlagsOf(int i) => *(uint*)(_events + (i * Size));

    public long DataOf(int i) => *(long*)(_events + (i * Size) + DataAt);

    /// <summary>Tells epoll which events of a descriptor are wanted, and what they carry.</summary>
    /// <param name="epoll">The epoll.</param>
    /// <param name="operation"><see cref="Libc.Add"/>, <see cref="Libc.Change"/> or <see cref="Libc.Remove"/>.</param>
    /// <param name="descriptor">Whose events.</param>
    /// <param name="flags">Which.</param>
    /// <param name="data">What they carry.</param>
    /// <exception cref="IOException">The system refuses.</exception>
    public static void Control(int epoll, int operation, int descriptor, uint flags, long data)
    {
        byte* value = stackalloc byte[Size];
        *(uint*)value = flags;
        *(long*)(value + DataAt) = data;
        if (Libc.Control(epoll, operation, descriptor, value) != 0)
        {
            throw new IOException($"epoll_ctl: {Libc.Message(Libc.LastError)}");
        }
    }

    public void Dispose() => NativeMemory.Free(_events);
}
