using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using LivenessEngine.Daemon.CommandLine;
using LivenessEngine.Database.Services;
using LivenessEngine.Memcached;
using LivenessEngine.Table;
using Microsoft.Extensions.Logging;

namespace LivenessEngine.Daemon.Serving;

/// <summary>Runs the daemon until a signal or a client ends it.</summary>
internal static class ServeCommand
{
    private const long LeastReserve = 1L << 30;
    private const int ReserveFactor = 16;

    private static readonly TimeSpan RegisterLimit = TimeSpan.FromSeconds(1);

    // By its number, because the enumeration lacks it.
    private const PosixSignal Usr1 = (PosixSignal)10;

    /// <summary>Runs until a client sends "shutdown", where that is allowed, or the token is cancelled; returns the exit code.</summary>
    /// <exception cref="UsageException">It could not be started; the message says why.</exception>
    public static async Task<int> RunAsync(ServeSettings settings, bool announce, CancellationToken stop)
    {
        foreach (string warning in settings.Warnings)
        {
            await Console.Error.WriteLineAsync(warning).ConfigureAwait(false);
        }

        UseInlineCompletions(settings.Server.Threads);
        using ILoggerFactory logging = LoggerFactory.Create(builder => Configure(builder, settings.Verbosity));
        ILogger<MemcachedServer> logger = logging.CreateLogger<MemcachedServer>();
        await using Engine engine = CreateEngine(settings, logger);
        foreach (EndPoint endPoint in settings.EndPoints)
        {
            settings.Server.EndPoints.Add(endPoint);
        }

        await using ServiceBridge? bridge = Bridge(settings, engine, logger);
        if (bridge is not null)
        {
            // So that the first heartbeats find out whose they are; a database that is slow holds up nobody.
            await Task.WhenAny(bridge.Begun, Task.Delay(RegisterLimit, stop)).ConfigureAwait(false);
        }

        await using var server = new MemcachedServer(engine, settings.Server, logger);
        server.Context.Verbosity = settings.Verbosity;
        Start(server);
        Settle(settings);
        if (announce)
        {
            Announcement.Write(Console.Out, server.EndPoints, engine.Options.ServiceDownTime);
        }

        // As in memcached: a hang-up is nothing to a daemon, and SIGUSR1 asks for a graceful end.
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => signal.Cancel = true);
        using PosixSignalRegistration? user = OperatingSystem.IsLinux() ? PosixSignalRegistration.Create(Usr1, End) : null;
        var signalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (stop.Register(signalled.SetResult))
        {
            await Task.WhenAny(signalled.Task, server.ShutdownRequested).ConfigureAwait(false);
        }

        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            server.Context.RequestShutdown(graceful: true);
        }

        // With the time that it takes to drain: the token has been cancelled already.
        await server.StopAsync(CancellationToken.None).ConfigureAwait(false);
        if (settings.PidFile is { } pidFile)
        {
            RemovePidFile(pidFile);
        }

        return ExitCode.Success;
    }

    // Whoever gave up root (-u) may not be allowed to; memcached says so too, and ends well.
    private static void RemovePidFile(string pidFile)
    {
        try
        {
            File.Delete(pidFile);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"Could not remove the pid file {pidFile}: {fault.Message}");
        }
    }

    private static ServiceBridge? Bridge(ServeSettings settings, Engine engine, ILogger logger)
        => settings.DatabaseUrl is null
            ? null
            : new ServiceBridge(engine, ServicesTableStoreFactory.Create(settings.DatabaseUrl, settings.DatabasePlace, engine.Options.TimeProvider), settings.ReportInterval, logger);

    // The runtime reads both once, when its socket engine starts: replies then leave on the thread that read the request,
    // and -t is the number of such threads.
    private static void UseInlineCompletions(int threads)
    {
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", threads.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private static void Configure(ILoggingBuilder builder, int verbosity) => builder
        .SetMinimumLevel(verbosity switch { 0 => LogLevel.Warning, 1 => LogLevel.Information, _ => LogLevel.Debug })
        .AddSimpleConsole(console => console.SingleLine = true)
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);

    private static Engine CreateEngine(ServeSettings settings, ILogger logger)
    {
        TimeSpan downTime = ServiceGroupOptions.DownTime(settings.ReportInterval, settings.ServiceDownTime);
        if (downTime != settings.ServiceDownTime)
        {
            DaemonLog.DownTimeTooShort(logger, settings.ServiceDownTime, settings.ReportInterval, downTime);
        }

        var options = new EngineOptions { ServiceDownTime = downTime };
        var table = new TableOptions
        {
            MemoryLimit = settings.MemoryLimit,
            MemoryReserve = Math.Max(settings.MemoryLimit, Math.Min(
                Math.Max(settings.MemoryLimit * ReserveFactor, LeastReserve), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)),
            MaxItemSize = settings.MaxItemSize,
            Evict = settings.Evict,
        };
        try
        {
            return new Engine(options, table);
        }
        catch (InsufficientMemoryException) when (table.MemoryReserve > table.MemoryLimit)
        {
            // Little address space (ulimit -v): then cache_memlimit cannot go above -m.
            return new Engine(options, table with { MemoryReserve = 0 });
        }
    }

    private static void Start(MemcachedServer server)
    {
        try
        {
            server.Start();
        }
        catch (SocketException fault)
        {
            EndPoint failed = server.Context.Options.EndPoints[server.EndPoints.Count];
            string what = failed is IPEndPoint ip ? $"TCP port {ip.Port} of {ip.Address}" : $"UNIX socket: {failed}";
            throw new UsageException($"failed to listen on {what}: {fault.Message}", ExitCode.OperatingSystem);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"failed to listen on UNIX socket: {fault.Message}", ExitCode.OperatingSystem);
        }
    }

    // What is done once the ports are ours.
    private static void Settle(ServeSettings settings)
    {
        if (settings.LockMemory && !Privileges.TryLockMemory())
        {
            Console.Error.WriteLine("warning: -k: failed to lock memory; is there a limit (ulimit -l)?");
        }

        if (settings.PidFile is { } pidFile)
        {
            try
            {
                File.WriteAllText(pidFile, $"{Environment.ProcessId}\n");
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                throw new UsageException($"Could not write the pid file {pidFile}: {fault.Message}", ExitCode.OperatingSystem);
            }
        }

        if (settings.User is { } user)
        {
            Privileges.BecomeUser(user);
        }

        Background.TellReady();
    }
}
