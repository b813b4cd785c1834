using LivenessEngine.Table;

namespace LivenessEngine.Soak;

/// <summary>
/// Every key whose store was acknowledged is found from then on, while the buckets double and several threads link the same
/// ones; and none whose delete was acknowledged.
/// </summary>
public sealed class GrowthLosesNothing
{
    private const int Writers = 4;
    private const int PerWriter = 6_000;

    [Fact]
    public void While_threads_insert_look_up_and_delete()
    {
        var run = new SoakRun();
        byte[][][] keys = [.. Enumerable.Range(0, Writers).Select(writer => InOrderOfBuckets(writer))];
        SoakTable table = NewTable();
        int[] acknowledged = new int[Writers];
        using var rounds = new SoakRounds(run, Writers, () =>
        {
            MustHoldTheSecondHalves(table, keys);
            table = NewTable();
            Array.Clear(acknowledged);
        });
        int next = -1;
        run.Start(Writers, _ =>
        {
            int writer = Interlocked.Increment(ref next);
            byte[][] mine = keys[writer];
            do
            {
                SoakTable round = table;
                for (int i = 0; i < PerWriter; i++)
                {
                    Assert.True(round.Set(mine[i], "v"u8) == StoreResult.Stored);
                    Volatile.Write(ref acknowledged[writer], i + 1);
                    if (i >= PerWriter / 2)
                    {
                        Assert.True(round.Delete(mine[i - (PerWriter / 2)]), "a key that was stored is not there to be deleted");
                    }

                    // Somebody else's, of those it cannot have deleted yet.
                    int other = (writer + 1 + (i % (Writers - 1))) % Writers;
                    int count = Volatile.Read(ref acknowledged[other]);
                    if (count is > 0 and <= PerWriter / 2)
                    {
                        int key = (i * 31) % count;
                        Assert.True(round.Get(keys[other][key], out ulong _) == "v" || Volatile.Read(ref acknowledged[other]) != count, "a key that was stored is not found");
                    }
                }
            }
            while (rounds.Next());
        }).Run();
    }

    private static SoakTable NewTable() => new(new TableOptions { MemoryLimit = 16 << 20, HashSeed = 1 });

    // So that all writers come to a bucket at the same time, and have to link it.
    private static byte[][] InOrderOfBuckets(int writer)
        => [.. Enumerable.Range(0, PerWriter)
            .Select(i => SoakTable.KeyOf($"writer{writer}:", i))
            .OrderBy(key => KeyHash.Compute(key, 1) & 0xfff)];

    private static void MustHoldTheSecondHalves(SoakTable table, byte[][][] keys)
    {
        foreach (byte[][] mine in keys)
        {
            for (int i = 0; i < PerWriter; i++)
            {
                if (table.Get(mine[i], out _) == "v" != i >= PerWriter / 2)
                {
                    throw new InvalidOperationException($"key {i} in order is {(i >= PerWriter / 2 ? "lost" : "not deleted")}");
                }
            }
        }

        if (table.Table.Counters.Sum(TableCounter.Items) != Writers * PerWriter / 2)
        {
            throw new InvalidOperationException($"{table.Table.Counters.Sum(TableCounter.Items)} items are counted");
        }
    }
}
