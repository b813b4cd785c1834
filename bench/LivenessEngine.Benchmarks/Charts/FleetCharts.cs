using ScottPlot;
using ScottPlot.Plottables;

namespace LivenessEngine.Benchmarks.Charts;

/// <summary>Fleets on each backend: what a heartbeat costs as they grow, and how many live nodes are called dead.</summary>
internal static class FleetCharts
{
    public const string CostName = "fleet-cost";
    public const string FalseDeadName = "fleet-false-dead";

    // Lines that lie on each other, most of them at 0 %, stand a little apart.
    private const double Apart = 0.7;

    public static bool TryDrawCost(string folder, IReadOnlyList<FleetPoint> points, string note)
    {
        FleetPoint[] known = [.. points.Where(point => point.CpuMicroseconds > 0)];
        if (known.Length == 0)
        {
            return false;
        }

        var canvas = new Canvas("CPU time per heartbeat as the fleet grows", "nodes", "server CPU µs per heartbeat, questions included", note);
        foreach ((int series, FleetPoint[] fleet) in Series(known))
        {
            Add(canvas, series, fleet, point => Math.Log10(point.CpuMicroseconds));
        }

        canvas.Plot.Axes.Left.TickGenerator = Canvas.Powers(Canvas.Short);
        Finish(canvas, folder, CostName);
        return true;
    }

    public static bool TryDrawFalseDead(string folder, IReadOnlyList<FleetPoint> points, string note)
    {
        FleetPoint[] known = [.. points.Where(point => !point.IsSimulatorBehind)];
        if (known.Length == 0)
        {
            return false;
        }

        double interval = known.Min(point => point.ReportInterval);
        var canvas = new Canvas(
            "Live nodes called dead", FormattableString.Invariant($"nodes, each beating every {interval:G} s"), "share of live nodes called dead, % (lines a little apart)", note);
        foreach ((int series, FleetPoint[] fleet) in Series([.. known.Where(point => point.ReportInterval == interval)]))
        {
            Add(canvas, series, fleet, point => (100 * point.FalselyDownShare) + (series * Apart));
        }

        canvas.Plot.Axes.SetLimitsY(-3, 110);
        Finish(canvas, folder, FalseDeadName);
        return true;
    }

    private static IEnumerable<(int Series, FleetPoint[] Fleet)> Series(FleetPoint[] points)
        => points.GroupBy(point => point.Backend).Select((fleet, series) => (series, fleet.OrderBy(point => point.Nodes).ToArray()));

    private static void Add(Canvas canvas, int series, FleetPoint[] fleet, Func<FleetPoint, double> height)
    {
        double[] across = [.. fleet.Select(point => Math.Log10(point.Nodes))];
        double[] up = [.. fleet.Select(height)];
        Scatter line = canvas.Plot.Add.Scatter(across, up);
        line.LegendText = fleet[0].Backend;
        line.Color = Palette.Color(series);
        line.LineWidth = 2;
        line.MarkerShape = Palette.Shape(series);
        line.MarkerSize = 9;
    }

    private static void Finish(Canvas canvas, string folder, string name)
    {
        canvas.Plot.Axes.Bottom.TickGenerator = Canvas.Powers(Canvas.Short);
        canvas.Plot.ShowLegend(Edge.Right);
        canvas.Save(folder, name);
    }
}
