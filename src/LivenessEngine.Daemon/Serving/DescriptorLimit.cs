using System.Runtime.InteropServices;

namespace LivenessEngine.Daemon.Serving;

/// <summary>
/// Sees to it that clients leave some descriptors: the runtime ends a process that has none left when it starts a thread or
/// loads an assembly, and everybody's heartbeats with it.
/// </summary>
internal static partial class DescriptorLimit
{
    private const int OpenFiles = 7;

    // For assemblies, threads, the database, the state file, and the client who is told that he is one too many.
    private const int KeptBack = 64;

    // What it waits with, what wakes it, and its marker.
    private const int KeptBackPerThread = 3;

    /// <summary>How many of the connections that were asked for (-c) there are descriptors for; says so where it is fewer.</summary>
    /// <param name="asked">How many were asked for.</param>
    /// <param name="threads">Threads that serve them.</param>
    public static int Connections(int asked, int threads)
    {
        if (!OperatingSystem.IsLinux() || GetLimit(OpenFiles, out Limit limit) != 0)
        {
            return asked;
        }

        long used = Directory.GetFiles("/proc/self/fd").Length;
        long most = Math.Max((long)Math.Min(limit.Soft, int.MaxValue) - used - KeptBack - ((long)KeptBackPerThread * threads), 1);
        if (most >= asked)
        {
            return asked;
        }

        Console.Error.WriteLine($"warning: -c {asked}: {limit.Soft} files may be open (ulimit -n), which is enough for {most} connections; so many are taken");
        return (int)most;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out Limit limit);

    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
