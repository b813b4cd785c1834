using System.Globalization;

namespace LivenessEngine.Tools.Instruments;

/// <summary>A process and its children, those that have ended too: PostgreSQL has one for each connection.</summary>
internal static class ProcessFamily
{
    // USER_HZ, which is 100 on every Linux of today.
    private const int TicksPerSecond = 100;

    /// <summary>User and system time of all their threads; the kernel tells it in steps of 10 ms.</summary>
    public static TimeSpan Cpu(int process) => Look(process, Sum);

    /// <summary>Resident memory in bytes; pages that several of them share are counted once.</summary>
    public static long ResidentBytes(int process) => Look(process, process =>
    {
        int[] all = [.. Family(process)];
        return all.Length == 1 ? Field($"/proc/{process}/status", "VmRSS:") : all.Sum(one => Field($"/proc/{one}/smaps_rollup", "Pss:"));
    });

    private static T Look<T>(int process, Func<int, T> look)
    {
        while (true)
        {
            try
            {
                return look(process);
            }
            catch (IOException) when (Directory.Exists($"/proc/{process}"))
            {
                // A child has ended between two looks; its time is its parent's by now.
            }
        }
    }

    private static TimeSpan Sum(int process)
    {
        // pid (name) state ...: the name may hold anything, so counting starts behind its bracket.
        string stat = File.ReadAllText($"/proc/{process}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var own = TimeSpan.FromSeconds(fields[11..15].Sum(field => long.Parse(field, CultureInfo.InvariantCulture)) / (double)TicksPerSecond);
        return Children(process).Aggregate(own, (sum, child) => sum + Sum(child));
    }

    private static IEnumerable<int> Family(int process) => Children(process).SelectMany(Family).Prepend(process);

    private static IEnumerable<int> Children(int process)
        => File.ReadAllText($"/proc/{process}/task/{process}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(child => int.Parse(child, CultureInfo.InvariantCulture));

    private static long Field(string file, string name)
    {
        string line = File.ReadLines(file).FirstOrDefault(text => text.StartsWith(name, StringComparison.Ordinal)) ?? throw new IOException($"{file} is empty.");
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
