using LivenessEngine.Soak.Histories;
using LivenessEngine.Table;

namespace LivenessEngine.Soak;

/// <summary>
/// Three threads make a few operations each on one key, and all that they were answered has to fit into one order, as if
/// one had been made after the other.
/// </summary>
/// <remarks>
/// Thousands of short histories, since whether one fits takes the longer to find out the longer it is. All threads meet
/// before each, so that they begin at once.
/// </remarks>
public sealed class HistoriesAreLinearizable
{
    private const int Threads = 3;
    private const int PerThread = 4;
    private const int Batch = 64;
    private const int BatchesPerTable = 32;
    private const int HashSeed = 1;

    // Of a table's further items: many growths of its index, and so few that nothing is ever evicted to make room.
    private const int MostMore = 50_000;

    // In each bucket of a fresh table the first key is the one with the history, and the others come and go beside it.
    private static readonly byte[][][] Neighbours = [.. Enumerable.Range(0, 64 * 1024)
        .Select(i => SoakTable.KeyOf("k", i))
        .GroupBy(key => KeyHash.Compute(key, HashSeed) & 0xfff)
        .Where(bucket => bucket.Count() >= 4)
        .Take(Batch)
        .Select(bucket => bucket.Take(4).ToArray())];

    private readonly Operation[][][] _histories = [.. Enumerable.Range(0, Batch).Select(_ => new Operation[Threads][])];
    private SoakTable _table = NewTable();
    private long _moments;
    private int _arrived;
    private int _batches;
    private long _checked;
    private int _growths;

    private static int GrowthsOf(SoakTable table) => table.Table.BucketsLog2 - NewTable().Table.BucketsLog2;

    private static SoakTable NewTable() => new(new TableOptions { MemoryLimit = 16 << 20, HashSeed = HashSeed });

    [Fact]
    public void Of_every_operation_on_one_key()
    {
        var run = new SoakRun();
        using SoakRounds rounds = StartThreads(run);
        run.Run();
        MustHaveChecked();
    }

    [Fact]
    public void While_neighbours_come_and_go_and_the_index_grows()
    {
        var run = new SoakRun();
        using SoakRounds rounds = StartThreads(run);
        int more = 0;
        SoakTable last = _table;
        run.Repeat(1, random =>
        {
            SoakTable table = Volatile.Read(ref _table);
            byte[][] bucket = Neighbours[Math.Max(Volatile.Read(ref _arrived) / Threads, 0) % Batch];
            for (int i = 0; i < 8; i++)
            {
                byte[] key = bucket[random.Next(1, bucket.Length)];
                _ = random.Next(2) == 0 ? table.Set(key, "v"u8) == StoreResult.Stored : table.Delete(key);
            }

            (last, more) = (table, ReferenceEquals(table, last) ? more : 0);
            for (int i = 0; i < 16 && more < MostMore; i++)
            {
                table.Set(SoakTable.KeyOf("more", more++), "v"u8);
            }

            // The others wait for each other, not for this.
            Thread.Yield();
        }).Run();
        MustHaveChecked();
        Assert.True(_growths + GrowthsOf(_table) > 0, "no index has grown");
    }

    private SoakRounds StartThreads(SoakRun run)
    {
        var rounds = new SoakRounds(run, Threads, CheckBatch);
        int next = -1;
        run.Start(Threads, random =>
        {
            int thread = Interlocked.Increment(ref next);
            var operations = new KeyOperations(random);
            do
            {
                for (int i = 0; i < Batch; i++)
                {
                    _histories[i][thread] = [.. Enumerable.Range(0, random.Next(3, PerThread + 1)).Select(_ => operations.Next())];
                    Meet(run, (i + 1) * Threads);
                    foreach (Operation operation in _histories[i][thread])
                    {
                        operations.Make(operation, _table, Neighbours[i][0], ref _moments);
                    }
                }
            }
            while (rounds.Next());
        });
        return rounds;
    }

    // Spins, because whoever has to be woken comes when the others are done; yields, because there may be fewer cores.
    private void Meet(SoakRun run, int all)
    {
        Interlocked.Increment(ref _arrived);
        for (int i = 1; Volatile.Read(ref _arrived) < all && run.IsOn; i++)
        {
            if (i % 32 == 0)
            {
                Thread.Yield();
            }
        }
    }

    private void CheckBatch()
    {
        foreach (Operation[][] history in _histories)
        {
            Operation[] all = [.. history.SelectMany(operations => operations)];
            if (!History.IsLinearizable(all))
            {
                throw new InvalidOperationException($"no order explains history {_checked}:\n{History.Describe(all)}");
            }

            _checked++;
        }

        if (++_batches % BatchesPerTable == 0)
        {
            _growths += GrowthsOf(_table);
            Volatile.Write(ref _table, NewTable());
        }

        foreach (byte[][] bucket in Neighbours)
        {
            _table.Delete(bucket[0]);
        }

        Volatile.Write(ref _arrived, 0);
    }

    private void MustHaveChecked()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{_checked} histories, {_growths + GrowthsOf(_table)} growths");
        Assert.True(_checked >= 10 * Batch, $"only {_checked} histories were made");
    }
}
