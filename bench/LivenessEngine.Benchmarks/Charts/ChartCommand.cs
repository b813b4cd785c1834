using System.CommandLine;
using LivenessEngine.Benchmarks.Reporting;
using LivenessEngine.Tools.Instruments;

namespace LivenessEngine.Benchmarks.Charts;

/// <summary>charts: draws what a folder of results has figures for.</summary>
internal static class ChartCommand
{
    /// <summary>All charts there may be.</summary>
    public static IReadOnlyList<string> Names { get; } = [WireChart.Name, FleetCharts.CostName, FleetCharts.FalseDeadName];

    public static Command Create(Option<string> folder, Option<string> commit)
    {
        var command = new Command("charts", "Draw the charts of a folder of results: SVG, and PNG beside it.") { folder, commit };
        command.SetAction(parsed =>
        {
            foreach (string drawn in Draw(parsed.GetValue(folder)!, parsed.GetValue(commit)!))
            {
                Console.WriteLine($"  {drawn}.svg");
            }
        });
        return command;
    }

    /// <summary>Draws all that there are figures for; returns their names.</summary>
    public static IReadOnlyList<string> Draw(string folder, string commit)
    {
        string note = $"{Machine.Describe()}; commit {commit}";
        WireRow[] wire = [.. ReadLines(folder, "wire.csv").Select(WireRow.Parse)];
        FleetPoint[] fleet = FleetPoint.Read(folder);
        var drawn = new List<string>();
        void Add(bool isDrawn, string name) => drawn.AddRange(isDrawn ? [name] : []);
        Add(WireChart.TryDraw(folder, wire, note), WireChart.Name);
        Add(FleetCharts.TryDrawCost(folder, fleet, note), FleetCharts.CostName);
        Add(FleetCharts.TryDrawFalseDead(folder, fleet, note), FleetCharts.FalseDeadName);
        return drawn;
    }

    private static IEnumerable<string> ReadLines(string folder, string file)
        => Path.Combine(folder, file) is var path && File.Exists(path) ? File.ReadLines(path).Skip(1) : [];
}
