using System.Net;
using System.Net.Sockets;
using LivenessEngine.Time;
using Microsoft.Extensions.Logging;

namespace LivenessEngine.Memcached.Transports.Loops;

/// <summary>
/// What the transports for Linux have in common: a few threads, each of which waits for its connections and receives,
/// executes and answers on the spot.
/// </summary>
/// <param name="newLoops">Makes them, when it begins to listen.</param>
/// <param name="listening">Where it has its listening sockets from.</param>
/// <param name="clock">Stands still while a listener takes no clients.</param>
/// <param name="logger">Where accept errors go.</param>
internal abstract class LoopTransport(
    Func<LoopSet> newLoops, ListeningSockets listening, LivenessClock clock, ILogger logger) : ITransport
{
    private readonly Lazy<LoopSet> _loops = new(newLoops);
    private readonly List<LoopListener> _listeners = [];

    /// <summary>What its loops wait by.</summary>
    public MemcachedTransport Kind => _loops.Value.Kind;

    /// <summary>Connections of each loop.</summary>
    public IEnumerable<int> Connections => _loops.Value.Connections;

    public void Prepare() => _ = _loops.Value;

    public EndPoint Listen(EndPoint endPoint, Func<TransportConnection, Task> serve)
    {
        LoopSet loops = _loops.Value;
        ListeningSocket socket = listening.Open(endPoint);
        socket.Socket.Blocking = false;
        var listener = new LoopListener(socket, loops, serve, clock, logger);
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

    public void Ask(Action answer)
    {
        if (_loops.IsValueCreated)
        {
            _loops.Value.Ask(answer);
        }
        else
        {
            answer();
        }
    }

    public async ValueTask StopListeningAsync()
    {
        foreach (LoopListener listener in _listeners)
        {
            await listener.StopAsync().ConfigureAwait(false);
            listening.Close(listener.Listening);
        }

        if (_listeners.Count > 0)
        {
            // Who was accepted last is one of the server's connections then, and not forgotten when they are handed over.
            await _loops.Value.SettleAsync().ConfigureAwait(false);
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
