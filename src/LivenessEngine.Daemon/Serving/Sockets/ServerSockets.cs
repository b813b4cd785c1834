using System.Net;
using System.Net.Sockets;
using LivenessEngine.Daemon.CommandLine;
using LivenessEngine.Memcached;
using LivenessEngine.Memcached.Transports;
using Microsoft.Extensions.Logging;

namespace LivenessEngine.Daemon.Serving.Sockets;

/// <summary>
/// The sockets that the daemon serves. They listen before anything else is done, so that clients wait and are not refused
/// while the state is read.
/// </summary>
internal sealed class ServerSockets
{
    public required IReadOnlyList<ListeningSocket> Listening { get; init; }

    /// <summary>Connections that were opened to another process, and go on here.</summary>
    public IReadOnlyList<Socket> Clients { get; init; } = [];

    /// <summary>Whether they came by LISTEN_FDS, from somebody who keeps them over our end.</summary>
    public bool AreActivated { get; init; }

    /// <summary>How the clients of each speak: as its address was asked for, or as usual where it was not (LISTEN_FDS).</summary>
    public IEnumerable<MemcachedListener> Listeners(ServeSettings settings) => Listening.Select(
        (socket, at) => AreActivated ? Asked(settings, socket) ?? socket.EndPoint : settings.Listeners[at].At(socket.EndPoint));

    /// <exception cref="UsageException">There are none to be had; the message says why.</exception>
    public static ServerSockets Open(ServeSettings settings, ILogger logger)
    {
        if (OperatingSystem.IsLinux() && SystemdSockets.Take() is { } activated)
        {
            CheckThatNoneIsMissing(settings, activated.Listening);
            DaemonLog.Inherited(logger, activated.Listening.Count, string.Join(", ", activated.Listening.Select(socket => socket.EndPoint)));
            return new ServerSockets { Listening = activated.Listening, Clients = activated.Clients, AreActivated = true };
        }

        if (!settings.TakeOver || TakeOver.From(settings.Address, settings.User) is not var (given, process))
        {
            return new ServerSockets { Listening = [.. settings.Listeners.Select(listener => Bind(listener.EndPoint, settings))] };
        }

        DaemonLog.TookOver(logger, process, given.Listening.Count, given.Clients.Count);
        foreach (ListeningSocket socket in given.Listening)
        {
            // The other process has ended.
            socket.IsShared = false;
        }

        foreach (ListeningSocket socket in given.Listening.Where(socket => !settings.Listeners.Any(listener => listener.EndPoint.Equals(socket.EndPoint))))
        {
            socket.Socket.Dispose();
        }

        return new ServerSockets
        {
            Listening = [.. settings.Listeners.Select(
                listener => given.Listening.FirstOrDefault(socket => socket.EndPoint.Equals(listener.EndPoint)) ?? Bind(listener.EndPoint, settings))],
            Clients = given.Clients,
        };
    }

    private static MemcachedListener? Asked(ServeSettings settings, ListeningSocket socket)
        => settings.Listeners.FirstOrDefault(listener => listener.EndPoint.Equals(socket.EndPoint));

    // Which sockets there are is said by whoever gives them; but clients that were to show a certificate are not let in without.
    private static void CheckThatNoneIsMissing(ServeSettings settings, IEnumerable<ListeningSocket> given)
    {
        MemcachedListener? missing = settings.Listeners.FirstOrDefault(
            listener => listener is not { Protocol: null, Tls: null } && !given.Any(socket => socket.EndPoint.Equals(listener.EndPoint)));
        if (missing is not null)
        {
            throw new UsageException(
                $"-l {missing}: asks for a protocol or TLS of its own, and is none of the sockets that were given (LISTEN_FDS): {string.Join(", ", given.Select(socket => socket.EndPoint))}",
                ExitCode.Usage);
        }
    }

    private static ListeningSocket Bind(EndPoint endPoint, ServeSettings settings)
    {
        try
        {
            return ListeningSocket.Bind(endPoint, settings.Server.Backlog, settings.Server.UnixSocketMode);
        }
        catch (SocketException fault)
        {
            string what = endPoint is IPEndPoint ip ? $"TCP port {ip.Port} of {ip.Address}" : $"UNIX socket: {endPoint}";
            throw new UsageException($"failed to listen on {what}: {fault.Message}", ExitCode.OperatingSystem);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"failed to listen on UNIX socket: {fault.Message}", ExitCode.OperatingSystem);
        }
    }
}
