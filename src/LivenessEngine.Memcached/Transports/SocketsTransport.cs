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
/// <param name="listening">Where it has its listening sockets from.</param>
/// <param name="clock">Stands still while a listener takes no clients.</param>
/// <param name="logger">Where accept errors go.</param>
/// <param name="connect">Makes a connection of a client's socket that came in by that address; null for one without TLS.</param>
internal sealed class SocketsTransport(
    ListeningSockets listening, LivenessClock clock, ILogger logger, Func<Socket, EndPoint?, TransportConnection>? connect = null) : ITransport
{
    private static readonly TimeSpan PauseAfterError = TimeSpan.FromMilliseconds(50);

    private readonly List<(ListeningSocket Socket, Task Accepting)> _listeners = [];
    private readonly CancellationTokenSource _stopped = new();
    private readonly ThreadPoolIntake _intake = new();

    public EndPoint Listen(EndPoint endPoint, Func<TransportConnection, Task> serve)
    {
        ListeningSocket listener = listening.Open(endPoint);
        _listeners.Add((listener, Task.Run(() => AcceptAsync(listener, serve))));
        return listener.EndPoint;
    }

    public void Adopt(Socket client, Func<TransportConnection, Task> serve)
        => _ = Task.Run(() => ServeAsync(client, client.LocalEndPoint, serve));

    public void Ask(Action answer) => _intake.Ask(answer);

    public async ValueTask StopListeningAsync()
    {
        await _stopped.CancelAsync().ConfigureAwait(false);
        foreach ((ListeningSocket listener, Task accepting) in _listeners)
        {
            await accepting.ConfigureAwait(false);
            listening.Close(listener);
        }

        _listeners.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await StopListeningAsync().ConfigureAwait(false);
        _stopped.Dispose();
    }

    private async Task ServeAsync(Socket socket, EndPoint? bound, Func<TransportConnection, Task> serve)
    {
        TransportConnection connection;
        try
        {
            connection = connect is null ? new SocketTransportConnection(socket, bound) : connect(socket, bound);
        }
        catch (Exception gone) when (gone is SocketException or IOException)
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
