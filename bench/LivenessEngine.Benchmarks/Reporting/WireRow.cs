using System.Globalization;

namespace LivenessEngine.Benchmarks.Reporting;

/// <summary>One load on one server, as loadgen compare wrote it.</summary>
internal sealed record WireRow(
    string Scenario, string Peer, double OperationsPerSecond, double CpuMicroseconds, double P50, double P99, double P999, double ResidentMegabytes)
{
    public static WireRow Parse(string line)
    {
        int end = line.IndexOf('"', 1);
        string[] fields = line[(end + 2)..].Split(',');
        double[] numbers = [.. fields[2..].Select(field => double.Parse(field, CultureInfo.InvariantCulture))];
        return new WireRow(line[1..end], fields[0], numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);
    }
}
