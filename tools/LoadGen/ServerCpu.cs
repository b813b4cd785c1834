using System.Globalization;

namespace LivenessEngine.Tools.LoadGen;

/// <summary>The CPU time of a process: user and system, of all its threads, from /proc.</summary>
internal static class ServerCpu
{
    /// <summary>Nanoseconds on a CPU, by the scheduler's own account; what threads used that have ended since is missing.</summary>
    public static long Read(int pid)
    {
        if (pid == 0)
        {
            return 0;
        }

        long total = 0;
        foreach (string thread in Directory.EnumerateDirectories($"/proc/{pid}/task"))
        {
            try
            {
                total += long.Parse(File.ReadAllText($"{thread}/schedstat").Split(' ')[0], CultureInfo.InvariantCulture);
            }
            catch (IOException)
            {
                // The thread has ended meanwhile.
            }
        }

        return total;
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
