using System.Globalization;
using System.Text;
using LivenessEngine.Benchmarks.Charts;
using LivenessEngine.Benchmarks.Databases;
using LivenessEngine.Tools.Instruments;
using Spectre.Console;

namespace LivenessEngine.Benchmarks.Reporting;

/// <summary>Puts one run's results into a report for people: report.md beside the CSV files that it is made from.</summary>
internal static class Report
{
    public static int Write(string folder, string command, string commit)
    {
        MicroRow[] micro = Read(folder, "micro.csv", MicroRow.Parse);
        WireRow[] wire = Read(folder, "wire.csv", WireRow.Parse);
        ExternalRow[] external = Read(folder, "external.csv", ExternalRow.Parse);
        DatabaseRow[] databases = Read(folder, "databases.csv", DatabaseRow.Parse);
        FleetPoint[] fleet = FleetPoint.Read(folder);
        Figure[] figures =
        [
            .. new Figures(micro, wire, Read(folder, "wire-loops.csv", WireRow.Parse), Read(folder, "wire-busy-loops.csv", WireRow.Parse)).All(),
            .. Read(folder, "collections.csv", CollectionRow.Parse).Select(row => row.Figure),
            .. new DriverFigures(external, databases).All(),
            .. FleetSection.Figures(fleet),
        ];
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"# Benchmarks of {Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))}");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"Command: `{command}`. Commit: {commit}. Machine: {Machine.Describe()}.");
        text.AppendLine();
        AppendFigures(text, figures);
        AppendCharts(text, folder);
        AppendWire(text, wire);
        FleetSection.Append(text, fleet);
        AppendExternal(text, external);
        AppendDatabases(text, databases);
        AppendMicro(text, micro);
        File.WriteAllText(Path.Combine(folder, "report.md"), text.ToString());
        Show(figures);
        return 0;
    }

    private static T[] Read<T>(string folder, string file, Func<string, T> parse)
    {
        string path = Path.Combine(folder, file);
        return File.Exists(path) ? [.. File.ReadLines(path).Skip(1).Select(parse)] : [];
    }

    private static void AppendFigures(StringBuilder text, Figure[] figures)
    {
        text.AppendLine("| figure | asked | measured | reached |");
        text.AppendLine("|---|---|---|---|");
        foreach (Figure figure in figures)
        {
            text.AppendLine($"| {figure.Name} | {figure.AskedText} | {figure.MeasuredText} | {(figure.Reached ? "yes" : "**no**")} |");
        }

        text.AppendLine();
    }

    private static void AppendCharts(StringBuilder text, string folder)
    {
        foreach (string chart in ChartCommand.Names.Where(chart => File.Exists(Path.Combine(folder, chart + ".svg"))))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"![{chart}]({chart}.svg)");
            text.AppendLine();
        }
    }

    private static void AppendWire(StringBuilder text, WireRow[] wire)
    {
        if (wire.Length == 0)
        {
            return;
        }

        text.AppendLine("## Wire");
        text.AppendLine();
        text.AppendLine("One server core, one load core, in turns; an operation is one set, or one key of a get. Raw figures: wire.csv.");
        text.AppendLine();
        text.AppendLine("| load | server | CPU µs/op | op/s | p50 µs | p99 µs | p99.9 µs | resident MiB |");
        text.AppendLine("|---|---|---:|---:|---:|---:|---:|---:|");
        foreach (IGrouping<(string Scenario, string Peer), WireRow> rows in wire.GroupBy(row => (row.Scenario, row.Peer)))
        {
            string Middle(Func<WireRow, double> what, string format)
            {
                double[] sorted = [.. rows.Select(what).Order()];
                return ((sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2).ToString(format, CultureInfo.InvariantCulture);
            }

            text.AppendLine($"| {rows.Key.Scenario} | {rows.Key.Peer} | {Middle(row => row.CpuMicroseconds, "F2")} | {Middle(row => row.OperationsPerSecond, "N0")} | {Middle(row => row.P50, "N0")} | {Middle(row => row.P99, "N0")} | {Middle(row => row.P999, "N0")} | {Middle(row => row.ResidentMegabytes, "N0")} |");
        }

        text.AppendLine();
    }

    private static void AppendExternal(StringBuilder text, ExternalRow[] external)
    {
        if (external.Length == 0)
        {
            return;
        }

        text.AppendLine("## Driver mc on the installed memcached");
        text.AppendLine();
        text.AppendLine("| what | members | median ms | least ms | most ms | own CPU ms |");
        text.AppendLine("|---|---:|---:|---:|---:|---:|");
        foreach (ExternalRow row in external)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {row.What} | {row.Members:N0} | {row.Median:N1} | {row.Least:N1} | {row.Most:N1} | {row.OwnCpu:N1} |");
        }

        text.AppendLine();
    }

    private static void AppendDatabases(StringBuilder text, DatabaseRow[] databases)
    {
        if (databases.Length == 0)
        {
            return;
        }

        text.AppendLine("## Driver db: heartbeats of 10,000 members into Nova's services table");
        text.AppendLine();
        text.AppendLine("Each database with the durability that it has by itself. Of SQLite the CPU time is that of the whole process.");
        text.AppendLine();
        text.AppendLine("| database | rows a statement | heartbeats/s | CPU µs a heartbeat |");
        text.AppendLine("|---|---:|---:|---:|");
        foreach (DatabaseRow row in databases)
        {
            string rows = row.RowsPerStatement == 0 ? "one UPDATE each" : row.RowsPerStatement.ToString(CultureInfo.InvariantCulture);
            text.AppendLine(CultureInfo.InvariantCulture, $"| {row.Database} | {rows} | {row.BeatsPerSecond:N0} | {row.CpuMicroseconds:N2} |");
        }

        text.AppendLine();
    }

    private static void AppendMicro(StringBuilder text, MicroRow[] micro)
    {
        foreach (IGrouping<string, MicroRow> bench in micro.GroupBy(row => row.Bench))
        {
            text.AppendLine($"## {bench.Key}");
            text.AppendLine();
            text.AppendLine("| method | parameters | mean ns | ± ns | allocated B |");
            text.AppendLine("|---|---|---:|---:|---:|");
            foreach (MicroRow row in bench)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"| {row.Method} | {row.Parameters} | {row.MeanNanoseconds:N2} | {row.StandardDeviation:N2} | {row.AllocatedBytes:F0} |");
            }

            text.AppendLine();
        }
    }

    private static void Show(Figure[] figures)
    {
        Spectre.Console.Table table = new Spectre.Console.Table().AddColumns("figure", "asked", "measured", "reached");
        foreach (Figure figure in figures)
        {
            table.AddRow(Markup.Escape(figure.Name), figure.AskedText, figure.MeasuredText, figure.Reached ? "[green]yes[/]" : "[red]no[/]");
        }

        AnsiConsole.Write(table);
    }
}
