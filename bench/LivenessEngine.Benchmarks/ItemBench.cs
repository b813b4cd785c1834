using BenchmarkDotNet.Attributes;
using LivenessEngine.Table;

namespace LivenessEngine.Benchmarks;

/// <summary>What do get and set of an item cost the table, with keys of 40 bytes and values of 240?</summary>
[MemoryDiagnoser]
public class ItemBench
{
    private const int Batch = 200_000;
    private const int ValueLength = 240;

    private readonly byte[] _value = [.. Enumerable.Repeat((byte)'x', ValueLength), (byte)'\r', (byte)'\n'];
    private Fleet _fleet = null!;
    private LivenessTable _table = null!;
    private Crew _crew = null!;

    [Params(1_000, 100_000, 1_000_000)]
    public int Items { get; set; }

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _fleet = Peers.Of(Items).Fleet;
        _table = new LivenessTable(new TableOptions { MemoryLimit = 2L << 30 });
        Array.ForEach(_fleet.Keys, key => Store(System.Text.Encoding.ASCII.GetBytes(key)));
        _crew = new Crew(Threads);
    }

    [GlobalCleanup]
    public void Cleanup() => _crew.Dispose();

    [Benchmark(OperationsPerInvoke = Batch)]
    public void Set() => _crew.Run(Batch, (from, to) =>
    {
        for (int i = from; i < to; i++)
        {
            Store(_fleet.QuestionBytes[i % _fleet.Count]);
        }
    });

    [Benchmark(OperationsPerInvoke = Batch)]
    public void Get() => _crew.Run(Batch, (from, to) =>
    {
        Span<byte> copy = stackalloc byte[ValueLength + 2];
        for (int i = from; i < to; i++)
        {
            using EpochGuard guard = _table.Enter();
            if (_table.TryGet(guard, _fleet.QuestionBytes[i % _fleet.Count], Fleet.Now, out ItemView item) == LookupResult.Found)
            {
                item.Value.CopyTo(copy);
            }
        }
    });

    private void Store(byte[] key)
    {
        using EpochGuard guard = _table.Enter();
        _table.Writer.TryBegin(guard, key, 0, BlockHeader.Never, ValueLength, Fleet.Now, out NewItem item);
        _table.Writer.Append(guard, ref item, _value, Fleet.Now);
        _table.Writer.Commit(guard, ref item, StoreMode.Set, 0, 0, Fleet.Now, out _);
    }
}
