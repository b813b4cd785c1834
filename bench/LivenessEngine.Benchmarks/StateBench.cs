using BenchmarkDotNet.Attributes;
using LivenessEngine.Table;
using LivenessEngine.Table.State;

namespace LivenessEngine.Benchmarks;

/// <summary>What does it cost to set and get where the table is a file, and how long does a start on it take?</summary>
public class StateBench
{
    private const int Batch = 200_000;
    private const int ValueLength = 236;

    private readonly byte[] _value = [.. Enumerable.Repeat((byte)'x', ValueLength), (byte)'\r', (byte)'\n'];
    private Fleet _fleet = null!;
    private LivenessTable _table = null!;
    private StateFile? _file;
    private string _folder = "";

    [Params(100_000, 1_000_000)]
    public int Members { get; set; }

    [Params(false, true)]
    public bool InFile { get; set; }

    private StateFileOptions Options => new(Path.Combine(_folder, "state"));

    private static TableOptions TableOptions => new() { MemoryLimit = 2L << 30 };

    [GlobalSetup]
    public void Setup()
    {
        _folder = Directory.CreateTempSubdirectory("liveness-bench-").FullName;
        _fleet = Peers.Of(Members).Fleet;
        Open();
        _file?.Image.Groups.Write(0, "compute"u8);
        foreach (string key in _fleet.Keys)
        {
            Store(System.Text.Encoding.ASCII.GetBytes(key));
        }
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _file?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public void Set()
    {
        for (int i = 0; i < Batch; i++)
        {
            Store(_fleet.QuestionBytes[i % _fleet.Count]);
        }
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public void Get()
    {
        Span<byte> copy = stackalloc byte[ValueLength + 2];
        for (int i = 0; i < Batch; i++)
        {
            using EpochGuard guard = _table.Enter();
            if (_table.TryGet(guard, _fleet.QuestionBytes[i % _fleet.Count], Fleet.Now, out ItemView item) == LookupResult.Found)
            {
                item.Value.CopyTo(copy);
            }
        }
    }

    /// <summary>Nothing in memory alone.</summary>
    [Benchmark]
    public long Start()
    {
        if (!InFile)
        {
            return 0;
        }

        _file!.Dispose();
        RestoredState restored = Open();
        return restored.Items == Members ? restored.Members : throw new InvalidOperationException($"{restored}");
    }

    private RestoredState Open()
    {
        _file = InFile ? StateFile.Open(Options, TableOptions, DateTimeOffset.UtcNow) : null;
        _table = new LivenessTable(TableOptions with { State = _file });
        return _table.Restore(DateTimeOffset.UtcNow);
    }

    private void Store(byte[] key)
    {
        using EpochGuard guard = _table.Enter();
        _table.Writer.TryBegin(guard, key, 0, BlockHeader.Never, ValueLength, Fleet.Now, out NewItem item);
        _table.Writer.Append(guard, ref item, _value, Fleet.Now);
        _table.Writer.Commit(guard, ref item, StoreMode.Set, 0, 0, Fleet.Now, out _);
    }
}
