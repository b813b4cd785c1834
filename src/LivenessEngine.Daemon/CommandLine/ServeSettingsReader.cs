using System.CommandLine;
using System.Globalization;
using System.Net;
using LivenessEngine.Configuration;
using LivenessEngine.Memcached;
using LivenessEngine.Memcached.Transports.Uring;

namespace LivenessEngine.Daemon.CommandLine;

/// <summary>Checks the daemon's options, with memcached's messages and exit codes where memcached has the option.</summary>
internal sealed class ServeSettingsReader(ServeOptions options, ParseResult parsed)
{
    private const int Megabyte = 1 << 20;
    private const long LargestMemory = 1L << 41;
    private const double LeastBridgeInterval = 0.1;
    private const double LongestBridgeInterval = 60;

    private readonly List<string> _warnings = [];

    /// <exception cref="UsageException">A value is not allowed.</exception>
    public ServeSettings Read()
    {
        RequirePositive(options.ConnectionLimit, "Maximum connections must be greater than 0");
        RequirePositive(options.Threads, "Number of threads must be greater than 0");
        if (parsed.GetValue(options.RequestsPerEvent) is <= 0 and var requests)
        {
            throw new UsageException($"Number of requests per event must be greater than 0 ({options.RequestsPerEvent.Name} {requests})");
        }

        RequirePositive(options.Backlog, "Listen backlog must be greater than 0");
        RequirePositive(options.MemoryLimit, "Memory limit must be at least 1 megabyte", ExitCode.Usage);
        if (parsed.GetValue(options.MemoryFile) is { } file)
        {
            throw new UsageException($"-e {file}: items are not kept in a file of memcached's; --state-file {file} keeps them, and members, over a restart", ExitCode.Usage);
        }

        long memory = (long)parsed.GetValue(options.MemoryLimit) * Megabyte;
        if (memory > LargestMemory)
        {
            throw new UsageException($"Memory limit of {parsed.GetValue(options.MemoryLimit)} megabytes is too large; allowed is up to {LargestMemory / Megabyte}", ExitCode.Usage);
        }

        ServiceGroupConfiguration? nova = parsed.GetValue(options.ConfigFiles) is { Length: > 0 } files
            ? ServiceGroupConfiguration.Read(Places.Configuration(files))
            : null;
        var extended = ExtendedOptions.Parse(parsed.GetValue(options.Extended) ?? []);
        NoteWhatHasNoEffect(extended);
        var addresses = new ListenerReader(options, parsed);
        if (addresses.ReadUnused() is { } unused)
        {
            _warnings.Add(unused);
        }

        MemcachedServerOptions server = ReadServer();
        server.IdleTimeout = extended.IdleTimeout;
        new SecurityReader(options, parsed, extended, _warnings).ReadInto(server);
        foreach (IPEndPoint endPoint in addresses.ReadUdp())
        {
            server.UdpEndPoints.Add(endPoint);
        }

        IReadOnlyList<MemcachedListener> listeners = addresses.Read();
        if (server.Tls is { ClientAuthorities: null } && listeners.Any(listener => listener.Tls == MemcachedTls.Mutual))
        {
            throw new UsageException("-l mtls: needs the roots of the clients' certificates: -o ssl_ca_cert=FILE", ExitCode.Usage);
        }

        return new ServeSettings
        {
            Listeners = listeners,
            Server = server,
            MemoryLimit = memory,
            Evict = !parsed.GetValue(options.DisableEvictions),
            MaxItemSize = ReadItemSize(memory),
            ServiceDownTime = ReadSeconds(options.ServiceDownTime, nova?.ServiceDownTime),
            ReportInterval = ReadSeconds(options.ReportInterval, nova?.ReportInterval),
            DatabaseUrl = parsed.GetValue(options.Database) ?? nova?.DatabaseUrl,
            DatabasePlace = parsed.GetValue(options.Database) is null ? nova?.DatabasePlace ?? "" : options.Database.Name,
            BridgeInterval = TimeSpan.FromSeconds(ReadNumber(options.BridgeInterval, LeastBridgeInterval, LongestBridgeInterval, "seconds, 0.1 to 60")),
            StateFile = ReadStateFile(),
            BrakeShare = ReadNumber(options.BrakeShare, 0, 1, "a share, 0 to 1"),
            BrakeSize = (int)ReadNumber(options.BrakeSize, 0, int.MaxValue, "a number of members, 0 or more"),
            TakeOver = ReadTakeOver(listeners.Count),
            Verbosity = Math.Min(parsed.GetResult(options.Verbose)?.IdentifierTokenCount ?? 0, 2),
            Daemonize = parsed.GetValue(options.Daemonize),
            User = parsed.GetValue(options.User),
            PidFile = parsed.GetValue(options.PidFile),
            CoreFiles = parsed.GetValue(options.CoreFiles),
            LockMemory = parsed.GetValue(options.LockMemory),
            TracksSizes = extended.TracksSizes,
            CrawlsForExpired = extended.CrawlsForExpired,
            Warnings = _warnings,
        };
    }

    private MemcachedServerOptions ReadServer()
    {
        var server = new MemcachedServerOptions
        {
            MaxConnections = parsed.GetValue(options.ConnectionLimit),
            Protocol = ReadProtocol(),
            Transport = ReadTransport(),
            Threads = parsed.GetValue(options.Threads),
            Backlog = parsed.GetValue(options.Backlog),
            AllowFlush = !parsed.GetValue(options.DisableFlush),
            AllowShutdown = parsed.GetValue(options.EnableShutdown),
            UseCas = !parsed.GetValue(options.DisableCas),
            Verdict = ReadVerdict(),
            FlushHeartbeats = parsed.GetValue(options.FlushHeartbeats),
            RequestsPerEvent = parsed.GetValue(options.RequestsPerEvent) ?? 0,
            AllowDump = !parsed.GetValue(options.DisableDumping),
            AllowWatch = !parsed.GetValue(options.DisableWatch),
            UnixSocketMode = ReadMask(),
        };
        if (parsed.GetValue(options.Delimiter) is { } delimiter)
        {
            server.PrefixDelimiter = delimiter.Length > 0 ? delimiter[0] : throw new UsageException("No delimiter specified");
            server.CollectDetail = true;
        }

        foreach (string group in (parsed.GetValue(options.Groups) ?? []).SelectMany(list => list.Split(',', StringSplitOptions.RemoveEmptyEntries)))
        {
            bool valid = group == "*" || group.All(c => c is > ' ' and not '\u007f' and not ':');
            server.Groups.Add(valid ? group : throw new UsageException(
                $"--groups: '{group}' is no group's name; allowed is anything without white space, control characters and ':'", ExitCode.Usage));
        }

        return server;
    }

    private MemcachedProtocol ReadProtocol() => parsed.GetValue(options.Protocol) switch
    {
        "auto" => MemcachedProtocol.Auto,
        "ascii" => MemcachedProtocol.Ascii,
        "binary" => MemcachedProtocol.Binary,
        var other => throw new UsageException($"Invalid value for binding protocol: {other}\n -- should be one of auto, binary, or ascii", ExitCode.Usage),
    };

    private HeartbeatVerdict ReadVerdict() => parsed.GetValue(options.Verdict) switch
    {
        "authoritative" => HeartbeatVerdict.Authoritative,
        "passthrough" => HeartbeatVerdict.Passthrough,
        string other => throw new UsageException($"--verdict: '{other}' is not allowed; it takes authoritative or passthrough", ExitCode.Usage),
        null => throw new UsageException("--verdict takes authoritative or passthrough", ExitCode.Usage),
    };

    private MemcachedTransport ReadTransport() => parsed.GetValue(options.Transport) switch
    {
        "auto" => MemcachedTransport.Auto,
        "epoll" => OperatingSystem.IsLinux() ? MemcachedTransport.Epoll : throw new UsageException("--transport: epoll works on Linux only", ExitCode.Usage),
        "io_uring" => UringTransport.Obstacle is { } obstacle
            ? throw new UsageException($"--transport: io_uring cannot be had here ({obstacle}); auto takes the fastest that can", ExitCode.Usage)
            : MemcachedTransport.IoUring,
        "sockets" => MemcachedTransport.Sockets,
        var other => throw new UsageException($"--transport: '{other}' is not allowed; it takes auto, epoll, io_uring or sockets", ExitCode.Usage),
    };

    private UnixFileMode ReadMask()
    {
        string mask = parsed.GetValue(options.UnixMask)!;
        try
        {
            int mode = Convert.ToInt32(mask, 8);
            return mode is >= 0 and <= 0x1FF
                ? (UnixFileMode)mode
                : throw new UsageException($"-a: '{mask}' is no access mask; allowed is octal, 0 to 777", ExitCode.Usage);
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException or OverflowException)
        {
            throw new UsageException($"-a: '{mask}' is no access mask; allowed is octal, 0 to 777", ExitCode.Usage);
        }
    }

    private int ReadItemSize(long memory)
    {
        string text = parsed.GetValue(options.MaxItemSize)!;
        int unit = text.Length == 0 ? 1 : char.ToLowerInvariant(text[^1]) switch
        {
            'k' => 1024,
            'm' => Megabyte,
            _ => 1,
        };
        string digits = unit == 1 ? text : text[..^1];
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long size))
        {
            throw new UsageException($"-I: '{text}' is no size; allowed is a number with k or m behind it, 1k to 1024m", ExitCode.Usage);
        }

        size *= unit;
        return size < 1024 ? throw new UsageException("Item max size cannot be less than 1024 bytes.", ExitCode.Usage)
            : size > 1024L * Megabyte ? throw new UsageException("Cannot set item size limit higher than a gigabyte.", ExitCode.Usage)
            : size > memory / 2 ? throw new UsageException("Cannot set item size limit higher than 1/2 of memory max.", ExitCode.Usage)
            : (int)size;
    }

    // What the command line says counts before what the configuration says.
    private TimeSpan ReadSeconds(Option<double> option, TimeSpan? configured)
    {
        if (configured is { } time && parsed.GetResult(option) is null or { Implicit: true })
        {
            return time;
        }

        double seconds = parsed.GetValue(option);

        // Timers count milliseconds.
        return seconds is >= 0.001 and <= 86_400
            ? TimeSpan.FromSeconds(seconds)
            : throw new UsageException($"{option.Name}: {seconds.ToString(CultureInfo.InvariantCulture)} is not allowed; it takes seconds, 0.001 to 86400", ExitCode.Usage);
    }

    private double ReadNumber<T>(Option<T> option, double least, double most, string allowed)
    {
        double value = Convert.ToDouble(parsed.GetValue(option), CultureInfo.InvariantCulture);
        return value >= least && value <= most
            ? value
            : throw new UsageException($"{option.Name}: {value.ToString(CultureInfo.InvariantCulture)} is not allowed; it takes {allowed}", ExitCode.Usage);
    }

    private string? ReadStateFile() => parsed.GetValue(options.StateFile) switch
    {
        null => "",
        "none" => null,
        { Length: > 0 } path when !Path.EndsInDirectorySeparator(path) && !Directory.Exists(path) => Path.GetFullPath(path),
        var path => throw new UsageException($"--state-file: '{path}' is no file; it takes the path of a file, or none", ExitCode.Usage),
    };

    private bool ReadTakeOver(int listeners)
        => parsed.GetValue(options.TakeOver) && (
            !OperatingSystem.IsLinux() ? throw new UsageException("--take-over: works on Linux only", ExitCode.Usage)
            : listeners == 0 ? throw new UsageException("--take-over: there are no connections to take over by UDP alone (-p 0)", ExitCode.Usage)
            : true);

    // One line for all of them: who starts memcached with a list like modern need not read ten.
    private void NoteWhatHasNoEffect(ExtendedOptions extended)
    {
        double factor = ReadTuning(options.GrowthFactor, "Factor must be greater than 1", number => number > 1);
        double chunk = ReadTuning(options.ChunkSize, "Chunk size must be greater than 0", number => number > 0);
        double napi = ReadTuning(options.NapiIds, "Maximum number of NAPI IDs must be greater than 0", number => number > 0);
        string[] without =
        [
            .. factor > 0 ? [$"-f {parsed.GetValue(options.GrowthFactor)}"] : Array.Empty<string>(),
            .. chunk > 0 ? [$"-n {parsed.GetValue(options.ChunkSize)}"] : Array.Empty<string>(),
            .. napi > 0 ? [$"-N {parsed.GetValue(options.NapiIds)}"] : Array.Empty<string>(),
            .. extended.WithoutEffect.Select(option => $"-o {option}"),
        ];
        if (without.Length > 0)
        {
            _warnings.Add($"liveness: accepted, and without effect here: {string.Join(", ", without)}");
        }
    }

    // A number as C's atoi and atof read one: what is none is 0.
    private double ReadTuning(Option<string?> option, string message, Func<double, bool> isAllowed)
    {
        if (parsed.GetValue(option) is not { } text)
        {
            return 0;
        }

        double number = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double read) ? read : 0;
        return isAllowed(number) ? number : throw new UsageException($"{message} ({option.Name} {text})");
    }

    private void RequirePositive(Option<int> option, string message, int exitCode = ExitCode.Failure)
    {
        if (parsed.GetValue(option) is <= 0 and var value)
        {
            throw new UsageException($"{message} ({option.Name} {value})", exitCode);
        }
    }
}
