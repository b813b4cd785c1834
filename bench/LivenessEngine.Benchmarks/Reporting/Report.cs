using System.Globalization;
using System.Text;
using Spectre.Console;

namespace LivenessEngine.Benchmarks.Reporting;

/// <summary>Puts one run's results into a report for people: report.md beside the CSV files that it is made from.</summary>
internal static class Report
{
    public static int Write(string folder, string command, string commit)
    {
        MicroRow[] micro = Read(folder, "micro.csv", MicroRow.Parse);
        WireRow[] wire = Read(folder, "wire.csv", WireRow.Parse);
        Figure[] figures = [.. new Figures(micro, wire).All()];
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"# Benchmarks of {Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))}");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"Command: `{command}`. Commit: {commit}. Machine: {Machine()}.");
        text.AppendLine();
        AppendFigures(text, figures);
        AppendWire(text, wire);
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

    private static string Machine()
    {
        string cpu = OperatingSystem.IsLinux()
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "?"
            : "?";
        long memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30;
        return $"{cpu}, {Environment.ProcessorCount} cores, {memory} GiB, {Environment.OSVersion}, .NET {Environment.Version}";
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
