using System.Net;
using System.Net.Sockets;
using LivenessEngine.Memcached;
using LivenessEngine.Memcached.Transports;
using Microsoft.Extensions.Logging;

namespace LivenessEngine.Daemon.Serving.Sockets;

/// <summary>Waits for a daemon that takes over from this one, and hands over to it.</summary>
internal sealed class TakeOverListener : IDisposable
{
    /// <summary>
    /// How long one client that does not go on may hold up the others: they give up on a server that takes a second to reply.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>How long all of them may take, on a machine that is slow.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan AskTime = TimeSpan.FromSeconds(5);

    private readonly Socket? _listener;
    private readonly TaskCompletionSource _requested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Socket? _next;
    private volatile bool _disposed;

    public TakeOverListener(EndPoint first, ILogger logger)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        Socket listener = TakeOverAddress.NewSocket();
        try
        {
            listener.Bind(TakeOverAddress.Of(first));
            listener.Listen();
            _listener = listener;
            _ = AcceptAsync(listener);
        }
        catch (SocketException fault)
        {
            DaemonLog.NoHandOver(logger, fault.Message);
            listener.Dispose();
        }
    }

    /// <summary>Completes when another daemon takes over.</summary>
    public Task Requested => _requested.Task;

    /// <summary>
    /// Hands everything over. The other daemon goes on when this process ends, and not before: the connection to it is
    /// closed by that.
    /// </summary>
    public async Task HandOverAsync(MemcachedServer server, IReadOnlyList<ListeningSocket> listening, ILogger logger)
    {
        Send(TakeOverAddress.Listening, listening.Select(socket => socket.Socket.SafeHandle));
        IReadOnlyCollection<SafeSocketHandle> clients = await server.HandOverAsync(Patience, Limit).ConfigureAwait(false);
        foreach (SafeSocketHandle[] some in clients.Chunk(Rights.Most))
        {
            Send(TakeOverAddress.Clients, some);
        }

        Send(TakeOverAddress.End, []);
        (int process, _) = TakeOverAddress.Peer(_next!);
        DaemonLog.HandedOver(logger, listening.Count, clients.Count, process);
    }

    public void Dispose()
    {
        _disposed = true;
        _listener?.Dispose();
    }

    private async Task AcceptAsync(Socket listener)
    {
        byte[] ask = new byte[1];
        while (_next is null)
        {
            try
            {
                Socket next = await listener.AcceptAsync().ConfigureAwait(false);

                // With calls that block, as those that send descriptors do.
                next.ReceiveTimeout = next.SendTimeout = (int)AskTime.TotalMilliseconds;
                if (Privileges.IsTrusted(TakeOverAddress.Peer(next).User, user: null) && await Task.Run(() => next.Receive(ask)).ConfigureAwait(false) == 1 && ask[0] == TakeOverAddress.Ask)
                {
                    _next = next;
                    _requested.SetResult();
                }
                else
                {
                    next.Dispose();
                }
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException) when (!_disposed)
            {
                // That one asked for nothing; the next one may.
            }
            catch (SocketException)
            {
                return;
            }
        }
    }

    private void Send(byte kind, IEnumerable<SafeSocketHandle> sockets)
        => Rights.Send(_next!, [kind], [.. sockets.Select(socket => (int)socket.DangerousGetHandle())]);
}
