using System.Globalization;

namespace LivenessEngine.Tools.LoadGen;

/// <summary>The CPU time of a process: user and system, of all its threads, from /proc.</summary>
internal static class ServerCpu
{
    // USER_HZ, which is 100 on every Linux of today.
    private const long TicksPerSecond = 100;

    /// <summary>Nanoseconds on a CPU, of threads that have ended too; the kernel tells it in steps of 10 ms.</summary>
    public static long Read(int pid)
    {
        if (pid == 0)
        {
            return 0;
        }

        // pid (name) state ...: the name may hold anything, so counting starts behind its bracket.
        string stat = File.ReadAllText($"/proc/{pid}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        long ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return ticks * (1_000_000_000 / TicksPerSecond);
    }

    /// <summary>Resident memory in bytes.</summary>
    public static long ResidentBytes(int pid)
    {
        if (pid == 0)
        {
            return 0;
        }

        string line = File.ReadLines($"/proc/{pid}/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
