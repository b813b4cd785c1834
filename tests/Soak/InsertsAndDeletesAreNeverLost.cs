using LivenessEngine.Table;

namespace LivenessEngine.Soak;

/// <summary>Of those who add one key at the same time one wins, and of those who delete it one.</summary>
public sealed class InsertsAndDeletesAreNeverLost
{
    private const int Threads = 4;
    private const int Keys = 256;

    [Fact]
    public void Exactly_one_thread_wins()
    {
        var table = new SoakTable(pages: 128);
        byte[][] keys = [.. Enumerable.Range(0, Keys).Select(i => SoakTable.KeyOf("key", i))];
        int[] added = new int[Keys];
        int[] deleted = new int[Keys];
        var run = new SoakRun();
        using var halves = new SoakRounds(run, Threads, () => MustBeOneEach(added, "added"));
        using var rounds = new SoakRounds(run, Threads, () => MustBeOneEach(deleted, "deleted"));
        run.Start(Threads, _ =>
        {
            // Every thread goes through the keys in the same order, so that they meet at most of them.
            do
            {
                for (int key = 0; key < Keys; key++)
                {
                    StoreResult result = table.Store(StoreMode.Add, keys[key], "v"u8, out ulong _);
                    Assert.True(result is StoreResult.Stored or StoreResult.NotStored);
                    Count(ref added[key], result == StoreResult.Stored);
                }

                halves.Next();
                for (int key = 0; key < Keys; key++)
                {
                    Count(ref deleted[key], table.Delete(keys[key]));
                }
            }
            while (rounds.Next());
        }).Run();
    }

    private static void Count(ref int counter, bool won)
    {
        if (won)
        {
            Interlocked.Increment(ref counter);
        }
    }

    private static void MustBeOneEach(int[] winners, string what)
    {
        for (int key = 0; key < Keys; key++)
        {
            if (winners[key] != 1)
            {
                throw new InvalidOperationException($"key {key} was {what} by {winners[key]} threads");
            }
        }

        Array.Clear(winners);
    }
}
