using System.CommandLine;
using System.Globalization;
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
        RequirePositive(options.RequestsPerEvent, "Number of requests per event must be greater than 0");
        RequirePositive(options.Backlog, "Listen backlog must be greater than 0");
        RequirePositive(options.MemoryLimit, "Memory limit must be at least 1 megabyte", ExitCode.Usage);
        if (parsed.GetValue(options.UdpPort) != 0)
        {
            throw new UsageException("UDP is not available in this release; -U takes 0 only", ExitCode.Usage);
        }

        long memory = (long)parsed.GetValue(options.MemoryLimit) * Megabyte;
        if (memory > LargestMemory)
        {
            throw new UsageException($"Memory limit of {parsed.GetValue(options.MemoryLimit)} megabytes is too large; allowed is up to {LargestMemory / Megabyte}", ExitCode.Usage);
        }

        ServiceGroupConfiguration? nova = parsed.GetValue(options.ConfigFiles) is { Length: > 0 } files
            ? ServiceGroupConfiguration.Read(Places.Configuration(files))
            : null;
        return new ServeSettings
        {
            Listeners = new ListenerReader(options, parsed).Read(),
            Server = ReadServer(),
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
            TakeOver = ReadTakeOver(),
            Verbosity = Math.Min(parsed.GetResult(options.Verbose)?.IdentifierTokenCount ?? 0, 2),
            Daemonize = parsed.GetValue(options.Daemonize),
            User = parsed.GetValue(options.User),
            PidFile = parsed.GetValue(options.PidFile),
            LockMemory = parsed.GetValue(options.LockMemory),
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
            IdleTimeout = ExtendedOptions.Parse(parsed.GetValue(options.Extended) ?? []).IdleTimeout,
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

    private bool ReadTakeOver()
        => parsed.GetValue(options.TakeOver) && (OperatingSystem.IsLinux() ? true : throw new UsageException("--take-over: works on Linux only", ExitCode.Usage));

    private void RequirePositive(Option<int> option, string message, int exitCode = ExitCode.Failure)
    {
        if (parsed.GetValue(option) <= 0)
        {
            throw new UsageException(message, exitCode);
        }
    }
}
