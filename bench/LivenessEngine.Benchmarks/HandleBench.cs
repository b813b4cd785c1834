using BenchmarkDotNet.Attributes;
using LivenessEngine.Table;

namespace LivenessEngine.Benchmarks;

/// <summary>What does a beat cost a member that holds its handle?</summary>
[MemoryDiagnoser]
public class HandleBench
{
    private const int Batch = 1000;

    private (int Row, uint Tenure)[] _handles = null!;
    private LivenessTable _table = null!;
    private ServiceGroup _group = null!;
    private Membership _membership = null!;

    [Params(1_000, 1_000_000)]
    public int Members { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _table = new Fleet(Members).CreateTable(out _handles);
        _group = new ServiceGroup();
        _membership = _group.Join("node1", "compute");
    }

    [GlobalCleanup]
    public void Cleanup() => _group.Dispose();

    /// <summary>The beat itself, at a time that is known: one store inside an epoch.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public bool BeatByHandle()
    {
        bool all = true;
        long now = Fleet.Now.Liveness;
        MemberDirectory members = _table.Members;
        foreach ((int row, uint tenure) in _handles.AsSpan(0, Batch))
        {
            all &= members.TryTouch(row, tenure, now);
        }

        return all;
    }

    /// <summary>Membership.Heartbeat(): the beat and a reading of the clock.</summary>
    [Benchmark]
    public bool MembershipHeartbeat() => _membership.Heartbeat();
}
