using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Soak;

/// <summary>
/// Members come and go, their rows are used again at once, and threads that have kept the handles of those who left go on
/// beating them. Each beat tells whose it is, in place of the time: a row must never hold another member's.
/// </summary>
public sealed class ALateBeatNeverRevivesAnotherMember
{
    private sealed record Handle(int Row, uint Tenure, long Id);

    private static void Sweep(LivenessTable table)
    {
        for (Departure? departure = table.Members.Columns.TakeDepartures(); departure != null; departure = departure.Next)
        {
            using EpochGuard guard = table.Enter();
            table.Members.Retire(guard, departure.Row);
        }

        table.Crawl(0, SoakTable.Now);
    }

    private static void MustBe(long expected, long found, string whose)
    {
        if (found != expected)
        {
            throw new InvalidOperationException($"{whose} was last seen by the beat of {found}, not {expected}");
        }
    }

    [Fact]
    public void Through_handles_that_outlive_their_members()
    {
        const int names = 6;
        LivenessTable table = new SoakTable(pages: 4).Table;
        var handles = new Handle[names];
        Array.Fill(handles, new Handle(0, uint.MaxValue, 1));
        long next = 1;
        new SoakRun()
            .Repeat(2, random =>
            {
                // Each of these threads has names of its own, so it knows who is in them.
                int name = (random.Next(names / 2) * 2) + (Environment.CurrentManagedThreadId & 1);
                byte[] key = SoakTable.KeyOf("g:", (name * 1000) + Environment.CurrentManagedThreadId);
                long id = Interlocked.Increment(ref next);
                Handle handle;
                using (EpochGuard guard = table.Enter())
                {
                    int row = table.Members.Join(guard, key, 0, new Moment(id, SoakTable.Now.UnixMilliseconds), out uint tenure);
                    handle = new Handle(row, tenure, id);
                }

                if (handle.Row == 0)
                {
                    // All rows wait for the sweep.
                    Sweep(table);
                    return;
                }

                // Nobody has its handle yet, so nothing but the join can have been seen.
                for (int i = random.Next(400); i >= 0; i--)
                {
                    MustBe(id, table.Members.Columns.LastSeen(handle.Row), "somebody who never beat");
                }

                Volatile.Write(ref handles[name], handle);
                for (int i = random.Next(400); i >= 0; i--)
                {
                    MustBe(id, table.Members.Columns.LastSeen(handle.Row), "a member");
                }

                using (EpochGuard guard = table.Enter())
                {
                    table.Members.TryRemove(guard, key);
                }

                if (random.Next(2) == 0)
                {
                    Sweep(table);
                }
            })
            .Repeat(1, _ => Sweep(table))
            .Repeat(4, random =>
            {
                Handle handle = Volatile.Read(ref handles[random.Next(names)]);
                for (int i = 0; i < 2000; i++)
                {
                    table.Members.TryTouch(handle.Row, handle.Tenure, handle.Id);
                }
            })
            .Run();
    }

    [Fact]
    public void When_many_join_and_leave_under_the_same_names()
    {
        const int names = 3;
        LivenessTable table = new SoakTable(pages: 4).Table;
        byte[][] keys = [.. Enumerable.Range(0, names).Select(name => SoakTable.KeyOf("g:", name))];
        new SoakRun()
            .Repeat(3, random =>
            {
                int name = random.Next(names);
                Handle handle;
                using (EpochGuard guard = table.Enter())
                {
                    int row = table.Members.Join(guard, keys[name], 0, new Moment(name + 1, SoakTable.Now.UnixMilliseconds), out uint tenure);
                    handle = new Handle(row, tenure, name + 1);
                }

                for (int i = random.Next(300); i >= 0; i--)
                {
                    table.Members.TryTouch(handle.Row, handle.Tenure, handle.Id);
                }
            })
            .Repeat(2, random =>
            {
                using EpochGuard guard = table.Enter();
                table.Members.TryRemove(guard, keys[random.Next(names)]);
            })
            .Repeat(1, _ => Sweep(table))
            .Repeat(2, random =>
            {
                int name = random.Next(names);
                using EpochGuard guard = table.Enter();
                int row = table.Members.Find(guard, keys[name]);
                long lastSeen = table.Members.Columns.LastSeen(row);
                if (row != 0 && lastSeen != 0)
                {
                    // 0 if it has left since and the sweep knows; anything else has to be its own.
                    MustBe(name + 1, lastSeen, $"member {name + 1}");
                }
            })
            .Run();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    public void When_a_row_is_taken_over_while_threads_are_stopped(int beating)
    {
        // More threads than cores beat one member, so some are stopped in the middle of a beat when it leaves. Nobody has
        // the handle of who comes into its row until the stopped ones have gone on.
        LivenessTable table = new SoakTable(pages: 4).Table;
        var present = new Handle(0, uint.MaxValue, 0);
        long id = 0;
        new SoakRun(share: 0.5)
            .Repeat(1, _ =>
            {
                byte[] key = SoakTable.KeyOf("g:", (int)++id);
                Handle handle;
                using (EpochGuard guard = table.Enter())
                {
                    int row = table.Members.Join(guard, key, 0, new Moment(id, SoakTable.Now.UnixMilliseconds), out uint tenure);
                    handle = new Handle(row, tenure, id);
                }

                for (int i = 0; i < 5; i++)
                {
                    Thread.Sleep(1);
                    MustBe(id, table.Members.Columns.LastSeen(handle.Row), "somebody who never beat");
                }

                Volatile.Write(ref present, handle);
                Thread.Sleep(1);
                using (EpochGuard guard = table.Enter())
                {
                    table.Members.TryRemove(guard, key);
                }

                Sweep(table);
            })
            .Repeat(beating, _ =>
            {
                Handle handle = Volatile.Read(ref present);
                for (int i = 0; i < 100; i++)
                {
                    table.Members.TryTouch(handle.Row, handle.Tenure, handle.Id);
                }
            })
            .Run();
    }
}
