using System.Net;
using System.Net.Sockets;
using LivenessEngine.Memcached.Server;
using LivenessEngine.Time;
using Microsoft.Extensions.Logging;

namespace LivenessEngine.Memcached.Transports;

/// <summary>
/// The portable transport: the runtime's sockets behind Pipelines.Sockets.Unofficial's pipes, on every system that .NET
/// runs on. All schedulers are inline, so a reply leaves on the thread that read its request.
/// </summary>
/// <param name="backlog">Connections that may wait to be accepted.</param>
/// <param name="unixSocketMode">Permissions of unix sockets.</param>
/// <param name="clock">Stands still while a listener takes no clients.</param>
/// <param name="logger">Where accept errors go.</param>
/// <param name="bound">Sockets that listen already: used in place of new ones where their address is asked for.</param>
internal sealed class SocketsTransport(
    int backlog, UnixFileMode unixSocketMode, LivenessClock clock, ILogger logger, IReadOnlyList<ListeningSocket>? bound = null) : ITransport
{
    private static readonly TimeSpan PauseAfterError = TimeSpan.FromMilliseconds(50);

    private readonly List<(ListeningSocket Socket, Task Accepting)> _listeners = [];
    private readonly CancellationTokenSource _stopped = new();

    public EndPoint Listen(EndPoint endPoint, Func<TransportConnection, Task> serve)
    {
        ListeningSocket listener = bound?.FirstOrDefault(socket => socket.EndPoint.Equals(endPoint))
            ?? ListeningSocket.Bind(endPoint, backlog, unixSocketMode);
        _listeners.Add((listener, Task.Run(() => AcceptAsync(listener, serve))));
        return listener.EndPoint;
    }

    public async ValueTask StopListeningAsync()
    {
        await _stopped.CancelAsync().ConfigureAwait(false);
        foreach ((ListeningSocket listener, Task accepting) in _listeners)
        {
            await accepting.ConfigureAwait(false);
            if (listener.IsShared)
            {
                // Somebody else accepts on it now: what waits in its queue waits for them.
                continue;
            }

            listener.Socket.Dispose();
            if (listener.EndPoint is UnixDomainSocketEndPoint unix)
            {
                Remove(unix.ToString());
            }
        }

        _listeners.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await StopListeningAsync().ConfigureAwait(false);
        _stopped.Dispose();
    }

    /// <summary>Serves one client; closes its connection at the end.</summary>
    /// <param name="socket">Where it is.</param>
    /// <param name="bound">The address that it came in by.</param>
    /// <param name="serve">Who serves it.</param>
    public static async Task ServeAsync(Socket socket, EndPoint? bound, Func<TransportConnection, Task> serve)
    {
        SocketTransportConnection connection;
        try
        {
            connection = new SocketTransportConnection(socket, bound);
        }
        catch (SocketException)
        {
            // Gone again before it was set up.
            socket.Dispose();
            return;
        }

        await using (connection.ConfigureAwait(false))
        {
            await serve(connection).ConfigureAwait(false);
        }
    }

    // Whoever gave up root (-u) may not be allowed to; that is no reason to end badly.
    private void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            ServerLog.SocketNotRemoved(logger, path, fault.Message);
        }
    }

    // Survives whatever one connection does, and goes on after the errors that pass (no more descriptors, say).
    private async Task AcceptAsync(ListeningSocket listener, Func<TransportConnection, Task> serve)
    {
        var deaf = new Suspension(clock);
        while (!_stopped.IsCancellationRequested)
        {
            try
            {
                ValueTask<Socket> accepting = listener.Socket.AcceptAsync(_stopped.Token);
                if (!accepting.IsFaulted)
                {
                    // There is a client, or it waits for one: without a descriptor for it, it would have failed at once.
                    deaf.End();
                }

                Socket socket = await accepting.ConfigureAwait(false);
                _ = ServeAsync(socket, listener.EndPoint, serve);
            }
            catch (Exception stopped) when (stopped is OperationCanceledException or ObjectDisposedException)
            {
                deaf.End();
                return;
            }
            catch (SocketException error)
            {
                if (_stopped.IsCancellationRequested)
                {
                    break;
                }

                deaf.Begin();
                ServerLog.AcceptFailed(logger, listener.EndPoint, error.Message);
                await Task.Delay(PauseAfterError).ConfigureAwait(false);
            }
        }

        deaf.End();
    }
}
