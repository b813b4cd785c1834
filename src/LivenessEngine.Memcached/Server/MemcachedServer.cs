using System.Net;
using System.Net.Sockets;
using LivenessEngine.Memcached.Protocol;
using LivenessEngine.Memcached.Server;
using LivenessEngine.Memcached.Server.Udp;
using LivenessEngine.Memcached.Transports;
using LivenessEngine.Memcached.Transports.Epoll;
using LivenessEngine.Memcached.Transports.Loops;
using LivenessEngine.Memcached.Transports.Tls;
using LivenessEngine.Memcached.Transports.Uring;
using LivenessEngine.Time;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.ObjectPool;

namespace LivenessEngine.Memcached;

/// <summary>
/// Serves an engine to memcached clients: what they store under <c>group:member</c> are heartbeats, and everything else
/// is a cache.
/// </summary>
/// <remarks>Thread-safe. Start it once; dispose it to stop.</remarks>
public sealed class MemcachedServer : IAsyncDisposable
{
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);

    // For a client whose listener is not there any more: it came to a daemon that listened elsewhere too.
    private static readonly MemcachedListener Anywhere = new(new IPEndPoint(IPAddress.None, 0));

    private const int NewestTls = 3;

    private static readonly TimeSpan MostAhead = TimeSpan.FromDays(365);

    private readonly ServerContext _server;
    private readonly ServerTransports _transports;
    private readonly AddressLimit? _addresses;
    private readonly ObjectPool<Connection> _pool;
    private readonly ITimer _idleTimer;

    // Until it listens, and while what it had is served to the end: members cannot connect then.
    private readonly Suspension _notListening;
    private readonly TaskCompletionSource<bool> _shutdown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<UdpListener> _udp = [];
    private HandOver? _handOver;
    private int _stopped;

    /// <summary>
    /// Makes a server in front of the engine of a service group, which other code can use beside it. Until it is started,
    /// time counts against no member.
    /// </summary>
    /// <param name="serviceGroup">The engine; it outlives the server.</param>
    /// <param name="options">Options; null for the defaults.</param>
    /// <param name="logger">Where errors go; null for nowhere.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    /// <exception cref="IOException">The authentication file cannot be read; the message names it.</exception>
    /// <exception cref="FormatException">The authentication file is wrong, or one for TLS; the message names it and the fault.</exception>
    /// <exception cref="ArgumentException">There is UDP beside authentication or TLS, or a listener is for TLS, and the options do not say what TLS needs.</exception>
    /// <exception cref="PlatformNotSupportedException">The transport is not for this system.</exception>
    public MemcachedServer(ServiceGroup serviceGroup, MemcachedServerOptions? options = null, ILogger<MemcachedServer>? logger = null)
        : this((serviceGroup ?? throw new ArgumentNullException(nameof(serviceGroup))).Engine, options ?? new(), logger ?? NullLogger<MemcachedServer>.Instance)
    {
    }

    internal MemcachedServer(Engine engine, MemcachedServerOptions options, ILogger logger)
        : this(engine, options, Transport(engine, options, logger), logger)
    {
    }

    internal MemcachedServer(Engine engine, MemcachedServerOptions options, ITransport transport, ILogger logger)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxConnections, 1, nameof(options.MaxConnections));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1, nameof(options.Threads));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.RequestsPerEvent, 0, nameof(options.RequestsPerEvent));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Backlog, 1, nameof(options.Backlog));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.IdleTimeout, TimeSpan.Zero, nameof(options.IdleTimeout));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.HeartbeatAhead, TimeSpan.Zero, nameof(options.HeartbeatAhead));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.HeartbeatAhead, MostAhead, nameof(options.HeartbeatAhead));
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxConnectionsPerAddress, nameof(options.MaxConnectionsPerAddress));
        CheckTls(options);
        CheckUdp(options);
        _server = new ServerContext(engine, options, logger);
        _server.ShutdownRequested += graceful => _shutdown.TrySetResult(graceful);
        _transports = new ServerTransports(transport, TlsTransport, engine.Intakes);
        _addresses = options.MaxConnectionsPerAddress > 0 ? new AddressLimit(options.MaxConnectionsPerAddress) : null;
        _notListening = new Suspension(engine.Clock);
        _notListening.Begin();
        _pool = new DefaultObjectPool<Connection>(new ConnectionPolicy(_server, End), options.MaxConnections);
        TimeSpan period = options.IdleTimeout > TimeSpan.Zero ? TimeSpan.FromSeconds(1) : Timeout.InfiniteTimeSpan;
        _idleTimer = engine.Options.TimeProvider.CreateTimer(static self => ((MemcachedServer)self!).CloseIdle(), this, period, period);
    }

    /// <summary>The addresses that it listens on: those of the options, with the port that port 0 became.</summary>
    public IReadOnlyList<EndPoint> EndPoints => _server.Connections.Listening;

    /// <summary>The addresses that it takes datagrams at: those of the options, with the port that port 0 became.</summary>
    public IReadOnlyList<IPEndPoint> UdpEndPoints => _server.Udp;

    private IReadOnlyList<MemcachedListener> Listeners => _server.Connections.Listeners;

    /// <summary>
    /// Ends when a client has sent "shutdown" (where that is allowed): true for a graceful one. Stopping is then up to you.
    /// </summary>
    public Task<bool> ShutdownRequested => _shutdown.Task;

    internal ServerContext Context => _server;

    /// <summary>Starts to listen.</summary>
    /// <exception cref="SocketException">An address is taken, or not ours.</exception>
    /// <exception cref="IOException">The system refuses what the transport is made of; the message names it.</exception>
    public void Start() => Start(static () => { });

    /// <inheritdoc cref="Start()"/>
    /// <param name="prepared">
    /// Called before anybody is served, when nothing is missing that a process with fewer rights might be refused: UDP ports
    /// are bound, and loops are made. TCP is only what <see cref="MemcachedServerOptions.Listening"/> has.
    /// </param>
    internal void Start(Action prepared)
    {
        foreach (IPEndPoint endPoint in _server.Options.UdpEndPoints)
        {
            _udp.Add(new UdpListener(_server, endPoint));
            _server.Udp = [.. _udp.Select(udp => udp.EndPoint)];
        }

        if (Asked(_server.Options).Any(listener => Tls(listener) == MemcachedTls.Off))
        {
            _transports.Plain.Prepare();
        }

        prepared();
        foreach (MemcachedListener listener in Asked(_server.Options))
        {
            EndPoint endPoint = _transports.Listen(listener.EndPoint, Tls(listener), client => ServeAsync(client, listener));
            _server.Transport = (_transports.Plain as LoopTransport)?.Kind ?? _server.Transport;
            _server.Connections.Listeners = [.. Listeners, listener.At(endPoint)];
            ServerLog.Listening(_server.Logger, endPoint);
        }

        foreach (UdpListener udp in _udp)
        {
            udp.Start();
            ServerLog.UdpListening(_server.Logger, udp.EndPoint);
        }

        _notListening.End();
    }

    /// <summary>
    /// Stops: takes no more connections, finishes what was read, and closes. A client that does not take its replies is cut
    /// off after five seconds, or when the token is cancelled.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
        {
            return;
        }

        await _idleTimer.DisposeAsync().ConfigureAwait(false);
        _notListening.Begin();
        await _transports.StopListeningAsync().ConfigureAwait(false);
        foreach (UdpListener udp in _udp)
        {
            await udp.DisposeAsync().ConfigureAwait(false);
        }

        foreach (Connection connection in _server.Connections.All())
        {
            connection.Stop();
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(DrainTime);
        while (_server.Connections.Count > 0 && !limit.IsCancellationRequested)
        {
            await Task.Delay(10, CancellationToken.None).ConfigureAwait(false);
        }

        foreach (Connection connection in _server.Connections.All())
        {
            connection.Abort();
        }

        // Whoever goes on with the engine goes on without these members.
        _notListening.End();
    }

    /// <summary>
    /// Stops as <see cref="StopAsync"/> does, but closes no connection whose client is between two requests: they go on with
    /// whoever takes the handles, and the listening sockets, which are shared from now on.
    /// </summary>
    /// <param name="patience">How long to wait for a request that is under way; after that its connection is closed.</param>
    /// <param name="limit">How long to wait for all of them.</param>
    internal async Task<IReadOnlyCollection<SafeSocketHandle>> HandOverAsync(TimeSpan patience, TimeSpan limit)
    {
        foreach (ListeningSocket listening in _server.Options.Listening)
        {
            listening.IsShared = true;
        }

        using var ending = new CancellationTokenSource(limit);
        var handOver = new HandOver(ending, patience);
        Volatile.Write(ref _handOver, handOver);
        _notListening.Begin();
        await _transports.StopListeningAsync().ConfigureAwait(false);
        foreach (Connection connection in _server.Connections.All())
        {
            connection.Release(handOver);
        }

        await handOver.UntilAsync(() => _server.Connections.Count == 0).ConfigureAwait(false);
        using var over = new CancellationTokenSource(TimeSpan.Zero);
        await StopAsync(over.Token).ConfigureAwait(false);
        return handOver.Released;
    }

    /// <summary>Serves a client that another process let go.</summary>
    internal void Adopt(Socket client)
    {
        EndPoint? local = client.LocalEndPoint;
        MemcachedListener listener = Listeners.FirstOrDefault(listener => listener.Took(local)) ?? Anywhere;
        if (Tls(listener) != MemcachedTls.Off)
        {
            // It came without, for only such clients are let go; and here nobody may.
            client.Dispose();
            return;
        }

        _transports.Plain.Adopt(client, adopted => ServeAsync(adopted, listener));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        await _transports.DisposeAsync().ConfigureAwait(false);
        _server.Leave();
    }

    /// <summary>Serves one client, from whatever transport.</summary>
    /// <param name="transport">The client.</param>
    /// <param name="listener">By which it came in.</param>
    internal Task ServeAsync(TransportConnection transport, MemcachedListener listener)
    {
        Connection connection = _pool.Get();
        connection.Open(transport, listener);
        if (!TryCount(connection, transport) || !_server.Connections.TryAdd(connection, _server.Options.MaxConnections, out long id))
        {
            Uncount(connection);
            connection.Close();
            _pool.Return(connection);
            _server.Counters.Add(WireCounter.RejectedConnections);
            return RejectAsync(transport);
        }

        try
        {
            connection.Begin(id);
            Begin(connection, transport, id);
        }
        catch
        {
            // A logger that fails, say.
            _server.Connections.Remove(id);
            Uncount(connection);
            connection.Close();
            _pool.Return(connection);
            throw;
        }

        return connection.RunAsync();
    }

    private static void CheckTls(MemcachedServerOptions options)
    {
        if (options.Tls is { } tls)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(tls.MinimumVersion, nameof(tls.MinimumVersion));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(tls.MinimumVersion, NewestTls, nameof(tls.MinimumVersion));
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(tls.HandshakeTimeout, TimeSpan.Zero, nameof(tls.HandshakeTimeout));
            if (tls.ClientAuthorities is null
                && (tls.Verification == MemcachedTlsVerification.Require || options.Listeners.Any(listener => listener.Tls == MemcachedTls.Mutual)))
            {
                throw new ArgumentException($"{nameof(tls.ClientAuthorities)}: clients must have a certificate, and none would be trusted: it takes a file of roots (ssl_ca_cert)", nameof(options));
            }
        }
        else if (options.Listeners.FirstOrDefault(listener => listener.Tls is MemcachedTls.On or MemcachedTls.Mutual) is { } listener)
        {
            throw new ArgumentException($"{nameof(options.Listeners)}: {listener} is for clients by TLS, and the server has nothing to do TLS with", nameof(options));
        }
    }

    private static void CheckUdp(MemcachedServerOptions options)
    {
        if (options.UdpEndPoints.Count > 0 && options.AuthenticationFile is not null)
        {
            throw new ArgumentException($"{nameof(options.UdpEndPoints)}: there is no authentication by UDP; allowed are none where there is an {nameof(options.AuthenticationFile)}", nameof(options));
        }

        if (options.UdpEndPoints.Count > 0 && options.Tls is not null)
        {
            // memcached would take requests in the clear there, from clients without a certificate.
            throw new ArgumentException($"{nameof(options.UdpEndPoints)}: there is no TLS by UDP; allowed are none where there is {nameof(options.Tls)}", nameof(options));
        }
    }

    private static IEnumerable<MemcachedListener> Asked(MemcachedServerOptions options)
        => options.Listeners is { Count: > 0 } listeners ? listeners
            : options.UdpEndPoints.Count > 0 ? []
            : [new IPEndPoint(IPAddress.Loopback, 11211)];

    private bool TryCount(Connection connection, TransportConnection transport)
    {
        if (_addresses is null || transport.Remote is not IPEndPoint { Address: { } address })
        {
            return true;
        }

        IPAddress owner = AddressLimit.OwnerOf(address);
        bool enters = _addresses.TryEnter(owner);
        connection.CountedAddress = enters ? owner : null;
        return enters;
    }

    private void Uncount(Connection connection)
    {
        if (connection.CountedAddress is { } address)
        {
            connection.CountedAddress = null;
            _addresses!.Leave(address);
        }
    }

    private void Begin(Connection connection, TransportConnection transport, long id)
    {
        _server.Counters.Add(WireCounter.Connections);
        if (_server.Logger.IsEnabled(LogLevel.Debug))
        {
            ServerLog.Opened(_server.Logger, id, transport.Remote);
        }

        if (Volatile.Read(ref _stopped) != 0)
        {
            // It came too late to be among those that were told to stop.
            connection.Stop();
        }

        if (Volatile.Read(ref _handOver) is { } handOver)
        {
            connection.Release(handOver);
        }
    }

    private void End(Connection connection)
    {
        long id = connection.Id;
        Uncount(connection);
        _server.Connections.Remove(id);
        _pool.Return(connection);
        ServerLog.Closed(_server.Logger, id);
    }

    private MemcachedTls Tls(MemcachedListener listener) => listener.Tls ?? (_server.Tls is null ? MemcachedTls.Off : MemcachedTls.On);

    private SocketsTransport TlsTransport(MemcachedTls kind) => new(
        Sockets(_server.Options, _server.Logger),
        _server.Engine.Clock,
        _server.Logger,
        (client, local) => new TlsTransportConnection(client, local, _server.Tls!, kind));

    private static ListeningSockets Sockets(MemcachedServerOptions options, ILogger logger)
        => new(options.Backlog, options.UnixSocketMode, logger, options.Listening);

    private static ITransport Transport(Engine engine, MemcachedServerOptions options, ILogger logger)
    {
        ListeningSockets listening = Sockets(options, logger);
        return options.ChosenTransport switch
        {
            MemcachedTransport.Sockets => new SocketsTransport(listening, engine.Clock, logger),
            MemcachedTransport.IoUring when options.Transport == MemcachedTransport.Auto => new FallbackTransport(
                () => UringTransport.NewLoops(options.Threads), () => EpollTransport.NewLoops(options.Threads), listening, engine.Clock, logger),
            MemcachedTransport.IoUring when UringTransport.IsSupported => new UringTransport(options.Threads, listening, engine.Clock, logger),
            MemcachedTransport.IoUring => throw new PlatformNotSupportedException(
                $"{nameof(options.Transport)}: {options.Transport} cannot be had here: {UringTransport.Obstacle}"),
            _ when EpollTransport.IsSupported => new EpollTransport(options.Threads, listening, engine.Clock, logger),
            _ => throw new PlatformNotSupportedException($"{nameof(options.Transport)}: {options.Transport} is for Linux only"),
        };
    }

    private static async Task RejectAsync(TransportConnection transport)
    {
        try
        {
            await transport.Pipe.Output.WriteAsync(Replies.TooManyConnections.ToArray()).ConfigureAwait(false);
            await transport.FinishAsync().ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is IOException or SocketException or InvalidOperationException)
        {
            // Gone without waiting for the refusal.
        }
    }

    private void CloseIdle()
    {
        long now = _server.Engine.Clock.Read().UnixMilliseconds;
        foreach (Connection connection in _server.Connections.All())
        {
            if (connection.IsIdle(now))
            {
                connection.StopIfIdle();
            }
        }
    }

    private sealed class ConnectionPolicy(ServerContext server, Action<Connection> ended) : PooledObjectPolicy<Connection>
    {
        public override Connection Create()
        {
            server.Connections.CountStructure();
            return new Connection(server, ended);
        }

        public override bool Return(Connection connection) => true;
    }
}
