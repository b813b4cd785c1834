using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using LivenessEngine.Daemon.CommandLine;
using LivenessEngine.Daemon.Serving.Sockets;
using LivenessEngine.Database.Services;
using LivenessEngine.Memcached;
using LivenessEngine.Memcached.Transports;
using Microsoft.Extensions.Logging;

namespace LivenessEngine.Daemon.Serving;

/// <summary>Runs the daemon until a signal or a client ends it.</summary>
internal static class ServeCommand
{
    private static readonly TimeSpan RegisterLimit = TimeSpan.FromSeconds(1);

    // By its number, because the enumeration lacks it.
    private const PosixSignal Usr1 = (PosixSignal)10;

    /// <summary>Runs until a client sends "shutdown", where that is allowed, or the token is cancelled; returns the exit code.</summary>
    /// <exception cref="UsageException">It could not be started; the message says why.</exception>
    public static async Task<int> RunAsync(ServeSettings settings, bool announce, CancellationToken stop)
    {
        if (settings.CoreFiles)
        {
            CoreFiles.Allow();
        }

        if (settings.Server.ChosenTransport == MemcachedTransport.Sockets)
        {
            UseInlineCompletions(settings.Server.Threads);
        }

        using ILoggerFactory logging = LoggerFactory.Create(builder => Configure(builder, settings.Verbosity));
        ILogger<MemcachedServer> logger = logging.CreateLogger<MemcachedServer>();
        using var notifier = new SystemdNotifier();
        ServerSockets sockets = ServerSockets.Open(settings, logger);
        foreach (MemcachedListener listener in sockets.Listeners(settings))
        {
            settings.Server.Listeners.Add(listener);
        }

        settings.Server.Listening = sockets.Listening;
        settings.Server.MaxConnections = DescriptorLimit.Connections(settings.Server.MaxConnections, settings.Server.Threads);
        await using Engine engine = EngineStart.Create(settings, sockets.Listening is [ListeningSocket first, ..] ? first.EndPoint : settings.Address, logger);

        await using var server = new MemcachedServer(engine, settings.Server, logger);
        server.Context.SetVerbosity((ulong)settings.Verbosity);
        server.Context.Maintenance.TracksSizes = settings.TracksSizes;
        server.Context.Table.CrawlsForExpired = settings.CrawlsForExpired;
        await using ServiceBridge? bridge = Bridge(settings, engine, logger);
        if (bridge is not null)
        {
            // So that the first heartbeats find out whose they are; a database that is slow holds up nobody.
            await Task.WhenAny(bridge.Begun, Task.Delay(RegisterLimit, stop)).ConfigureAwait(false);
        }

        // As in memcached: on a hang-up the authentication file is read again, and SIGUSR1 is a graceful end. Before anybody can
        // know that it runs, for without this either kills it.
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            server.Context.Authentication?.TryReload();
        });
        using PosixSignalRegistration? user = OperatingSystem.IsLinux() ? PosixSignalRegistration.Create(Usr1, signal =>
        {
            signal.Cancel = true;
            server.Context.RequestShutdown(graceful: true);
        }) : null;
        Start(server, () => Settle(settings, sockets, server));
        EndPoint[] addresses = [.. server.EndPoints, .. server.UdpEndPoints];
        foreach (Socket client in sockets.Clients)
        {
            server.Adopt(client);
        }

        // Time counts once everybody can be heard, those too who come from another process.
        engine.Clock.Resume();

        if (sockets.AreActivated && sockets.Clients.Count > 0)
        {
            notifier.Forget();
        }

        Background.TellReady();
        if (announce)
        {
            Announcement.Write(Console.Out, server.EndPoints, server.UdpEndPoints, engine.Options.ServiceDownTime);
        }

        using var takeOver = new TakeOverListener(addresses[0], logger);
        notifier.Ready($"listening on {string.Join<EndPoint>(", ", addresses)}");
        await UntilItEndsAsync(server, takeOver, stop).ConfigureAwait(false);
        notifier.Stopping();

        // From here on nobody is heard for sure: what follows, a database that is away included, counts against nobody.
        engine.Clock.Suspend();
        if (takeOver.Requested.IsCompleted)
        {
            await takeOver.HandOverAsync(server, sockets.Listening, logger).ConfigureAwait(false);
            EndSoon(engine, bridge);
        }
        else if (sockets.AreActivated && notifier.IsHeard)
        {
            await notifier.KeepAsync(await server.HandOverAsync(TakeOverListener.Patience, TakeOverListener.Limit).ConfigureAwait(false)).ConfigureAwait(false);
            EndSoon(engine, bridge);
        }

        // With the time that it takes to drain: the token has been cancelled already.
        await server.StopAsync(CancellationToken.None).ConfigureAwait(false);
        if (settings.PidFile is { } pidFile)
        {
            RemovePidFile(pidFile);
        }

        return ExitCode.Success;
    }

    // The sockets of TCP listen already.
    private static void Start(MemcachedServer server, Action prepared)
    {
        try
        {
            server.Start(prepared);
        }
        catch (SocketException fault)
        {
            throw new UsageException($"failed to listen on UDP port {string.Join(", ", server.Context.Options.UdpEndPoints)}: {fault.Message}", ExitCode.OperatingSystem);
        }
    }

    // Clients wait for the next process, which waits for the end of this one.
    private static void EndSoon(Engine engine, ServiceBridge? bridge)
    {
        engine.SyncsAtEnd = false;
        bridge?.LeaveTheRest();
    }

    private static async Task UntilItEndsAsync(MemcachedServer server, TakeOverListener takeOver, CancellationToken stop)
    {
        var signalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (stop.Register(signalled.SetResult))
        {
            await Task.WhenAny(signalled.Task, server.ShutdownRequested, takeOver.Requested).ConfigureAwait(false);
        }
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
            : new ServiceBridge(engine, ServicesTableStoreFactory.Create(settings.DatabaseUrl, settings.DatabasePlace, engine.Options.TimeProvider), settings.BridgeInterval, logger);

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

    // What is done once the ports are ours: nobody is served with more rights than are kept, nor before the files are there.
    private static void Settle(ServeSettings settings, ServerSockets sockets, MemcachedServer server)
    {
        PortFile.Write(sockets.Listening.Select(socket => socket.EndPoint), server.UdpEndPoints);
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

        // As the user: what root may lock, and the user may not, would leave no memory for a thread's stack.
        if (settings.LockMemory && !Privileges.TryLockMemory())
        {
            Console.Error.WriteLine("warning: -k invalid, mlockall() failed; is there a limit (ulimit -l)?");
        }
    }
}
