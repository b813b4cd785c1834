using System.Net;
using LivenessEngine.Daemon.CommandLine;
using LivenessEngine.Table;
using LivenessEngine.Table.State;
using Microsoft.Extensions.Logging;

namespace LivenessEngine.Daemon.Serving;

/// <summary>Makes the engine: with what it knew before the last stop, where that is to be had.</summary>
internal static class EngineStart
{
    private const long LeastReserve = 1L << 30;
    private const int ReserveFactor = 16;

    // Who has the file open is the daemon that is being replaced, at its end.
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(5);

    /// <summary>An engine whose clock is suspended; the caller resumes it once clients can be heard.</summary>
    /// <exception cref="UsageException">The state file that was asked for cannot be used.</exception>
    public static Engine Create(ServeSettings settings, EndPoint address, ILogger logger)
    {
        switch (settings.StateFile)
        {
            case null:
                return Create(settings, (string?)null, logger);
            case "":
                return CreateUsual(settings, address, logger);
            default:
                try
                {
                    return Create(settings, settings.StateFile, logger);
                }
                catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
                {
                    throw new UsageException($"--state-file: {fault.Message}", ExitCode.OperatingSystem);
                }
        }
    }

    private static Engine CreateUsual(ServeSettings settings, EndPoint address, ILogger logger)
    {
        string? file = StatePlace.Usual(address, Environment.GetEnvironmentVariable);
        try
        {
            if (file is not null)
            {
                MakeFolder(Path.GetDirectoryName(file)!, settings.User);
            }

            return Create(settings, file, logger);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"warning: nothing is kept over a restart: {fault.Message} (--state-file PATH keeps it elsewhere, --state-file none says that this is meant)");
            return Create(settings, (string?)null, logger);
        }
    }

    private static void MakeFolder(string folder, string? user)
    {
        if (!Directory.Exists(folder))
        {
            DirectoryInfo made = Directory.CreateDirectory(folder);
            if (!OperatingSystem.IsWindows())
            {
                made.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            }

            GiveTo(user, folder);
        }
    }

    // Root is given up once the ports are ours (-u): what is kept must be the user's by then.
    private static void GiveTo(string? user, string path)
    {
        if (user is not null && Environment.IsPrivilegedProcess && Path.Exists(path))
        {
            Privileges.Give(path, user);
        }
    }

    private static Engine Create(ServeSettings settings, string? stateFile, ILogger logger)
    {
        TimeSpan downTime = ServiceGroupOptions.DownTime(settings.ReportInterval, settings.ServiceDownTime);
        if (downTime != settings.ServiceDownTime)
        {
            DaemonLog.DownTimeTooShort(logger, settings.ServiceDownTime, settings.ReportInterval, downTime);
        }

        var options = new EngineOptions
        {
            ServiceDownTime = downTime,
            ReportInterval = settings.ReportInterval,
            BrakeShare = settings.BrakeShare,
            BrakeSize = settings.BrakeSize,
            StateFile = stateFile is null ? null : new StateFileOptions(stateFile)
            {
                LockTimeout = LockTimeout,
                Warn = warning => DaemonLog.State(logger, warning),
            },
        };
        var table = new TableOptions
        {
            MemoryLimit = settings.MemoryLimit,
            MemoryReserve = Math.Max(settings.MemoryLimit, Math.Min(
                Math.Max(settings.MemoryLimit * ReserveFactor, LeastReserve), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)),
            MaxItemSize = settings.MaxItemSize,
            Evict = settings.Evict,
        };
        Engine engine = Create(options, table);
        if (stateFile is not null)
        {
            GiveTo(settings.User, stateFile);
        }

        ShowLearning(engine);
        return engine;
    }

    // Without a state, who has not reported yet may only not have had the time.
    private static void ShowLearning(Engine engine)
    {
        long end = engine.Restored.HasState ? 0 : engine.Clock.Read().Liveness + engine.Options.ServiceDownTime.Ticks;
        engine.Figures.Add(
            "learning_seconds",
            "s",
            "For how long yet a member that has not reported is unknown, because the engine began without a state.",
            () => TimeSpan.FromTicks(Math.Max(end - engine.Clock.Read().Liveness, 0)).TotalSeconds);
    }

    private static Engine Create(EngineOptions options, TableOptions table)
    {
        Engine engine;
        try
        {
            engine = new Engine(options, table);
        }
        catch (InsufficientMemoryException) when (table.MemoryReserve > table.MemoryLimit)
        {
            // Little address space (ulimit -v): then cache_memlimit cannot go above -m.
            engine = new Engine(options, table with { MemoryReserve = 0 });
        }

        engine.Clock.Suspend();
        return engine;
    }
}
