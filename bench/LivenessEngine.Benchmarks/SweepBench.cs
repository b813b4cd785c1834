using BenchmarkDotNet.Attributes;
using LivenessEngine.Evaluation;
using LivenessEngine.ServiceGroups;
using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Benchmarks;

/// <summary>How long does it take to judge everybody?</summary>
[MemoryDiagnoser]
public class SweepBench
{
    private LivenessMonitor _monitor = null!;
    private LivenessTable _table = null!;

    [Params(1_000, 100_000, 1_000_000)]
    public int Members { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var groups = new GroupDirectory();
        groups.GetOrAdd("compute");
        _table = new Fleet(Members).CreateTable(out _);
        _monitor = new LivenessMonitor(_table, new ServiceRegister(groups), new LivenessClock(TimeProvider.System, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(60)), TimeSpan.FromSeconds(60));
        _monitor.Sweep(Fleet.Now);
    }

    /// <summary>A sweep that finds no change, as nearly every one.</summary>
    [Benchmark]
    public void Sweep() => _monitor.Sweep(Fleet.Now);
}
