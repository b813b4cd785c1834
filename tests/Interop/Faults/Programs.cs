using LivenessEngine.Testing;
using LivenessEngine.Tools.Faults.Servers;

namespace LivenessEngine.Interop.Faults;

/// <summary>What faults are tried on: the daemon that was built with the tests, and the memcached of this machine.</summary>
internal static class Programs
{
    public static ServerProgram Daemon { get; } = ServerProgram.Liveness(Repository.Daemon);

    /// <summary>Ends the test where there is none.</summary>
    public static ServerProgram Memcached => ServerProgram.Memcached(Installed.Find("memcached", "memcached"));
}
