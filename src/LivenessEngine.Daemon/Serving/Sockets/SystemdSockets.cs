using System.Globalization;
using System.Runtime.InteropServices;
using LivenessEngine.Daemon.CommandLine;

namespace LivenessEngine.Daemon.Serving.Sockets;

/// <summary>Socket activation as systemd and others do it (sd_listen_fds(3)): LISTEN_FDS descriptors from 3 on, for LISTEN_PID.</summary>
internal static partial class SystemdSockets
{
    private const int First = 3, Most = 1 << 16;
    private const int SetFlags = 2, CloseOnExec = 1;

    /// <summary>What was given to this process, null if nothing was. Nobody that we start takes it for theirs.</summary>
    /// <exception cref="UsageException">A descriptor is no socket that can be served.</exception>
    public static GivenSockets? Take()
    {
        string? process = Environment.GetEnvironmentVariable("LISTEN_PID");
        string? count = Environment.GetEnvironmentVariable("LISTEN_FDS");
        foreach (string name in (string[])["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"])
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        if (process != Environment.ProcessId.ToString(CultureInfo.InvariantCulture)
            || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int descriptors)
            || descriptors is < 1 or > Most)
        {
            return null;
        }

        var sockets = new GivenSockets();
        for (int descriptor = First; descriptor < First + descriptors; descriptor++)
        {
            _ = Control(descriptor, SetFlags, CloseOnExec);
            sockets.Add(descriptor);
        }

        return sockets.Listening.Count > 0
            ? sockets
            : throw new UsageException("LISTEN_FDS gives us no socket that clients can connect to", ExitCode.OperatingSystem);
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command, nint argument);
}
