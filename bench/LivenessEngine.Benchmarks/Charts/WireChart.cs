using System.Globalization;
using LivenessEngine.Benchmarks.Reporting;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace LivenessEngine.Benchmarks.Charts;

/// <summary>The server's CPU time for an operation, each peer beside the others: one group of bars a load.</summary>
internal static class WireChart
{
    public const string Name = "wire-cpu";

    private const double Gap = 0.2;

    public static bool TryDraw(string folder, IReadOnlyList<WireRow> rows, string note)
    {
        WireRow[] loads = [.. rows.Where(row => row.CpuMicroseconds > 0 && !row.Scenario.EndsWith("MiB", StringComparison.Ordinal))];
        string[] scenarios = [.. loads.Select(row => row.Scenario).Distinct()];
        string[] peers = [.. loads.Select(row => row.Peer).Distinct()];
        if (loads.Length == 0)
        {
            return false;
        }

        var canvas = new Canvas("Server CPU time per operation (less is better)", "load", "CPU µs per operation (median of turns)", note);
        double width = (1 - Gap) / peers.Length;
        for (int peer = 0; peer < peers.Length; peer++)
        {
            var bars = new List<Bar>();
            for (int scenario = 0; scenario < scenarios.Length; scenario++)
            {
                double[] costs = [.. loads.Where(row => row.Scenario == scenarios[scenario] && row.Peer == peers[peer]).Select(row => row.CpuMicroseconds).Order()];
                if (costs.Length > 0)
                {
                    bars.Add(BarOf(scenario + ((peer - ((peers.Length - 1) / 2.0)) * width), (costs[costs.Length / 2] + costs[(costs.Length - 1) / 2]) / 2, width, peer));
                }
            }

            ScottPlot.Plottables.BarPlot plot = canvas.Plot.Add.Bars(bars);
            plot.LegendText = peers[peer];
            plot.ValueLabelStyle.FontSize = 10;
        }

        canvas.Plot.Axes.Bottom.TickGenerator = new NumericManual([.. scenarios.Select((_, index) => (double)index)], scenarios);
        canvas.Plot.Axes.Margins(bottom: 0, top: 0.2);
        canvas.Plot.ShowLegend(Alignment.UpperRight);
        canvas.Save(folder, Name);
        return true;
    }

    private static Bar BarOf(double position, double cost, double width, int peer) => new()
    {
        Position = position,
        Value = cost,
        Size = width * 0.92,
        FillColor = Palette.Color(peer),
        LineColor = Colors.Black,
        LineWidth = 0.5f,
        Label = cost.ToString("0.00", CultureInfo.InvariantCulture),
    };
}
