using System.Net;
using System.Net.Sockets;
using LivenessEngine.Memcached.Server;
using Microsoft.Extensions.Logging;

namespace LivenessEngine.Memcached.Transports;

/// <summary>Where a transport has its listening sockets from, and where they go at the end.</summary>
/// <param name="backlog">Connections that may wait to be accepted.</param>
/// <param name="unixSocketMode">Permissions of unix sockets.</param>
/// <param name="logger">Where it is told what could not be removed.</param>
/// <param name="bound">Sockets that listen already: used in place of new ones where their address is asked for.</param>
internal sealed class ListeningSockets(
    int backlog, UnixFileMode unixSocketMode, ILogger logger, IReadOnlyList<ListeningSocket>? bound = null)
{
    /// <summary>A socket that listens on the address.</summary>
    /// <exception cref="SocketException">The address is taken, or not ours.</exception>
    public ListeningSocket Open(EndPoint endPoint)
        => bound?.FirstOrDefault(socket => socket.EndPoint.Equals(endPoint)) ?? ListeningSocket.Bind(endPoint, backlog, unixSocketMode);

    /// <summary>Closes a socket, and takes its file away, unless somebody else accepts on it: what waits there waits for them.</summary>
    public void Close(ListeningSocket listening)
    {
        if (listening.IsShared)
        {
            return;
        }

        listening.Socket.Dispose();
        if (listening.EndPoint is UnixDomainSocketEndPoint unix)
        {
            Remove(unix.ToString());
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
}
