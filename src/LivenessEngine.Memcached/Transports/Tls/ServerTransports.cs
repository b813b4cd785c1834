using System.Net;

namespace LivenessEngine.Memcached.Transports.Tls;

/// <summary>The transport that a server was told to use, and one of its own beside it for each kind of clients by TLS.</summary>
/// <param name="plain">For clients without.</param>
/// <param name="newByTls">Makes one for a kind of those.</param>
internal sealed class ServerTransports(ITransport plain, Func<MemcachedTls, ITransport> newByTls) : IAsyncDisposable
{
    private readonly Dictionary<MemcachedTls, ITransport> _byTls = [];

    public ITransport Plain => plain;

    /// <inheritdoc cref="ITransport.Listen"/>
    public EndPoint Listen(EndPoint endPoint, MemcachedTls tls, Func<TransportConnection, Task> serve)
    {
        ITransport? transport = plain;
        if (tls != MemcachedTls.Off && !_byTls.TryGetValue(tls, out transport))
        {
            _byTls[tls] = transport = newByTls(tls);
        }

        return transport.Listen(endPoint, serve);
    }

    /// <inheritdoc cref="ITransport.StopListeningAsync"/>
    public async ValueTask StopListeningAsync()
    {
        foreach (ITransport transport in (IEnumerable<ITransport>)[plain, .. _byTls.Values])
        {
            await transport.StopListeningAsync().ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ITransport transport in (IEnumerable<ITransport>)[plain, .. _byTls.Values])
        {
            await transport.DisposeAsync().ConfigureAwait(false);
        }
    }
}
