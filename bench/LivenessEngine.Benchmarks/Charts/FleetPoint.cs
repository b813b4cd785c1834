using LivenessEngine.Tools.Instruments;

namespace LivenessEngine.Benchmarks.Charts;

/// <summary>One fleet on one backend, as fleetsim wrote it.</summary>
/// <param name="Backend">Its name.</param>
/// <param name="Nodes">How many.</param>
/// <param name="ReportInterval">In seconds.</param>
/// <param name="Asked">Heartbeats a second that were due.</param>
/// <param name="Achieved">Heartbeats a second that were taken.</param>
/// <param name="CpuPercent">The server's CPU time, of one core.</param>
/// <param name="CpuMicroseconds">For each heartbeat that was taken.</param>
/// <param name="FalselyDownShare">Live nodes called dead, 0 to 1.</param>
/// <param name="IsSimulatorBehind">Whether the simulator was too slow to say so of the backend.</param>
internal sealed record FleetPoint(
    string Backend, double Nodes, double ReportInterval, double Asked, double Achieved, double CpuPercent, double CpuMicroseconds, double FalselyDownShare,
    bool IsSimulatorBehind)
{
    /// <summary>What fleetsim wrote in a folder; nothing where it did not.</summary>
    public static FleetPoint[] Read(string folder) => [.. CsvTable.Read(Path.Combine(folder, "fleet.csv")).Rows.Select(From)];

    public static FleetPoint From(CsvTable.Row row) => new(
        row["backend"],
        row.Number("nodes"),
        row.Number("report_interval_s"),
        row.Number("asked_per_s"),
        row.Number("achieved_per_s"),
        row.Number("server_cpu_percent"),
        row.Number("cpu_us_per_beat"),
        row.Number("falsely_down_share"),
        row.Number("lag_p99_ms") > 500 * row.Number("report_interval_s"));
}
