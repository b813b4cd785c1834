using LivenessEngine.Table;

namespace LivenessEngine.Soak;

/// <summary>
/// Of all who see an item stale one is told to renew it, whoever else copies the item at the same time: to give it another
/// deadline, to count with it, to mark it stale again.
/// </summary>
public sealed class OneReaderWins
{
    private const int Keys = 2;

    private static readonly byte[][] KeyBytes = [.. Enumerable.Range(0, Keys).Select(i => SoakTable.KeyOf("s", i))];

    [Fact]
    public void Of_each_version()
    {
        var table = new SoakTable(pages: 1024, evict: false);
        Array.ForEach(KeyBytes, key => table.Set(key, "0"u8));

        // One bit a version.
        int[] won = new int[8 << 20];
        long stale = 0, wins = 0;
        new SoakRun()
            .Repeat(6, random => Visit(table, KeyBytes[random.Next(Keys)], won, ref wins))
            .Repeat(1, random => Interlocked.Add(ref stale, Invalidate(table, KeyBytes[random.Next(Keys)]) ? 1 : 0))
            .Repeat(1, random => table.Touch(KeyBytes[random.Next(Keys)], SoakTable.Now.UnixMilliseconds + random.Next(1_000_000, 2_000_000)))
            .Run();
        Assert.True(wins > 0 && wins <= stale, $"{wins} of {stale} were won");
    }

    private static void Visit(SoakTable table, byte[] key, int[] won, ref long wins)
    {
        using EpochGuard guard = table.Table.Enter();
        var visit = new Visit { MayWin = true };
        if (table.Table.Editor.TryVisit(guard, key, ref visit, SoakTable.Now, out ItemView item) != LookupResult.Found)
        {
            throw new InvalidOperationException("what is always there is not found");
        }

        bool wasWon = (visit.FormerMarks & ItemMarks.Won) != 0;
        bool wasStale = (visit.FormerMarks & ItemMarks.Stale) != 0;
        if (visit.MayWin && (wasStale && !wasWon) != visit.Won)
        {
            throw new InvalidOperationException("a stale item was nobody's to renew");
        }

        if (!visit.Won)
        {
            return;
        }

        Interlocked.Increment(ref wins);
        ulong version = item.Cas;
        if (version / 32 < (ulong)won.Length
            && (Interlocked.Or(ref won[version / 32], 1 << (int)(version % 32)) & (1 << (int)(version % 32))) != 0)
        {
            throw new InvalidOperationException($"two have won version {version}");
        }
    }

    private static bool Invalidate(SoakTable table, byte[] key)
    {
        using EpochGuard guard = table.Table.Enter();
        return table.Table.Editor.TryInvalidate(guard, key, new Invalidation { MarksStale = true }, SoakTable.Now, out _) == LookupResult.Found;
    }
}
