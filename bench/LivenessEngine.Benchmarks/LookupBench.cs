using System.Collections.Concurrent;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BitFaster.Caching.Lru;
using LivenessEngine.Table;

namespace LivenessEngine.Benchmarks;

/// <summary>
/// What do a beat and a question by key cost, against the dictionaries that one would take instead? Every member once in
/// random order, with keys that are the asker's own; the time is the wall's for one operation, whatever the threads.
/// </summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory, BenchmarkLogicalGroupRule.ByParams)]
[CategoriesColumn]
public class LookupBench
{
    private const int Batch = 200_000;
    private const long DownTime = TimeSpan.TicksPerMinute;

    private static volatile int s_sink;

    private Fleet _fleet = null!;
    private Crew _crew = null!;
    private uint _offset;

    [Params(1_000, 1_000_000)]
    public int Members { get; set; }

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _fleet = Peers.Of(Members).Fleet;
        _crew = new Crew(Threads);
    }

    [GlobalCleanup]
    public void Cleanup() => _crew.Dispose();

    [Benchmark(OperationsPerInvoke = Batch), BenchmarkCategory("beat")]
    public void BeatByKey()
    {
        LivenessTable table = Peers.Of(Members).Table;
        Run((from, to) =>
        {
            for (uint i = from; i < to; i++)
            {
                using EpochGuard guard = table.Enter();
                table.Members.TryTouch(guard, _fleet.QuestionBytes[i % (uint)_fleet.Count], Fleet.Now.Liveness + i);
            }
        });
    }

    [Benchmark(OperationsPerInvoke = Batch, Baseline = true), BenchmarkCategory("beat")]
    public void BeatConcurrentDictionary()
    {
        ConcurrentDictionary<string, long> dictionary = Peers.Of(Members).Dictionary;
        Run((from, to) =>
        {
            for (uint i = from; i < to; i++)
            {
                dictionary[_fleet.Questions[i % (uint)_fleet.Count]] = i;
            }
        });
    }

    [Benchmark(OperationsPerInvoke = Batch), BenchmarkCategory("beat")]
    public void BeatNonBlocking()
    {
        NonBlocking.ConcurrentDictionary<string, long> dictionary = Peers.Of(Members).NonBlocking;
        Run((from, to) =>
        {
            for (uint i = from; i < to; i++)
            {
                dictionary[_fleet.Questions[i % (uint)_fleet.Count]] = i;
            }
        });
    }

    [Benchmark(OperationsPerInvoke = Batch), BenchmarkCategory("beat")]
    public void BeatConcurrentLru()
    {
        ConcurrentLru<string, long> lru = Peers.Of(Members).Lru;
        Run((from, to) =>
        {
            for (uint i = from; i < to; i++)
            {
                lru.AddOrUpdate(_fleet.Questions[i % (uint)_fleet.Count], i);
            }
        });
    }

    [Benchmark(OperationsPerInvoke = Batch), BenchmarkCategory("is up")]
    public void IsUpByKey()
    {
        LivenessTable table = Peers.Of(Members).Table;
        Run((from, to) =>
        {
            int up = 0;
            for (uint i = from; i < to; i++)
            {
                using EpochGuard guard = table.Enter();
                int row = table.Members.Find(guard, _fleet.QuestionBytes[i % (uint)_fleet.Count]);
                up += (int)LivenessEvaluator.Evaluate(table.Members.Columns.LastSeen(row), Fleet.Now.Liveness, DownTime);
            }

            s_sink = up;
        });
    }

    [Benchmark(OperationsPerInvoke = Batch, Baseline = true), BenchmarkCategory("is up")]
    public void IsUpConcurrentDictionary()
    {
        ConcurrentDictionary<string, long> dictionary = Peers.Of(Members).Dictionary;
        Run((from, to) =>
        {
            int up = 0;
            for (uint i = from; i < to; i++)
            {
                up += (int)LivenessEvaluator.Evaluate(dictionary[_fleet.Questions[i % (uint)_fleet.Count]], Fleet.Now.Liveness, DownTime);
            }

            s_sink = up;
        });
    }

    [Benchmark(OperationsPerInvoke = Batch), BenchmarkCategory("is up")]
    public void IsUpNonBlocking()
    {
        NonBlocking.ConcurrentDictionary<string, long> dictionary = Peers.Of(Members).NonBlocking;
        Run((from, to) =>
        {
            int up = 0;
            for (uint i = from; i < to; i++)
            {
                up += (int)LivenessEvaluator.Evaluate(dictionary[_fleet.Questions[i % (uint)_fleet.Count]], Fleet.Now.Liveness, DownTime);
            }

            s_sink = up;
        });
    }

    [Benchmark(OperationsPerInvoke = Batch), BenchmarkCategory("is up")]
    public void IsUpConcurrentLru()
    {
        ConcurrentLru<string, long> lru = Peers.Of(Members).Lru;
        Run((from, to) =>
        {
            int up = 0;
            for (uint i = from; i < to; i++)
            {
                lru.TryGet(_fleet.Questions[i % (uint)_fleet.Count], out long lastSeen);
                up += (int)LivenessEvaluator.Evaluate(lastSeen, Fleet.Now.Liveness, DownTime);
            }

            s_sink = up;
        });
    }

    // Each invocation goes on where the last one stopped: of a million members nothing is still in a cache then.
    private void Run(Action<uint, uint> work)
    {
        uint start = _offset;
        _offset = (_offset + Batch) % 1_000_000;
        _crew.Run(Batch, (from, to) => work(start + (uint)from, start + (uint)to));
    }
}
