using System.Globalization;

namespace LivenessEngine.Benchmarks.Databases;

/// <summary>The CPU time of a process and its children, those that have ended too: PostgreSQL has one for each connection.</summary>
internal static class ProcessFamily
{
    // USER_HZ, which is 100 on every Linux of today.
    private const int TicksPerSecond = 100;

    public static TimeSpan Cpu(int process)
    {
        while (true)
        {
            try
            {
                return Sum(process);
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

    private static IEnumerable<int> Children(int process)
        => File.ReadAllText($"/proc/{process}/task/{process}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(child => int.Parse(child, CultureInfo.InvariantCulture));
}
