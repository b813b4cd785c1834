using System.Net;
using System.Net.Sockets;

namespace LivenessEngine.Memcached.Client;

/// <summary>A server of a list, as it was written there and where it is.</summary>
/// <param name="Host">The host without brackets, or the path of a unix socket.</param>
/// <param name="Port">The port; 0 for a unix socket.</param>
/// <param name="EndPoint">Where it listens.</param>
internal sealed record ServerNode(string Host, int Port, EndPoint EndPoint)
{
    /// <summary><c>host:port</c>, or the path of a unix socket: as pymemcache names it when it places keys.</summary>
    public string Spelling => Port == 0 && EndPoint is UnixDomainSocketEndPoint ? Host : $"{Host}:{Port}";

    /// <exception cref="FormatException">It is no address; the message names it and what is allowed.</exception>
    public static ServerNode Parse(string text)
    {
        EndPoint endPoint = ServerAddress.Parse(text);
        if (endPoint is UnixDomainSocketEndPoint)
        {
            return new ServerNode(endPoint.ToString()!, 0, endPoint);
        }

        (string host, int port) = ServerAddress.Split(text, ServerAddress.DefaultPort);
        return new ServerNode(host, port, endPoint);
    }

    public override string ToString()
        => EndPoint is UnixDomainSocketEndPoint ? $"unix:{Host}"
            : Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}"
            : $"{Host}:{Port}";
}
