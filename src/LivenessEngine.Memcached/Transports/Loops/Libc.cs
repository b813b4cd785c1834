using System.Runtime.InteropServices;

namespace LivenessEngine.Memcached.Transports.Loops;

/// <summary>
/// The calls of Linux that the event loop is made of. Those that never wait are made without telling the collector
/// (SuppressGCTransition), which costs more than some of them do; a collection waits for the microseconds that they take.
/// </summary>
internal static unsafe partial class Libc
{
    public const int Interrupted = 4, Again = 11, ConnectionAborted = 103;

    public const uint In = 0x1, Out = 0x4, ReadHangUp = 0x2000, EdgeTriggered = 1u << 31;

    /// <summary>EPOLL_CTL_ADD, EPOLL_CTL_DEL, EPOLL_CTL_MOD.</summary>
    public const int Add = 1, Remove = 2, Change = 3;

    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int NoSignal = 0x4000;
    private const int BothWays = 2;
    private const int Tcp = 6, TcpNoDelay = 1;

    public static int LastError => Marshal.GetLastSystemError();

    public static string Message(int error) => Marshal.GetPInvokeErrorMessage(error);

    public static int CreateEpoll() => epoll_create1(CloseOnExec);

    public static int CreateEvent() => eventfd(0, CloseOnExec | NonBlocking);

    public static int Accept(int listener) => accept4(listener, null, null, CloseOnExec | NonBlocking);

    public static nint Receive(int socket, byte* buffer, nint length) => recv(socket, buffer, length, 0);

    public static nint Send(int socket, byte* buffer, nint length) => send(socket, buffer, length, NoSignal);

    public static void Shutdown(int socket) => _ = shutdown(socket, BothWays);

    /// <summary>Has small replies leave at once (TCP_NODELAY).</summary>
    public static void SetNoDelay(int socket)
    {
        int on = 1;
        _ = setsockopt(socket, Tcp, TcpNoDelay, &on, sizeof(int));
    }

    [LibraryImport("libc", EntryPoint = "epoll_ctl")]
    [SuppressGCTransition]
    public static partial int Control(int epoll, int operation, int descriptor, byte* value);

    [LibraryImport("libc", EntryPoint = "epoll_wait")]
    public static partial int Wait(int epoll, byte* events, int most, int milliseconds);

    /// <summary>What is there already: to be called with 0 milliseconds only.</summary>
    [LibraryImport("libc", EntryPoint = "epoll_wait")]
    [SuppressGCTransition]
    public static partial int Look(int epoll, byte* events, int most, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read")]
    [SuppressGCTransition]
    public static partial nint Read(int descriptor, void* buffer, nint length);

    [LibraryImport("libc", EntryPoint = "write")]
    [SuppressGCTransition]
    public static partial nint Write(int descriptor, void* buffer, nint length);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "getpeername")]
    public static partial int GetPeerName(int socket, byte* name, uint* length);

    [LibraryImport("libc")]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc")]
    private static partial int eventfd(uint value, int flags);

    [LibraryImport("libc")]
    [SuppressGCTransition]
    private static partial int accept4(int socket, void* address, void* length, int flags);

    [LibraryImport("libc")]
    private static partial int shutdown(int socket, int how);

    [LibraryImport("libc")]
    private static partial int setsockopt(int socket, int level, int name, void* value, uint length);

    [LibraryImport("libc")]
    [SuppressGCTransition]
    private static partial nint recv(int socket, byte* buffer, nint length, int flags);

    [LibraryImport("libc")]
    [SuppressGCTransition]
    private static partial nint send(int socket, byte* buffer, nint length, int flags);
}
