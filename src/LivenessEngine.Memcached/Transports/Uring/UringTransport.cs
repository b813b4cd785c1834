using LivenessEngine.Memcached.Transports.Epoll;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using LivenessEngine.Time;
using Microsoft.Extensions.Logging;

namespace LivenessEngine.Memcached.Transports.Uring;

/// <summary>
/// The transport for Linux: a few threads, each of which waits for its connections by epoll and receives, executes and
/// answers on the spot.
/// </summary>
/// <param name="threads">How many threads.</param>
/// <param name="listening">Where it has its listening sockets from.</param>
/// <param name="clock">Stands still while a listener takes no clients.</param>
/// <param name="logger">Where accept errors go.</param>
internal sealed class UringTransport(int threads, ListeningSockets listening, LivenessClock clock, ILogger logger) : ITransport
{
    private readonly Lazy<LoopSet> _loops = new(() => new LoopSet(threads, name => new UringLoop(name)));
    private readonly List<EpollListener> _listeners = [];

    [SupportedOSPlatformGuard("linux")]
    public static bool IsSupported => OperatingSystem.IsLinux();

    /// <summary>Connections of each loop.</summary>
    public IEnumerable<int> Connections => _loops.Value.Connections;

    public EndPoint Listen(EndPoint endPoint, Func<TransportConnection, Task> serve)
    {
        ListeningSocket socket = listening.Open(endPoint);
        socket.Socket.Blocking = false;
        var listener = new EpollListener(socket, _loops.Value, serve, clock, logger);
        _listeners.Add(listener);
        listener.Start();
        return socket.EndPoint;
    }

    public void Adopt(Socket client, Func<TransportConnection, Task> serve)
    {
        client.Blocking = false;
        EndPoint? local = client.LocalEndPoint;
        int descriptor = (int)client.SafeHandle.DangerousGetHandle();

        // The loop closes it, and not the runtime, whose finalizer would wait for ever for a handle that is not its own.
        client.SafeHandle.SetHandleAsInvalid();
#pragma warning disable CA1816 // For want of a way to let go of a descriptor.
        GC.SuppressFinalize(client);
#pragma warning restore CA1816
        _loops.Value.Serve(descriptor, local, serve);
    }

    public async ValueTask StopListeningAsync()
    {
        foreach (EpollListener listener in _listeners)
        {
            await listener.StopAsync().ConfigureAwait(false);
            listening.Close(listener.Listening);
        }

        _listeners.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await StopListeningAsync().ConfigureAwait(false);
        if (_loops.IsValueCreated)
        {
            _loops.Value.Dispose();
        }
    }
}
