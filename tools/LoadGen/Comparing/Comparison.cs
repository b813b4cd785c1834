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

    private const string HalfLoad = ", half the load, p99.9 µs";
    private const string Idle = "5,000 idle connections, KiB each";
    private const int IdleWarmup = 300;
    private const int IdleCount = 5000;

    private readonly List<Row> _rows = [];

    private int IdleWarmups => options.IsQuick ? 10 : 20;

    private TimeSpan IdleTime => TimeSpan.FromSeconds(options.IsQuick ? 1 : 2);

    /// <summary>Runs everything, shows it, and writes wire.csv.</summary>
    public void Run()
    {
        RunScenarios();
        if (!options.LoadsOnly)
        {
            RunMemory();
            RunIdle();
        }

        Show();
        Directory.CreateDirectory(options.Folder);
        File.WriteAllLines(Path.Combine(options.Folder, options.File), ["scenario,peer,round,operations_per_second,cpu_us_per_operation,p50_us,p99_us,p999_us,resident_mib", .. _rows.Select(row => row.ToCsv())]);
    }

    private void RunScenarios()
    {
        Peer[] started = [.. peers.Select(peer => Peer.Start(peer.Name, peer.Command, options.ServerCpu))];
        try
        {
            // Both compile and both fill their caches before anything counts.
            Scenario[] scenarios = [.. Scenario.All.Where(scenario => !scenario.IsLong || !options.IsQuick)];
            foreach (Scenario scenario in scenarios)
            {
                Array.ForEach(started, peer => Measure(scenario, peer, options.Seconds / 2));
            }

            for (int round = 1; round <= options.Rounds; round++)
            {
                foreach (Scenario scenario in scenarios)
                {
                    Array.ForEach(started, peer => Add(scenario.Name, peer, round, Measure(scenario, peer, options.Seconds)));
                }
            }

            if (!options.IsQuick)
            {
                RunAtHalfLoad(started);
            }
        }
        finally
        {
            Array.ForEach(started, peer => peer.Dispose());
        }
    }

    // The same for all: half of what the first of them does at the most.
    private void RunAtHalfLoad(Peer[] started)
    {
        foreach (Scenario scenario in Scenario.All.Where(scenario => scenario is { IsLong: false, Depth: 1, Width: 1 }))
        {
            double rate = Median(_rows.Where(row => row.Scenario == scenario.Name && row.Peer == peers[0].Name).Select(row => row.Result.OperationsPerSecond)) / 2;
            for (int round = 1; round <= options.Rounds; round++)
            {
                Array.ForEach(started, peer => Add(scenario.Name + HalfLoad, peer, round, Measure(scenario, peer, options.Seconds, rate)));
            }
        }
    }

    private void Add(string scenario, Peer peer, int round, LoadResult result)
    {
        _rows.Add(new Row(scenario, peer.Name, round, result));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {scenario,-28} {peer.Name,-12} {result.ServerCpuMicroseconds,7:F2} µs CPU/op {result.OperationsPerSecond,12:N0} op/s   p99.9 {result.P999,8:N0} µs"));
    }

    private static LoadResult Measure(Scenario scenario, Peer peer, double seconds, double rate = 0) => Load.Run(new LoadOptions
    {
        Host = "127.0.0.1",
        Port = peer.Port,
        ServerPid = peer.Pid,
        Operation = scenario.Operation,
        Language = LanguageOf(peer.Name),
        Connections = scenario.Connections,
        Depth = scenario.Depth,
        Width = scenario.Width,
        Rate = rate,
        Warmup = TimeSpan.FromSeconds(scenario.IsLong ? 0.5 : 0.2),
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
                Language = LanguageOf(name),
                Keys = MemoryMembers,
                ValueSize = MemoryValueSize,
                Warmup = TimeSpan.Zero,
                Duration = TimeSpan.FromSeconds(0.5),
            });
            _rows.Add(new Row("1,000,000 members, MiB", name, 1, result));
        }
    }

    private static Language LanguageOf(string peer)
        => peer.StartsWith("redis", StringComparison.OrdinalIgnoreCase) ? Language.Redis : Language.Memcached;

    // Each has asked once, and says nothing more.
    private void RunIdle()
    {
        foreach ((string name, string command) in peers)
        {
            using Peer peer = Peer.Start(name, command, options.ServerCpu);
            var load = new LoadOptions { Host = "127.0.0.1", Port = peer.Port };

            // Few at a time, so that what they leave does not serve for those that are measured; often, because what a runtime
            // compiles anew when it is used often would be taken for the connections'.
            for (int i = 0; i < IdleWarmups; i++)
            {
                IdleConnections.Open(load, IdleWarmup).Dispose();
            }

            Thread.Sleep(IdleTime);
            long before = ProcessFamily.ResidentBytes(peer.Pid);
            using var idle = IdleConnections.Open(load, IdleCount);
            Thread.Sleep(IdleTime);
            double kibibytes = (ProcessFamily.ResidentBytes(peer.Pid) - before) / 1024.0 / IdleCount;
            _rows.Add(new Row(Idle, name, 1, new LoadResult(0, 0, 0, 0, 0, kibibytes, 0, 0, 0, 0)));
        }
    }

    private void Show()
    {
        Spectre.Console.Table table = new Spectre.Console.Table().AddColumn("server CPU µs per operation, or as it says (median of rounds)");
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
        /// <summary>What the row is about: CPU time, or memory or a time where that was asked.</summary>
        public double Figure => Scenario.EndsWith("MiB", StringComparison.Ordinal) || Scenario == Idle ? Result.ResidentMegabytes
            : Scenario.EndsWith(HalfLoad, StringComparison.Ordinal) ? Result.P999
            : Result.ServerCpuMicroseconds;

        public string ToCsv() => string.Create(
            CultureInfo.InvariantCulture,
            $"\"{Scenario}\",{Peer},{Round},{Result.OperationsPerSecond:F0},{Result.ServerCpuMicroseconds:F3},{Result.P50:F1},{Result.P99:F1},{Result.P999:F1},{Result.ResidentMegabytes:F2}");
    }
}
