namespace LivenessEngine.Benchmarks.Reporting;

/// <summary>Reads the figures out of what was measured.</summary>
internal sealed class Figures(IReadOnlyList<MicroRow> micro, IReadOnlyList<WireRow> wire)
{
    private const string Million = "Members=1000000";
    private const string OneThread = Million + " Threads=1";
    private const string TwoThreads = Million + " Threads=2";

    /// <summary>Those that were measured in this run.</summary>
    public IEnumerable<Figure> All()
    {
        IEnumerable<Figure?> figures =
        [
            Nanoseconds("beat by handle", 3, nameof(HandleBench), nameof(HandleBench.BeatByHandle), Million),
            Gain("beat by key, 1,000,000 members, to ConcurrentDictionary", 1, nameof(LookupBench.BeatByKey), nameof(LookupBench.BeatConcurrentDictionary), OneThread),
            Gain("is up by key, 1,000,000 members, to ConcurrentDictionary", 1, nameof(LookupBench.IsUpByKey), nameof(LookupBench.IsUpConcurrentDictionary), OneThread),
            Gain("beat by key on two threads, to ConcurrentDictionary", 2, nameof(LookupBench.BeatByKey), nameof(LookupBench.BeatConcurrentDictionary), TwoThreads),
            Allocated(),
            Sweep(),
            Cost("set, depth 1", 1.6),
            Cost("get, depth 1", 1.6),
            Cost("set, depth 16", 1.3),
            Cost("get, depth 16", 1.3),
            Cost("50-key get, per key", 1.0),
            Memory(),
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
        ? new Figure("sweep of 1,000,000 members", 1, row.MeanNanoseconds / 1e6, "ms", AtMost: true)
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

    private Figure? Cost(string scenario, double asked)
        => Ratio(scenario, row => row.CpuMicroseconds) is { } ratio
            ? new Figure($"wire: {scenario}, server CPU to memcached's", asked, ratio, "x", AtMost: true)
            : null;

    private Figure? Memory()
        => Ratio("1,000,000 members, MiB", row => row.ResidentMegabytes) is { } ratio
            ? new Figure("memory of 1,000,000 members, to memcached's", 1.3, ratio, "x", AtMost: true)
            : null;

    private double? Ratio(string scenario, Func<WireRow, double> what)
    {
        double[] ours = [.. wire.Where(row => row.Scenario == scenario && row.Peer == "liveness").Select(what).Order()];
        double[] theirs = [.. wire.Where(row => row.Scenario == scenario && row.Peer == "memcached").Select(what).Order()];
        return ours.Length > 0 && theirs.Length > 0 ? Median(ours) / Median(theirs) : null;
    }

    private static double Median(double[] sorted) => (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;

    private MicroRow? Find(string bench, string method, string parameters)
        => micro.FirstOrDefault(row => row.Bench == bench && row.Method == method && row.Parameters == parameters);
}
