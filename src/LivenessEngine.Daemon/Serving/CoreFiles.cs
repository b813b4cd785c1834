using System.Runtime.InteropServices;
using LivenessEngine.Daemon.CommandLine;

namespace LivenessEngine.Daemon.Serving;

/// <summary>-r: as large core files as the system lets us have.</summary>
internal static partial class CoreFiles
{
    private const int CoreSize = 4;
    private const ulong Unlimited = ulong.MaxValue;

    /// <exception cref="UsageException">There can be none.</exception>
    public static void Allow()
    {
        if (OperatingSystem.IsWindows() || GetLimit(CoreSize, out Limit limit) != 0)
        {
            throw new UsageException("failed to ensure corefile creation", ExitCode.OperatingSystem);
        }

        var all = new Limit { Soft = Unlimited, Hard = Unlimited };
        var most = new Limit { Soft = limit.Hard, Hard = limit.Hard };
        if (SetLimit(CoreSize, all) != 0 && (limit.Hard == 0 || SetLimit(CoreSize, most) != 0))
        {
            throw new UsageException("failed to ensure corefile creation", ExitCode.OperatingSystem);
        }
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in Limit limit);

    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
