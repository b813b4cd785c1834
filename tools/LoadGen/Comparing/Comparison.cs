using System.Globalization;
using Spectre.Console;

namespace LivenessEngine.Tools.LoadGen.Comparing;

/// <summary>
/// Gives several servers the same loads, in turns, so that what else the machine does hits all of them alike; and fills
/// each with the same million members, to see what they weigh.
/// </summary>
internal sealed class Comparison(IReadOnlyList<(string Name, string Command)> peers, ComparisonOptions options)
{
    private const int MemoryMembers = 1_000_000;
    private const int MemoryValueSize = 240;

    private readonly List<Row> _rows = [];

    /// <summary>Runs everything, shows it, and writes wire.csv.</summary>
    public void Run()
    {
        RunScenarios();
        RunMemory();
        Show();
        Directory.CreateDirectory(options.Folder);
        File.WriteAllLines(Path.Combine(options.Folder, "wire.csv"), ["scenario,peer,round,operations_per_second,cpu_us_per_operation,p50_us,p99_us,p999_us,resident_mib", .. _rows.Select(row => row.ToCsv())]);
    }

    private void RunScenarios()
    {
        Peer[] started = [.. peers.Select(peer => Peer.Start(peer.Name, peer.Command, options.ServerCpu))];
        try
        {
            // Both compile and both fill their caches before anything counts.
            foreach (Scenario scenario in Scenario.All)
            {
                Array.ForEach(started, peer => Measure(scenario, peer, options.Seconds / 2));
            }

            for (int round = 1; round <= options.Rounds; round++)
            {
                foreach (Scenario scenario in Scenario.All)
                {
                    foreach (Peer peer in started)
                    {
                        LoadResult result = Measure(scenario, peer, options.Seconds);
                        _rows.Add(new Row(scenario.Name, peer.Name, round, result));
                        Console.WriteLine(string.Create(
                            CultureInfo.InvariantCulture,
                            $"  {scenario.Name,-22} {peer.Name,-12} {result.ServerCpuMicroseconds,7:F2} µs CPU/op {result.OperationsPerSecond,12:N0} op/s"));
                    }
                }
            }
        }
        finally
        {
            Array.ForEach(started, peer => peer.Dispose());
        }
    }

    private static LoadResult Measure(Scenario scenario, Peer peer, double seconds) => Load.Run(new LoadOptions
    {
        Host = "127.0.0.1",
        Port = peer.Port,
        ServerPid = peer.Pid,
        Operation = scenario.Operation,
        Connections = scenario.Connections,
        Depth = scenario.Depth,
        Width = scenario.Width,
        Warmup = TimeSpan.FromSeconds(0.5),
        Duration = TimeSpan.FromSeconds(seconds),
    });

    private void RunMemory()
    {
        foreach ((string name, string command) in peers)
        {
            using Peer peer = Peer.Start(name, command, options.ServerCpu);
            LoadResult result = Load.Run(new LoadOptions
            {
                Host = "127.0.0.1",
                Port = peer.Port,
                ServerPid = peer.Pid,
                Operation = Operation.Get,
                Keys = MemoryMembers,
                ValueSize = MemoryValueSize,
                Warmup = TimeSpan.Zero,
                Duration = TimeSpan.FromSeconds(0.5),
            });
            _rows.Add(new Row("1,000,000 members, MiB", name, 1, result));
        }
    }

    private void Show()
    {
        Spectre.Console.Table table = new Spectre.Console.Table().AddColumn("server CPU µs per operation (median of rounds)");
        foreach ((string name, _) in peers)
        {
            table.AddColumn(new TableColumn(name).RightAligned());
        }

        table.AddColumn(new TableColumn($"to {peers[0].Name}").RightAligned());
        foreach (IGrouping<string, Row> scenario in _rows.GroupBy(row => row.Scenario))
        {
            double[] figures = [.. peers.Select(peer => Median(scenario.Where(row => row.Peer == peer.Name).Select(row => row.Figure)))];
            table.AddRow([scenario.Key, .. figures.Select(figure => figure.ToString("F2", CultureInfo.InvariantCulture)), (figures[^1] / figures[0]).ToString("F2", CultureInfo.InvariantCulture) + "x"]);
        }

        AnsiConsole.Write(table);
    }

    private static double Median(IEnumerable<double> figures)
    {
        double[] sorted = [.. figures.Order()];
        return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }

    private sealed record Row(string Scenario, string Peer, int Round, LoadResult Result)
    {
        /// <summary>What the row is about: CPU time, or memory where that was asked.</summary>
        public double Figure => Scenario.EndsWith("MiB", StringComparison.Ordinal) ? Result.ResidentMegabytes : Result.ServerCpuMicroseconds;

        public string ToCsv() => string.Create(
            CultureInfo.InvariantCulture,
            $"\"{Scenario}\",{Peer},{Round},{Result.OperationsPerSecond:F0},{Result.ServerCpuMicroseconds:F3},{Result.P50:F1},{Result.P99:F1},{Result.P999:F1},{Result.ResidentMegabytes:F1}");
    }
}
