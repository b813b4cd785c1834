using System.Globalization;
using System.Text;
using LivenessEngine.Benchmarks.Charts;

namespace LivenessEngine.Benchmarks.Reporting;

/// <summary>The report's part about fleets, and the figure that the project has set itself for them.</summary>
internal static class FleetSection
{
    private const double Million = 1_000_000;
    private const double NovaInterval = 10;

    public static IEnumerable<Figure> Figures(FleetPoint[] fleet)
        => fleet.Where(point => point is { Backend: "embedded", Nodes: Million, ReportInterval: NovaInterval })
            .Select(point => new Figure("embedded fleet of 1,000,000 members beating every 10 s, of one core", 5, point.CpuPercent, "%", AtMost: true));

    public static void Append(StringBuilder text, FleetPoint[] fleet)
    {
        if (fleet.Length == 0)
        {
            return;
        }

        text.AppendLine("## Fleets");
        text.AppendLine();
        text.AppendLine("Nodes that beat on time, on each backend; a * where the simulator itself was too slow. How it is made, and more figures: [fleet.md](fleet.md).");
        text.AppendLine();
        text.AppendLine("| backend | nodes | every s | heartbeats/s asked | taken | server CPU % of a core | CPU µs a heartbeat | live nodes called dead % |");
        text.AppendLine("|---|---:|---:|---:|---:|---:|---:|---:|");
        foreach (FleetPoint point in fleet)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {point.Backend} | {point.Nodes:N0} | {point.ReportInterval:G} | {point.Asked:N0} | {point.Achieved:N0} | {point.CpuPercent:N1} | {point.CpuMicroseconds:N2} | {100 * point.FalselyDownShare:0.##}{(point.IsSimulatorBehind ? " *" : "")} |");
        }

        text.AppendLine();
    }
}
