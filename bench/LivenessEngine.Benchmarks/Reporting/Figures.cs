namespace LivenessEngine.Benchmarks.Reporting;

/// <summary>Reads the figures out of what was measured.</summary>
internal sealed class Figures(
    IReadOnlyList<MicroRow> micro, IReadOnlyList<WireRow> wire, IReadOnlyList<WireRow> loops, IReadOnlyList<WireRow> busyLoops)
{
    // memcached 1.6.18 answers pipelined gets with a system call each; 1.6.45 does not, and then they cost what sets do (0.9 to
    // 1.15 µs beside 1.0 to 1.1 on one machine): so its sets stand for them.
    private const string SlowGets = "set, depth 16";

    private const string Million = "Members=1000000";
    private const string OneThread = Million + " Threads=1";
    private const string TwoThreads = Million + " Threads=2";

    /// <summary>Those that were measured in this run.</summary>
    public IEnumerable<Figure> All()
    {
        IEnumerable<Figure?> figures =
        [
            Nanoseconds("beat by handle", 3, nameof(HandleBench), nameof(HandleBench.BeatByHandle), Million),
            Gain("beat by key, 1,000,000 members, to ConcurrentDictionary", 2, nameof(LookupBench.BeatByKey), nameof(LookupBench.BeatConcurrentDictionary), OneThread),
            Gain("is up by key, 1,000,000 members, to ConcurrentDictionary", 2, nameof(LookupBench.IsUpByKey), nameof(LookupBench.IsUpConcurrentDictionary), OneThread),
            Gain("beat by key on two threads, to ConcurrentDictionary", 3, nameof(LookupBench.BeatByKey), nameof(LookupBench.BeatConcurrentDictionary), TwoThreads),
            Gain("is up by key on two threads, to ConcurrentDictionary", 3, nameof(LookupBench.IsUpByKey), nameof(LookupBench.IsUpConcurrentDictionary), TwoThreads),
            Allocated(),
            Sweep(),
            PerCpu("set, depth 1", 1.15),
            PerCpu("get, depth 1", 1.15),
            PerCpu("set, depth 16", 1.8),
            PerCpu("get, depth 16", 1.8, SlowGets),
            PerCpu("50-key get, per key", 2.5),
            PerCpu("set, 2,000 connections", 1.15),
            PerCpu("get, 2,000 connections", 1.15),
            AtMost("set, depth 1, half the load, p99.9 µs", 1, row => row.P999),
            AtMost("get, depth 1, half the load, p99.9 µs", 1, row => row.P999),
            Loops(busyLoops, "both busy on one core"),
            Loops(loops, "beside the load on the same cores"),
            AtMost("1,000,000 members, MiB", 1.3, row => row.ResidentMegabytes),
            AtMost("5,000 idle connections, KiB each", 1, row => row.ResidentMegabytes),
        ];
        return figures.OfType<Figure>();
    }

    private Figure? Nanoseconds(string name, double asked, string bench, string method, string parameters)
        => Find(bench, method, parameters) is { } row ? new Figure(name, asked, row.MeanNanoseconds, "ns", AtMost: true) : null;

    private Figure? Gain(string name, double asked, string ours, string theirs, string parameters)
        => Find(nameof(LookupBench), ours, parameters) is { } row && Find(nameof(LookupBench), theirs, parameters) is { } other
            ? new Figure(name + ", throughput", asked, other.MeanNanoseconds / row.MeanNanoseconds, "x", AtMost: false)
            : null;

    private Figure? Sweep() => Find(nameof(SweepBench), nameof(SweepBench.Sweep), Million) is { } row
        ? new Figure("sweep of 1,000,000 members", 0.5, row.MeanNanoseconds / 1e6, "ms", AtMost: true)
        : null;

    private Figure? Allocated()
    {
        string[] ours =
        [
            nameof(HandleBench.BeatByHandle), nameof(HandleBench.MembershipHeartbeat), nameof(LookupBench.BeatByKey),
            nameof(LookupBench.IsUpByKey), nameof(ItemBench.Get), nameof(ItemBench.Set), nameof(ProtocolBench.ParseGet), nameof(ProtocolBench.ParseSet),
        ];
        MicroRow[] rows = [.. micro.Where(row => ours.Contains(row.Method))];
        return rows.Length == 0 ? null : new Figure("allocated by a beat, question, get, set or parse", 0, rows.Max(row => Math.Floor(row.AllocatedBytes)), "B", AtMost: true);
    }

    private Figure? PerCpu(string scenario, double asked, string? theirs = null)
        => Ratio(scenario, theirs ?? scenario, row => row.CpuMicroseconds) is { } ratio
            ? new Figure($"wire: {scenario}, operations per CPU time to memcached's", asked, 1 / ratio, "x", AtMost: false)
            : null;

    private Figure? AtMost(string scenario, double asked, Func<WireRow, double> what)
        => Ratio(scenario, scenario, what) is { } ratio ? new Figure($"wire: {scenario}, to memcached's", asked, ratio, "x", AtMost: true) : null;

    // The worst of the loads, but for those that are about memory.
    private static Figure? Loops(IReadOnlyList<WireRow> rows, string where)
    {
        double[] ratios = [.. rows.Where(row => row.CpuMicroseconds > 0 && !row.Scenario.Contains("iB", StringComparison.Ordinal))
            .GroupBy(row => row.Scenario)
            .Select(rows => Middle(rows, "two loops") / Middle(rows, "one loop"))];
        return ratios.Length == 0 ? null : new Figure($"wire: CPU time per operation of two loops, to one loop's, {where}, the worst load", 1.15, ratios.Max(), "x", AtMost: true);

        static double Middle(IEnumerable<WireRow> rows, string peer)
            => Median([.. rows.Where(row => row.Peer == peer).Select(row => row.CpuMicroseconds).Order()]);
    }

    private double? Ratio(string scenario, string theirScenario, Func<WireRow, double> what)
    {
        double[] ours = [.. wire.Where(row => row.Scenario == scenario && row.Peer == "liveness").Select(what).Order()];
        double[] theirs = [.. wire.Where(row => row.Scenario == theirScenario && row.Peer == "memcached").Select(what).Order()];
        return ours.Length > 0 && theirs.Length > 0 ? Median(ours) / Median(theirs) : null;
    }

    private static double Median(double[] sorted) => (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;

    private MicroRow? Find(string bench, string method, string parameters)
        => micro.FirstOrDefault(row => row.Bench == bench && row.Method == method && row.Parameters == parameters);
}
