using System.CommandLine;

namespace LivenessEngine.Daemon.CommandLine;

/// <summary>The options of the daemon: memcached's, under memcached's names, and the engine's own.</summary>
internal sealed class ServeOptions
{
    public Option<int> Port { get; } = new("--port", "-p")
    {
        Description = "TCP port to listen on, -1 for a free one",
        DefaultValueFactory = _ => 11211,
    };

    public Option<int> UdpPort { get; } = new("--udp-port", "-U")
    {
        Description = "UDP port to take requests at, on the addresses of -l; 0 (default) is none, -1 a free one",
    };

    public Option<string?> UnixSocket { get; } = new("--unix-socket", "-s")
    {
        Description = "unix socket to listen on (and on no TCP port)",
    };

    public Option<string> UnixMask { get; } = new("--unix-mask", "-a")
    {
        Description = "access mask of the unix socket, octal",
        DefaultValueFactory = _ => "700",
    };

    public Option<bool> EnableShutdown { get; } = new("--enable-shutdown", "-A") { Description = "enable the shutdown command" };

    public Option<string[]> Listen { get; } = new("--listen", "-l")
    {
        Description = "address to listen on, host or host:port, * for every address; may be repeated or a list with commas; "
            + "proto[ascii]: or proto[binary]: before it is -B for this address alone "
            + "(default: 127.0.0.1; memcached's own default is every address)",
        AllowMultipleArgumentsPerToken = false,
    };

    public Option<bool> CoreFiles { get; } = new("--enable-coredumps", "-r") { Description = "core files of any size" };

    public Option<bool> License { get; } = new("--license", "-i") { Description = "say under which licences the parts are, and exit" };

    public Option<bool> Daemonize { get; } = new("--daemon", "-d") { Description = "run in the background" };

    public Option<string?> User { get; } = new("--user", "-u") { Description = "user to run as (only when started by root)" };

    public Option<int> MemoryLimit { get; } = new("--memory-limit", "-m")
    {
        Description = "item memory in megabytes",
        DefaultValueFactory = _ => 64,
    };

    public Option<bool> DisableEvictions { get; } = new("--disable-evictions", "-M")
    {
        Description = "refuse to store when memory is used up, instead of evicting",
    };

    public Option<int> ConnectionLimit { get; } = new("--conn-limit", "-c")
    {
        Description = "connections at a time",
        DefaultValueFactory = _ => 1024,
    };

    public Option<bool> LockMemory { get; } = new("--lock-memory", "-k") { Description = "lock all memory as it is taken" };

    public Option<bool> LargePages { get; } = new("--enable-largepages", "-L")
    {
        Description = "large memory pages; used anyway where the system allows",
    };

    public Option<bool[]> Verbose { get; } = new("--verbose", "-v")
    {
        Description = "verbose; -vv also logs every request",
        Arity = ArgumentArity.Zero,
    };

    public Option<string?> PidFile { get; } = new("--pidfile", "-P") { Description = "file to write the process number to" };

    public Option<string?> Delimiter { get; } = new("--stat-delimiter", "-D")
    {
        Description = "what ends a key's prefix for 'stats detail' (default ':'); turns its collection on",
    };

    public Option<int> Threads { get; } = new("--threads", "-t")
    {
        Description = "threads that serve connections",
        DefaultValueFactory = _ => 4,
    };

    public Option<int?> RequestsPerEvent { get; } = new("--max-reqs-per-event", "-R")
    {
        Description = "requests of a connection in a row before it is the others' turn (default: 64 KiB of requests and replies, "
            + "which count in any case; memcached's own default is 20)",
    };

    public Option<bool> DisableCas { get; } = new("--disable-cas", "-C") { Description = "no versions for cas" };

    public Option<int> Backlog { get; } = new("--listen-backlog", "-b")
    {
        Description = "connections that may wait to be accepted",
        DefaultValueFactory = _ => 1024,
    };

    public Option<string> Protocol { get; } = new("--protocol", "-B")
    {
        Description = "what clients speak: ascii, binary, or auto, which their first byte tells",
        DefaultValueFactory = _ => "auto",
    };

    public Option<string> MaxItemSize { get; } = new("--max-item-size", "-I")
    {
        Description = "largest item, 1k to 1024m",
        DefaultValueFactory = _ => "1m",
    };

    public Option<bool> DisableFlush { get; } = new("--disable-flush-all", "-F") { Description = "disable flush_all" };

    public Option<bool> DisableDumping { get; } = new("--disable-dumping", "-X") { Description = "disable stats cachedump and lru_crawler metadump" };

    public Option<bool> DisableWatch { get; } = new("--disable-watch", "-W") { Description = "disable watch" };

    public Option<string?> GrowthFactor { get; } = new("--slab-growth-factor", "-f") { Description = "accepted, without effect here" };

    public Option<string?> ChunkSize { get; } = new("--slab-min-size", "-n") { Description = "accepted, without effect here" };

    public Option<string?> NapiIds { get; } = new("--napi_ids", "-N") { Description = "accepted, without effect here" };

    public Option<string?> MemoryFile { get; } = new("--memory-file", "-e") { Description = "refused: --state-file keeps items over a restart" };

    public Option<int> ConnectionsPerAddress { get; } = new("--max-conns-per-ip")
    {
        Description = "connections at a time from one address; 0 is as many as -c allows",
    };

    public Option<string?> AuthFile { get; } = new("--auth-file", "-Y")
    {
        Description = "file of those who may use the daemon, lines of user:password, up to 8; read again on SIGHUP and refresh_certs",
    };

    public Option<bool> EnableSasl { get; } = new("--enable-sasl", "-S")
    {
        Description = "clients speak the binary protocol, and say who they are by SASL PLAIN; the file of users is $MEMCACHED_SASL_PWDB, "
            + "or that of -Y, with which clients of the text protocol are served too",
    };

    public Option<bool> EnableSsl { get; } = new("--enable-ssl", "-Z")
    {
        Description = "clients come by TLS, but for addresses with notls: before them; needs -o ssl_chain_cert=FILE",
    };

    public Option<string[]> Extended { get; } = new("--extended", "-o")
    {
        Description = "memcached's extended options, with commas: idle_timeout=<seconds> and ssl_... work; those that tune memcached's "
            + "insides are accepted, those of external storage (ext_...) refused",
    };

    public Option<string> Transport { get; } = new("--transport")
    {
        Description = "how bytes arrive: io_uring (Linux 6.1, where it is allowed), epoll (Linux), sockets (every system), or auto: the first of them that can be had",
        DefaultValueFactory = _ => "auto",
    };

    public Option<double> ServiceDownTime { get; } = new("--service-down-time")
    {
        Description = "seconds that a member may be silent and still be up (Nova's service_down_time)",
        DefaultValueFactory = _ => 60,
    };

    public Option<double> ReportInterval { get; } = new("--report-interval")
    {
        Description = "seconds between the heartbeats of a member (Nova's report_interval)",
        DefaultValueFactory = _ => 10,
    };

    public Option<string[]> Groups { get; } = new("--groups")
    {
        Description = "groups whose members report here under keys group:member, with commas; * for all "
            + "(default: compute,conductor,scheduler,console,consoleauth,cert,network)",
    };

    public Option<string> Verdict { get; } = new("--verdict")
    {
        Description = "what Nova's heartbeats are to who reads them: authoritative, found exactly while the engine calls the "
            + "member up, or passthrough, items as in memcached, judged by the reader's clock",
        DefaultValueFactory = _ => "authoritative",
    };

    public Option<bool> FlushHeartbeats { get; } = new("--flush-heartbeats")
    {
        Description = "flush_all takes the items of members away too, as in memcached",
    };

    public Option<string?> Database { get; } = new("--database")
    {
        Description = "Nova's database as an SQLAlchemy URL ([database] connection): arrivals go through to its services table, "
            + "and who is registered comes from there",
    };

    public Option<string[]> ConfigFiles { get; } = new("--config-file")
    {
        Description = "Nova's configuration, for service_down_time, report_interval and [database] connection; may be repeated",
    };

    public Option<double> BridgeInterval { get; } = new("--bridge-interval")
    {
        Description = "seconds between exchanges with the database, 0.1 to 60: how much later than this engine another one "
            + "with the same database knows of a heartbeat",
        DefaultValueFactory = _ => 1,
    };

    public Option<string?> StateFile { get; } = new("--state-file")
    {
        Description = "file that keeps members and items over a restart, or none (default: liveness-[ADDRESS-]PORT.state in $STATE_DIRECTORY, "
            + "else $XDG_STATE_HOME/liveness, else ~/.local/state/liveness, for root /var/lib/liveness)",
    };

    public Option<double> BrakeShare { get; } = new("--brake-share")
    {
        Description = "when more than this share of a group would go down at once, they are suspects first; 0 to 1, 0 is off",
        DefaultValueFactory = _ => 0.5,
    };

    public Option<int> BrakeSize { get; } = new("--brake-size")
    {
        Description = "members that a group must have for that; 0 is off",
        DefaultValueFactory = _ => 10,
    };

    public Option<bool> TakeOver { get; } = new("--take-over")
    {
        Description = "take over from the daemon that listens there now, if there is one: it hands over its sockets and "
            + "connections and ends, and no client notices",
    };

    public IEnumerable<Option> All =>
    [
        Port, UdpPort, UnixSocket, UnixMask, EnableShutdown, Listen, Daemonize, User, MemoryLimit, DisableEvictions,
        ConnectionLimit, LockMemory, LargePages, Verbose, PidFile, Delimiter, Threads, RequestsPerEvent, DisableCas, Backlog,
        Protocol, MaxItemSize, DisableFlush, DisableDumping, DisableWatch, CoreFiles, License, GrowthFactor, ChunkSize, NapiIds,
        MemoryFile, AuthFile, EnableSasl, EnableSsl, ConnectionsPerAddress, Extended, Transport, ServiceDownTime, ReportInterval, Groups,
        Verdict, FlushHeartbeats, Database, ConfigFiles, BridgeInterval, StateFile, BrakeShare, BrakeSize, TakeOver,
    ];

    public void AddTo(Command command)
    {
        foreach (Option option in All)
        {
            command.Add(option);
        }
    }

    /// <summary>What was asked for, checked.</summary>
    /// <exception cref="UsageException">A value is not allowed.</exception>
    public ServeSettings Read(ParseResult parsed) => new ServeSettingsReader(this, parsed).Read();
}
