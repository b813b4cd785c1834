using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Soak;

/// <summary>Several threads need memory at once, in all size classes: it stays within its limit, and who is alive stays.</summary>
public sealed class EvictionUnderPressure
{
    private const int Pages = 64;
    private const int Members = 500;

    [Fact]
    public void Memory_stays_within_its_limit_members_stay_and_nothing_leaks()
    {
        var table = new SoakTable(Pages);
        SlabAllocator slabs = table.Table.Core.Store.Slabs;
        byte[][] members = [.. Enumerable.Range(0, Members).Select(i => SoakTable.KeyOf("compute:node", i))];
        Array.ForEach(members, member => Assert.Equal(StoreResult.Stored, table.Set(member, new byte[240], group: 0)));
        long stored = 0;
        long refused = 0;
        new SoakRun()
            .Repeat(5, random =>
            {
                // Each goes through phases of one size, so that pages have to go from class to class.
                int length = random.Next(8) == 0 ? random.Next(40_000, 200_000) : random.Next(10, 4_000);
                byte[] value = new byte[length];
                for (int i = 0; i < 50; i++)
                {
                    long deadline = random.Next(3) == 0 ? SoakTable.Now.UnixMilliseconds + random.Next(30) : Expiry.Never;
                    StoreResult result = table.Set(SoakTable.KeyOf("k", random.Next(20_000)), value, deadline: deadline);
                    Interlocked.Increment(ref result == StoreResult.Stored ? ref stored : ref refused);
                    if (result != StoreResult.Stored)
                    {
                        // Some thread was stopped inside its epoch, and what was evicted cannot come back before it goes on.
                        Thread.Sleep(1);
                    }

                    Assert.True(slabs.PagesInUse <= Pages + slabs.Overdraft + 8, "the limit and its overdraft, and what threads have asked for in vain at the moment");
                }
            })
            .Repeat(1, random =>
            {
                table.Set(members[random.Next(Members)], new byte[240], group: 0);
                using EpochGuard guard = table.Table.Enter();
                Assert.True(table.Table.Members.TryTouch(guard, members[random.Next(Members)], SoakTable.Now.Liveness), "a live member is gone");
            })
            .Repeat(1, _ =>
            {
                table.Table.Crawl(16, SoakTable.Now);
                Thread.Sleep(1);
            })
            .Run();
        Assert.All(members, member => Assert.True(table.Get(member, out _) is { Length: 240 }));
        Assert.True(stored > 20 * refused, $"{stored} stored, {refused} refused");
        Assert.Equal(StoreResult.Stored, table.Set("afterwards"u8, new byte[100_000]));

        // Everything is deleted: then every block has come back.
        table.Table.Flush();
        Array.ForEach(members, member => table.Delete(member));
        table.Table.Crawl(10_000, SoakTable.Now);
        Assert.Equal(0, table.Table.Counters.Sum(TableCounter.Items));
        Assert.Equal(0, table.BlocksInUse());
        Assert.Equal(0, slabs.PagesDraining);
    }
}
