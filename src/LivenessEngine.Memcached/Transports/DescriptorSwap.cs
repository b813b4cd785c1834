using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace LivenessEngine.Memcached.Transports;

/// <summary>
/// Takes a connection out from under the runtime's socket, whose pending read cannot be called off without closing: its
/// descriptor becomes that of a socket on which nothing ever comes. Put back when disposed, unless kept.
/// </summary>
internal sealed partial class DescriptorSwap : IDisposable
{
    private readonly int _descriptor;
    private SafeSocketHandle? _connection;

    private DescriptorSwap(int descriptor, SafeSocketHandle connection)
    {
        _descriptor = descriptor;
        _connection = connection;
    }

    /// <exception cref="IOException">There are no more descriptors.</exception>
    public static DescriptorSwap Begin(SafeSocketHandle socket)
    {
        int descriptor = (int)socket.DangerousGetHandle();

        // A read of it says "not yet" and not "the end".
        using var silent = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        int copy = Checked(Duplicate(descriptor));
        var swap = new DescriptorSwap(descriptor, new SafeSocketHandle(copy, ownsHandle: true));
        Checked(Duplicate((int)silent.SafeHandle.DangerousGetHandle(), descriptor));
        return swap;
    }

    /// <summary>The connection, for whoever goes on with it.</summary>
    public SafeSocketHandle Keep()
    {
        SafeSocketHandle connection = _connection!;
        _connection = null;
        return connection;
    }

    public void Dispose()
    {
        if (_connection is not null)
        {
            Checked(Duplicate((int)_connection.DangerousGetHandle(), _descriptor));
            _ = Close((int)_connection.DangerousGetHandle());
            _connection.SetHandleAsInvalid();
        }
    }

    private static int Checked(int result) => result >= 0 ? result : throw new IOException(Marshal.GetLastPInvokeErrorMessage());

    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    private static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int Duplicate(int descriptor, int over);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
