using System.Net;

namespace LivenessEngine.Memcached;

/// <summary>
/// An address that a server listens on, and how its clients speak where that is not as the server's options say. An
/// <see cref="System.Net.EndPoint"/> is one by itself.
/// </summary>
/// <remarks>Immutable.</remarks>
public sealed class MemcachedListener
{
    /// <summary>A listener whose clients speak as the server's options say, unless it is told otherwise.</summary>
    /// <param name="endPoint">
    /// <see cref="IPEndPoint"/> or <see cref="System.Net.Sockets.UnixDomainSocketEndPoint"/>; port 0 takes a free one.
    /// </param>
    public MemcachedListener(EndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        EndPoint = endPoint;
    }

    /// <summary>Where.</summary>
    public EndPoint EndPoint { get; }

    /// <summary>What its clients speak. Default null: <see cref="MemcachedServerOptions.Protocol"/> (memcached -l proto[...]).</summary>
    public MemcachedProtocol? Protocol { get; init; }

    /// <summary>
    /// Whether its clients come by TLS. Default null: they do where the server's options say what TLS needs (memcached
    /// -l notls:, -l mtls:).
    /// </summary>
    public MemcachedTls? Tls { get; init; }

    /// <summary>Clients that speak as the server's options say.</summary>
    public static implicit operator MemcachedListener(EndPoint endPoint) => new(endPoint);

    /// <summary>The address, for people.</summary>
    public override string ToString() => EndPoint.ToString()!;

    /// <summary>The same, at another address: the one that port 0 became.</summary>
    internal MemcachedListener At(EndPoint endPoint) => new(endPoint) { Protocol = Protocol, Tls = Tls };

    /// <summary>Whether a connection whose own end is this address came in here.</summary>
    internal bool Took(EndPoint? local) => EndPoint.Equals(local)
        || (local is IPEndPoint client && EndPoint is IPEndPoint tcp && tcp.Port == client.Port
            && (tcp.Address.Equals(IPAddress.Any) || tcp.Address.Equals(IPAddress.IPv6Any)) && tcp.AddressFamily == client.AddressFamily);
}
