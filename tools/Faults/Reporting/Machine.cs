using System.Globalization;

namespace LivenessEngine.Tools.Faults.Reporting;

/// <summary>What this runs on.</summary>
internal static class Machine
{
    private const string CpuInformation = "/proc/cpuinfo";

    public static string Describe()
    {
        string cpu = File.Exists(CpuInformation)
            ? File.ReadLines(CpuInformation).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown"
            : "unknown";
        return string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores of {cpu}");
    }
}
