using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Soak;

/// <summary>
/// What a reader has found stays as it is until it leaves its epoch, though everything around it is replaced, deleted
/// and evicted, and memory is so small that whatever comes back is written over at once.
/// </summary>
public sealed class ReadersNeverSeeAReusedBlock
{
    private const int Keys = 150;

    private static readonly byte[][] KeyBytes = [.. Enumerable.Range(0, Keys).Select(i => SoakTable.KeyOf("compute:", i))];

    private static long s_number;

    [ThreadStatic]
    private static byte[]? t_buffer;

    /// <summary>Mostly small, of all size classes; one in forty is a chain of chunks.</summary>
    private static int AnyLength(Random random)
    {
        int words = random.Next(40) switch
        {
            0 => random.Next(5_000, 15_000),
            < 10 => random.Next(100, 4_000),
            _ => random.Next(0, 100),
        };
        return SealedValue.Smallest + (words * 8);
    }

    private static void Write(SoakTable table, int key, int length, long deadline = Expiry.Never, int group = -1)
    {
        Span<byte> value = (t_buffer ??= new byte[200_000]).AsSpan(0, length);
        uint flags = SealedValue.Fill(value, key, (ulong)Interlocked.Increment(ref s_number));
        table.Set(KeyBytes[key], value, flags, deadline, group);
    }

    private static void Read(SoakTable table, int key, Random random)
    {
        using EpochGuard guard = table.Table.Enter();
        if (table.Table.TryGet(guard, KeyBytes[key], SoakTable.Now, out ItemView item) == LookupResult.Found)
        {
            SealedValue.CheckItem(table.Table, item, key, KeyBytes[key], random);
        }
    }

    private static void ReadHeld(SoakTable table, int key)
    {
        HeldValue held;
        int length;
        using (EpochGuard guard = table.Table.Enter())
        {
            if (table.Table.TryGet(guard, KeyBytes[key], SoakTable.Now, out ItemView item) != LookupResult.Found || !item.IsChunked)
            {
                return;
            }

            length = item.ValueLength;
            held = table.Table.Hold(item);
        }

        var reading = new SealedValue.Reading(key, length);
        while (held.TryNext(out ReadOnlySpan<byte> part))
        {
            // A slow client: everything else may happen between two pieces.
            Thread.Yield();
            if (SealedValue.Check(ref reading, part) is { } wrong)
            {
                throw new InvalidOperationException($"held value of key {key}: {wrong}");
            }
        }

        reading.MustHaveEnded();
        held.Release();
    }

    private static void Change(SoakTable table, int key, Random random)
    {
        switch (random.Next(6))
        {
            case 0 or 1:
                table.Delete(KeyBytes[key]);
                break;
            case 2 or 3:
                table.Touch(KeyBytes[key], SoakTable.Now.UnixMilliseconds + random.Next(1, 50));
                break;
            case 4:
                table.Table.Crawl(8, SoakTable.Now);
                break;
            default:
                using (EpochGuard guard = table.Table.Enter())
                {
                    table.Table.DropItem(guard, KeyBytes[key]);
                }

                break;
        }
    }

    [Fact]
    public void Under_traffic_of_every_size()
    {
        var table = new SoakTable(pages: 24);
        new SoakRun()
            .Repeat(3, random => Write(table, random.Next(Keys), AnyLength(random), random.Next(4) == 0 ? SoakTable.Now.UnixMilliseconds + random.Next(20) : Expiry.Never))
            .Repeat(3, random => Read(table, random.Next(Keys), random))
            .Repeat(1, random => Change(table, random.Next(Keys), random))
            .Run();
    }

    [Fact]
    public void On_a_few_keys_that_everybody_wants()
    {
        var table = new SoakTable(pages: 4);
        new SoakRun()
            .Repeat(2, random => Write(table, random.Next(3), SealedValue.Smallest + (random.Next(8) * 16)))
            .Repeat(1, random => table.Delete(KeyBytes[random.Next(3)]))
            .Repeat(1, random => table.Settle())
            .Repeat(3, random => Read(table, random.Next(3), random))
            .Run();
    }

    [Fact]
    public void When_values_are_held_beyond_the_epoch()
    {
        var table = new SoakTable(pages: 64);
        new SoakRun()
            .Repeat(2, random => Write(table, random.Next(8), SealedValue.Smallest + (random.Next(5_000, 15_000) * 8)))
            .Repeat(1, random => Change(table, random.Next(8), random))
            .Repeat(3, random => ReadHeld(table, random.Next(8)))
            .Run();

        // Nothing was given back too often, which the readers would have seen, and nothing too seldom.
        for (int key = 0; key < 8; key++)
        {
            table.Delete(KeyBytes[key]);
        }

        table.Settle();
        Assert.Equal(0, table.BlocksInUse());
    }

    [Fact]
    public void When_many_hold_and_let_go_of_one_value()
    {
        var table = new SoakTable(pages: 64);
        new SoakRun()
            .Repeat(3, random =>
            {
                HeldValue held = default;
                using (EpochGuard guard = table.Table.Enter())
                {
                    if (table.Table.TryGet(guard, KeyBytes[0], SoakTable.Now, out ItemView item) == LookupResult.Found)
                    {
                        held = table.Table.Hold(item);
                    }
                }

                held.Release();
            })
            .Repeat(1, random => table.Touch(KeyBytes[0], SoakTable.Now.UnixMilliseconds + random.Next(1000, 1_000_000)))
            .Repeat(1, random =>
            {
                Write(table, 0, SealedValue.Smallest + (5_000 * 8));
                Thread.SpinWait(random.Next(10_000));
            })
            .Run();
        table.Delete(KeyBytes[0]);
        table.Settle();
        Assert.Equal(0, table.BlocksInUse());
    }

    [Fact]
    public void When_the_store_that_shows_a_reader_is_late()
    {
        // Stores leave a core in order, so those into cold memory in front of it keep back the one that says "I am inside",
        // while the loads behind it are made. One writer replaces, takes back and reuses at once.
        var table = new SoakTable(pages: 4);
        long[] cold = new long[(256 << 20) / sizeof(long)];
        new SoakRun()
            .Repeat(1, random =>
            {
                for (int i = 0; i < 8; i++)
                {
                    Write(table, 0, 64);
                    table.Settle();
                }
            })
            .Repeat(1, random =>
            {
                int key = 0;
                ulong at = (ulong)random.NextInt64();
                for (int i = 0; i < 40; i++)
                {
                    // Anywhere, worked out faster than the memory takes it.
                    at = (at * 6364136223846793005) + 1442695040888963407;
                    cold[(at >> 33) & (ulong)(cold.Length - 1)] = i;
                }

                using EpochGuard guard = table.Table.Enter();
                if (table.Table.TryGet(guard, KeyBytes[key], SoakTable.Now, out ItemView item) == LookupResult.Found)
                {
                    for (int i = 0; i < 60; i++)
                    {
                        var reading = new SealedValue.Reading(key, item.ValueLength);
                        if (SealedValue.Check(ref reading, item.Value) is { } wrong)
                        {
                            throw new InvalidOperationException($"key {key}: {wrong}");
                        }
                    }
                }
            })
            .Run();
    }
}
