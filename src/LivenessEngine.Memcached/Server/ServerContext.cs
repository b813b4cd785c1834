using System.Net;
using LivenessEngine.Memcached.Server.Administration;
using LivenessEngine.Memcached.Server.Authentication;
using LivenessEngine.Memcached.Server.Watching;
using LivenessEngine.Memcached.Transports.Tls;
using LivenessEngine.Table;
using LivenessEngine.Time;
using Microsoft.Extensions.Logging;

namespace LivenessEngine.Memcached.Server;

/// <summary>What all connections of a server share.</summary>
internal sealed class ServerContext
{
    /// <summary>The release whose protocol is spoken; clients choose features by it.</summary>
    public const string ProtocolVersion = "1.6.45";

    private const ulong MaxVerbosity = 2;

    private readonly Action<Moment> _nameMembers;
    private int _verbosity;

    public ServerContext(Engine engine, MemcachedServerOptions options, ILogger logger)
    {
        Engine = engine;
        Options = options;
        Transport = options.ChosenTransport;
        Logger = logger;
        Tls = options.Tls is { } tls ? new TlsHandshakes(tls, engine.Options.TimeProvider) : null;
        Authentication = options.AuthenticationFile is { } file ? new AuthenticationFile(file, logger) : null;
        Members = new MemberRule(engine.Groups, engine.Register, options.Groups is { Count: > 0 } groups ? [.. groups] : MemberRule.NovaTopics);
        Heartbeats = new Heartbeats(engine, Members, options);
        engine.Table.VerdictsDecide = Heartbeats.IsAuthoritative;
        _nameMembers = new UnnamedMembers(engine, Members).Name;
        engine.BeforeSweep(_nameMembers);
        Prefixes = new PrefixStats(options.PrefixDelimiter) { IsCollecting = options.CollectDetail };
        Items = new ItemCounters(engine.Table.Counters);
        Events = new EventLog(Counters);
        ItemLog = new ItemLog(Events, engine.Table, engine.Options.TimeProvider);
        ConnectionLog = new ConnectionLog(Events, engine.Options.TimeProvider);
        engine.Table.Evicted += ItemLog.Evicted;
        Connections = new ConnectionRegistry(new Suspension(engine.Clock));
        Sessions = new Sessions(this);
        Started = engine.Read();
    }

    public Engine Engine { get; }

    public LivenessTable Table => Engine.Table;

    public MemcachedServerOptions Options { get; }

    /// <summary>How bytes arrive; settled when the server begins to listen.</summary>
    public MemcachedTransport Transport { get; set; }

    public ILogger Logger { get; }

    /// <summary>Who may use the server; null for everybody.</summary>
    public AuthenticationFile? Authentication { get; }

    /// <summary>What TLS is done with; null for no TLS.</summary>
    public TlsHandshakes? Tls { get; }

    public MemberRule Members { get; }

    public Heartbeats Heartbeats { get; }

    public ServerCounters Counters { get; } = new();

    public ItemCounters Items { get; }

    /// <summary>Threads that serve connections, as -t asked for.</summary>
    public int Threads => Options.Threads;

    public PrefixStats Prefixes { get; }

    /// <summary>What is logged for those who watch.</summary>
    public EventLog Events { get; }

    public ItemLog ItemLog { get; }

    public ConnectionLog ConnectionLog { get; }

    public Maintenance Maintenance { get; } = new();

    public ConnectionRegistry Connections { get; }

    /// <summary>After how many requests in a row it is the others' turn.</summary>
    public int RequestsInARow => Options.RequestsPerEvent > 0 ? Options.RequestsPerEvent : int.MaxValue;

    /// <summary>The addresses that datagrams come to.</summary>
    public IReadOnlyList<IPEndPoint> Udp { get; set; } = [];

    public Sessions Sessions { get; }

    /// <summary>When the server was made.</summary>
    public Moment Started { get; }

    /// <summary>What a client asked for with "shutdown"; null while none did. Gets true for a graceful one.</summary>
    public event Action<bool>? ShutdownRequested;

    /// <summary>How much is logged: 2 logs every request line (memcached -vv).</summary>
    public int Verbosity => Volatile.Read(ref _verbosity);

    /// <summary>Sets it, to 2 where more is asked for.</summary>
    public void SetVerbosity(ulong level) => Volatile.Write(ref _verbosity, (int)Math.Min(level, MaxVerbosity));

    /// <summary>Begins all counts anew ("stats reset").</summary>
    public void ResetCounters()
    {
        Counters.Reset();
        Items.Reset();
        Prefixes.Clear();
    }

    /// <summary>Flushes now, or after a delay, as it came on the wire: what is more than 30 days is a time.</summary>
    public void Flush(long delay, in Moment now)
    {
        if (delay > 0)
        {
            Table.FlushAt(Expiry.ToDeadline(delay, now.UnixMilliseconds), Options.FlushHeartbeats);
        }
        else
        {
            Table.Flush(Options.FlushHeartbeats);
        }

        if (!Options.FlushHeartbeats)
        {
            Heartbeats.Figures.FlushSpares();
        }
    }

    /// <summary>Lets go of the engine, which outlives the server.</summary>
    public void Leave()
    {
        Table.Evicted -= ItemLog.Evicted;
        Engine.ForgetBeforeSweep(_nameMembers);
    }

    public void RequestShutdown(bool graceful) => ShutdownRequested?.Invoke(graceful);
}
