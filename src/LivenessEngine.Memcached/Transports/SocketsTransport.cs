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
internal sealed class SocketsTransport(int backlog, UnixFileMode unixSocketMode, LivenessClock clock, ILogger logger) : ITransport
{
    private static readonly TimeSpan PauseAfterError = TimeSpan.FromMilliseconds(50);

    // What open says of a socket: ENXIO on Linux, EOPNOTSUPP on macOS.
    private const int NoSuchDevice = 6;
    private const int NotSupportedOnMac = 102;

    private readonly List<(Socket Socket, Task Accepting)> _listeners = [];
    private readonly CancellationTokenSource _stopped = new();

    public EndPoint Listen(EndPoint endPoint, Func<TransportConnection, Task> serve)
    {
        Socket listener = Bind(endPoint);
        EndPoint bound = listener.LocalEndPoint!;
        _listeners.Add((listener, Task.Run(() => AcceptAsync(listener, bound, serve))));
        return bound;
    }

    public async ValueTask StopListeningAsync()
    {
        await _stopped.CancelAsync().ConfigureAwait(false);
        foreach ((Socket socket, Task accepting) in _listeners)
        {
            EndPoint? endPoint = socket.LocalEndPoint;
            socket.Dispose();
            await accepting.ConfigureAwait(false);
            if (endPoint is UnixDomainSocketEndPoint unix)
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

    private Socket Bind(EndPoint endPoint)
    {
        var socket = new Socket(
            endPoint.AddressFamily, SocketType.Stream, endPoint is UnixDomainSocketEndPoint ? ProtocolType.Unspecified : ProtocolType.Tcp);
        try
        {
            if (endPoint is UnixDomainSocketEndPoint unix)
            {
                BindUnix(socket, unix);
            }
            else
            {
                if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
                {
                    socket.DualMode = false;
                }

                socket.Bind(endPoint);
            }

            socket.Listen(backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // A socket file that nobody listens on is left over from a process that was killed; memcached takes its place too.
    private void BindUnix(Socket socket, UnixDomainSocketEndPoint endPoint)
    {
        string path = endPoint.ToString();
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"{path}: there is no folder {folder}");
        }

        if (IsSocket(path))
        {
            using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                probe.Connect(endPoint);
                throw new SocketException((int)SocketError.AddressAlreadyInUse);
            }
            catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
            {
                File.Delete(path);
            }
        }

        socket.Bind(endPoint);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, unixSocketMode);
        }
    }

    // Nobody can open a socket as a file, whatever the rights. Any other file is somebody's, and stays.
    private static bool IsSocket(string path)
    {
        if (!File.Exists(path) || (File.GetAttributes(path) & (FileAttributes.Directory | FileAttributes.ReparsePoint)) != 0)
        {
            return false;
        }

        try
        {
            // For writing too: a named pipe would have us wait for a writer.
            File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException refused)
        {
            return refused.HResult is NoSuchDevice or NotSupportedOnMac;
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
    private async Task AcceptAsync(Socket listener, EndPoint bound, Func<TransportConnection, Task> serve)
    {
        var deaf = new Suspension(clock);
        while (!_stopped.IsCancellationRequested)
        {
            try
            {
                ValueTask<Socket> accepting = listener.AcceptAsync(_stopped.Token);
                if (!accepting.IsFaulted)
                {
                    // There is a client, or it waits for one: without a descriptor for it, it would have failed at once.
                    deaf.End();
                }

                Socket socket = await accepting.ConfigureAwait(false);
                _ = ServeAsync(socket, bound, serve);
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
                ServerLog.AcceptFailed(logger, bound, error.Message);
                await Task.Delay(PauseAfterError).ConfigureAwait(false);
            }
        }

        deaf.End();
    }

    private static async Task ServeAsync(Socket socket, EndPoint bound, Func<TransportConnection, Task> serve)
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
}
