using System.Net;
using LivenessEngine.Time;

namespace LivenessEngine.Memcached.Transports.Tls;

/// <summary>The transport that a server was told to use, and one of its own beside it for each kind of clients by TLS.</summary>
internal sealed class ServerTransports : IAsyncDisposable
{
    private readonly Func<MemcachedTls, ITransport> _newByTls;
    private readonly IntakeWatch _intakes;
    private readonly Dictionary<MemcachedTls, ITransport> _byTls = [];

    /// <param name="plain">For clients without.</param>
    /// <param name="newByTls">Makes one for a kind of those.</param>
    /// <param name="intakes">Asks them whether they keep up.</param>
    public ServerTransports(ITransport plain, Func<MemcachedTls, ITransport> newByTls, IntakeWatch intakes)
    {
        (Plain, _newByTls, _intakes) = (plain, newByTls, intakes);
        intakes.Add(plain);
    }

    public ITransport Plain { get; }

    private IEnumerable<ITransport> All => [Plain, .. _byTls.Values];

    /// <inheritdoc cref="ITransport.Listen"/>
    public EndPoint Listen(EndPoint endPoint, MemcachedTls tls, Func<TransportConnection, Task> serve)
    {
        ITransport? transport = Plain;
        if (tls != MemcachedTls.Off && !_byTls.TryGetValue(tls, out transport))
        {
            _byTls[tls] = transport = _newByTls(tls);
            _intakes.Add(transport);
        }

        return transport.Listen(endPoint, serve);
    }

    /// <inheritdoc cref="ITransport.StopListeningAsync"/>
    public async ValueTask StopListeningAsync()
    {
        foreach (ITransport transport in All)
        {
            await transport.StopListeningAsync().ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ITransport transport in All)
        {
            _intakes.Remove(transport);
        }

        foreach (ITransport transport in All)
        {
            await transport.DisposeAsync().ConfigureAwait(false);
        }
    }
}
