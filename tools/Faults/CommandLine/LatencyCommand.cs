using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using LivenessEngine.Tools.Faults.Latency;
using LivenessEngine.Tools.Faults.Servers;
using Spectre.Console;

namespace LivenessEngine.Tools.Faults.CommandLine;

/// <summary>faults latency: the time of a get with a million members, on memcached and on our daemon.</summary>
internal static class LatencyCommand
{
    private const int Million = 1_000_000;

    public static Command Create(CommonOptions common)
    {
        var folder = new Option<string>("--out") { Description = "Where latency.csv goes", DefaultValueFactory = _ => "." };
        var seconds = new Option<double>("--seconds") { Description = "How long each part is measured", DefaultValueFactory = _ => 20 };
        var beats = new Option<int>("--beats") { Description = "Heartbeats a second", DefaultValueFactory = _ => 20_000 };
        var loadCpu = new Option<int?>("--load-cpu") { Description = "The core that the load runs on" };
        var command = new Command("latency", "Take the time of a get while a million members are added, beat and are judged.") { folder, seconds, beats, loadCpu };
        common.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            if (parsed.GetValue(loadCpu) is { } core && OperatingSystem.IsLinux())
            {
                Process.GetCurrentProcess().ProcessorAffinity = 1 << core;
            }

            int members = parsed.GetValue(common.Members) ?? Million;
            var nodes = new Nodes(members);
            var rows = new List<LatencyRow>();
            foreach (ServerProgram program in (ServerProgram[])[common.MemcachedOf(parsed), common.LivenessOf(parsed)])
            {
                rows.AddRange(await new LatencyRun(new LatencyOptions
                {
                    Program = program,
                    Members = members,
                    BeatsPerSecond = parsed.GetValue(beats),
                    Time = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                    ServerCpu = parsed.GetValue(common.ServerCpu),
                }, nodes).RunAsync());
            }

            Show(rows);
            Directory.CreateDirectory(parsed.GetValue(folder)!);
            await File.WriteAllLinesAsync(Path.Combine(parsed.GetValue(folder)!, "latency.csv"), [LatencyRow.CsvHeader, .. rows.Select(row => row.ToCsv())], stop);
            return 0;
        });
        return command;
    }

    private static void Show(IEnumerable<LatencyRow> rows)
    {
        Spectre.Console.Table table = new Spectre.Console.Table().AddColumns("program", "part", "gets", "beats/s", "p50 µs", "p99 µs", "p99.9 µs", "max µs", "lateness µs");
        foreach (LatencyRow row in rows)
        {
            string Format(double number) => number.ToString("N0", CultureInfo.InvariantCulture);
            table.AddRow(
                row.Program, row.Part, Format(row.Times.TotalCount), Format(row.BeatsPerSecond), Format(row.Microseconds(50)),
                Format(row.Microseconds(99)), Format(row.Microseconds(99.9)), Format(row.Microseconds(100)), Format(row.Lateness.TotalMicroseconds));
        }

        Screen.Write(table);
    }
}
