using System.Net;
using LivenessEngine.Memcached.Transports;
using LivenessEngine.Memcached.Transports.Epoll;
using LivenessEngine.Memcached.Transports.Uring;

namespace LivenessEngine.Memcached;

/// <summary>Options of a <see cref="MemcachedServer"/>. Read once, when it is made. Defaults are memcached's where it has the option.</summary>
public sealed class MemcachedServerOptions
{
    /// <summary>
    /// Where to listen: an <see cref="IPEndPoint"/> or a <see cref="System.Net.Sockets.UnixDomainSocketEndPoint"/>, or a
    /// <see cref="MemcachedListener"/> that also says how its clients speak; port 0 takes a free one. Default
    /// 127.0.0.1:11211 (memcached's own default is every address).
    /// </summary>
    public IList<MemcachedListener> Listeners { get; } = [];

    /// <summary>
    /// Where to take requests by UDP; port 0 takes a free one. Default none (memcached -U 0). Anybody can send a datagram in
    /// somebody else's name, who gets the reply then: give no address here that strangers reach. Where there are some and no
    /// <see cref="Listeners"/>, there is no TCP.
    /// </summary>
    public IList<IPEndPoint> UdpEndPoints { get; } = [];

    /// <summary>
    /// Groups whose members report here, by keys <c>group:member</c>; <c>*</c> for all. Default: the topics of Nova's
    /// services (compute, conductor, scheduler, console, consoleauth, cert, network).
    /// </summary>
    public IList<string> Groups { get; } = [];

    /// <summary>Connections at a time; a further one is told so and closed. At least 1. Default 1024 (memcached -c).</summary>
    public int MaxConnections { get; set; } = 1024;

    /// <summary>
    /// Connections at a time from one address (one /64 of IPv6); a further one is told the same as one beyond
    /// <see cref="MaxConnections"/>. Unix sockets do not count. At least 0. Default 0: as many as there may be.
    /// </summary>
    public int MaxConnectionsPerAddress { get; set; }

    /// <summary>
    /// Which protocol is spoken where a listener does not say. Default <see cref="MemcachedProtocol.Auto"/>: what the client
    /// begins with (memcached -B).
    /// </summary>
    public MemcachedProtocol Protocol { get; set; }

    /// <summary>
    /// File of those who may use the server, lines of <c>user:password</c>; null (default) for everybody. A client of the
    /// text protocol begins with <c>set</c>, any key, and "user password" for its value (memcached -Y), one of the binary protocol
    /// with SASL PLAIN (memcached -S); nothing else is obeyed before that. Up to 8 users.
    /// </summary>
    public string? AuthenticationFile { get; set; }

    /// <summary>
    /// What TLS is done with; null (default) for no TLS. Clients come by TLS then, but for listeners that say otherwise
    /// (memcached -Z). They are served by the runtime's sockets, whatever <see cref="Transport"/> says.
    /// </summary>
    public MemcachedTlsOptions? Tls { get; set; }

    /// <summary>How bytes arrive. Default <see cref="MemcachedTransport.Auto"/>: the fastest that the system has.</summary>
    public MemcachedTransport Transport { get; set; }

    /// <summary>
    /// Threads that serve connections. At least 1. Default 4 (memcached -t). On <see cref="MemcachedTransport.Sockets"/> the
    /// runtime's own setting counts instead (DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT), which is one for the whole process.
    /// </summary>
    public int Threads { get; set; } = 4;

    /// <summary>
    /// How many requests of one connection are executed in a row before it is the others' turn, which it is after 64 KiB of
    /// requests and replies in any case; 0 (default) for no other limit than that. memcached's default is 20 (-R), which
    /// takes half as much CPU time again where a client sends a hundred requests in one go.
    /// </summary>
    public int RequestsPerEvent { get; set; }

    /// <summary>How many connections may wait to be accepted. At least 1. Default 1024 (memcached -b).</summary>
    public int Backlog { get; set; } = 1024;

    /// <summary>
    /// How long a connection may be silent before it is closed; zero (default) for ever. Nova's clients answer wrongly after
    /// a connection was closed on them, so leave it at zero for Nova.
    /// </summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.Zero;

    /// <summary>Whether flush_all is obeyed. Default true (memcached -F turns it off).</summary>
    public bool AllowFlush { get; set; } = true;

    /// <summary>
    /// What a recognised heartbeat of Nova's is to a client that reads it. Default
    /// <see cref="HeartbeatVerdict.Authoritative"/>: the engine's verdict. It holds for the engine, so for all its servers.
    /// </summary>
    public HeartbeatVerdict Verdict { get; set; }

    /// <summary>
    /// How far ahead of now the time of creation reads in a heartbeat whose member is up: more than any reader's clock may be
    /// ahead. From zero to a year. Default one hour.
    /// </summary>
    public TimeSpan HeartbeatAhead { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Whether flush_all takes away the items of members too, as memcached would. Default false: clients flush when they
    /// connect anew, and nobody dies of that.
    /// </summary>
    public bool FlushHeartbeats { get; set; }

    /// <summary>Whether the shutdown command is obeyed. Default false (memcached -A turns it on).</summary>
    public bool AllowShutdown { get; set; }

    /// <summary>Whether "stats cachedump" and "lru_crawler metadump" are obeyed. Default true (memcached -X turns them off).</summary>
    public bool AllowDump { get; set; } = true;

    /// <summary>Whether "watch" is obeyed. Default true (memcached -W turns it off).</summary>
    public bool AllowWatch { get; set; } = true;

    /// <summary>Whether items have versions for gets and cas. Default true (memcached -C turns it off).</summary>
    public bool UseCas { get; set; } = true;

    /// <summary>The character that ends a key's prefix in "stats detail". Default ':' (memcached -D).</summary>
    public char PrefixDelimiter { get; set; } = ':';

    /// <summary>Whether "stats detail" collects from the start. Default false (memcached -D turns it on).</summary>
    public bool CollectDetail { get; set; }

    /// <summary>Permissions of a unix socket. Default 0700 (memcached -a).</summary>
    public UnixFileMode UnixSocketMode { get; set; } = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Sockets that listen already; used for those of <see cref="Listeners"/> that are their addresses.</summary>
    internal IReadOnlyList<ListeningSocket> Listening { get; set; } = [];

    /// <summary>What <see cref="Transport"/> comes to on this system, as far as can be told before the server listens.</summary>
    internal MemcachedTransport ChosenTransport
        => Transport != MemcachedTransport.Auto ? Transport
            : UringTransport.IsSupported ? MemcachedTransport.IoUring
            : EpollTransport.IsSupported ? MemcachedTransport.Epoll
            : MemcachedTransport.Sockets;
}
