using System.Globalization;
using System.Text;
using LivenessEngine.Table;

namespace LivenessEngine.Soak;

/// <summary>What was acknowledged has happened, once, however many change one item at the same time.</summary>
/// <remarks>
/// While a thread is stopped inside its epoch the others can use memory up, and are refused; that is no acknowledgement.
/// Nothing is evicted here, because the items counted with are all there is.
/// </remarks>
public sealed class UpdatesAreNeverLost
{
    private const int Keys = 4;

    private static readonly byte[][] KeyBytes = [.. Enumerable.Range(0, Keys).Select(i => SoakTable.KeyOf("n", i))];

    private static ulong NumberAt(SoakTable table, int key)
        => ulong.Parse(table.Get(KeyBytes[key], out _)!.TrimEnd(), CultureInfo.InvariantCulture);

    [Fact]
    public void By_incr()
    {
        var table = new SoakTable(pages: 1024, evict: false);
        long[] added = new long[Keys];
        Array.ForEach(KeyBytes, key => table.Set(key, "0"u8));
        new SoakRun()
            .Repeat(5, random =>
            {
                int key = random.Next(Keys);
                uint delta = (uint)random.Next(1, 1000);
                ArithmeticResult result = table.Incr(KeyBytes[key], delta, out _, out _);
                Assert.True(result is ArithmeticResult.Done or ArithmeticResult.OutOfMemory);
                Interlocked.Add(ref added[key], result == ArithmeticResult.Done ? delta : 0);
            })
            .Repeat(1, random => table.Touch(KeyBytes[random.Next(Keys)], SoakTable.Now.UnixMilliseconds + 1_000_000))
            .Run();
        for (int key = 0; key < Keys; key++)
        {
            Assert.Equal((ulong)added[key], NumberAt(table, key));
        }
    }

    [Fact]
    public void By_cas()
    {
        var table = new SoakTable(pages: 1024, evict: false);
        long[] stored = new long[Keys];
        Array.ForEach(KeyBytes, key => table.Set(key, "0"u8));
        new SoakRun()
            .Repeat(5, random =>
            {
                int key = random.Next(Keys);
                string value = table.Get(KeyBytes[key], out ulong cas) ?? throw new InvalidOperationException("what is always there is not found");
                byte[] next = Encoding.ASCII.GetBytes($"{ulong.Parse(value, CultureInfo.InvariantCulture) + 1}");
                StoreResult result = table.Store(StoreMode.Cas, KeyBytes[key], next, out _, cas: cas);
                Assert.True(result is StoreResult.Stored or StoreResult.Exists or StoreResult.OutOfMemory);
                Interlocked.Add(ref stored[key], result == StoreResult.Stored ? 1 : 0);
            })
            .Repeat(1, random => table.Touch(KeyBytes[random.Next(Keys)], SoakTable.Now.UnixMilliseconds + 1_000_000))
            .Run();
        for (int key = 0; key < Keys; key++)
        {
            Assert.Equal((ulong)stored[key], NumberAt(table, key));
        }
    }

    [Fact]
    public void By_append_and_prepend()
    {
        const int keys = 3000;
        var table = new SoakTable(pages: 1024, evict: false);
        byte[][] keyBytes = [.. Enumerable.Range(0, keys).Select(i => SoakTable.KeyOf("a", i))];
        long[] added = new long[keys];
        Array.ForEach(keyBytes, key => table.Set(key, "="u8));
        new SoakRun()
            .Repeat(5, random =>
            {
                // A few keys at a time, so that threads meet.
                int key = (int)((SoakTable.Now.UnixMilliseconds / 4 * 3) + random.Next(3)) % keys;
                StoreMode mode = random.Next(2) == 0 ? StoreMode.Append : StoreMode.Prepend;
                if (table.Store(mode, keyBytes[key], mode == StoreMode.Append ? "+"u8 : "-"u8, out _) == StoreResult.Stored)
                {
                    Interlocked.Add(ref added[key], mode == StoreMode.Append ? 1 : 1L << 32);
                }
            })
            .Run();
        for (int key = 0; key < keys; key++)
        {
            using EpochGuard guard = table.Table.Enter();
            table.Table.TryGet(guard, keyBytes[key], SoakTable.Now, out ItemView item);
            var value = new StringBuilder();
            for (ValueParts parts = table.Table.PartsOf(item); parts.TryNext(out ReadOnlySpan<byte> part);)
            {
                value.Append(Encoding.ASCII.GetString(part));
            }

            Assert.Equal(new string('-', (int)(added[key] >> 32)) + "=" + new string('+', (int)added[key]) + "\r\n", value.ToString());
        }
    }

    [Fact]
    public void And_no_two_versions_are_the_same()
    {
        var table = new SoakTable(pages: 1024, evict: false);

        // One bit a version.
        int[] seen = new int[16 << 20];
        new SoakRun()
            .Repeat(5, random =>
            {
                if (table.Store(StoreMode.Set, KeyBytes[random.Next(Keys)], "0"u8, out ulong cas) == StoreResult.Stored
                    && cas / 32 < (ulong)seen.Length
                    && (Interlocked.Or(ref seen[cas / 32], 1 << (int)(cas % 32)) & (1 << (int)(cas % 32))) != 0)
                {
                    throw new InvalidOperationException($"two versions are {cas}");
                }
            })
            .Run();
    }
}
