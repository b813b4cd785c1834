using System.Globalization;

namespace LivenessEngine.Tools.Instruments;

/// <summary>What this runs on.</summary>
internal static class Machine
{
    private const string CpuInformation = "/proc/cpuinfo";

    public static string Describe()
    {
        string cpu = File.Exists(CpuInformation)
            ? File.ReadLines(CpuInformation).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "?"
            : "?";
        long memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{cpu}, {Environment.ProcessorCount} cores, {memory} GiB, {Environment.OSVersion}, .NET {Environment.Version}");
    }
}
