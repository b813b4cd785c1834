using System.Globalization;

namespace LivenessEngine.Benchmarks.Databases;

/// <summary>The CPU time of a process and its children, those that have ended too: PostgreSQL has one for each connection.</summary>
internal static class ProcessFamily
{
    // USER_HZ, which is 100 on every Linux of today.
    private const int TicksPerSecond = 100;

    public static TimeSpan Cpu(int process)
    {
        // pid (name) state ...: the name may hold anything, so counting starts behind its bracket.
        string stat = File.ReadAllText($"/proc/{process}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var own = TimeSpan.FromSeconds(fields[11..15].Sum(field => long.Parse(field, CultureInfo.InvariantCulture)) / (double)TicksPerSecond);
        return Children(process).Aggregate(own, (sum, child) => sum + Cpu(child));
    }

    private static IEnumerable<int> Children(int process)
        => File.ReadAllText($"/proc/{process}/task/{process}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(child => int.Parse(child, CultureInfo.InvariantCulture));
}
