using System.Globalization;
using System.Text;
using LivenessEngine.Table;
using LivenessEngine.Table.State;
using LivenessEngine.Time;

namespace LivenessEngine.Fuzz.Targets;

/// <summary>
/// A state file with changes in it (<see cref="FilePatches"/>): whatever they are, it is opened or set aside, every value that
/// it gives is one that was stored, and the table works.
/// </summary>
internal sealed class StateFileTarget : ITarget
{
    public const int Items = 60;

    private const int LargeLength = 40_000;
    private const int CollectEvery = 64;
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000);
    private static readonly TableOptions Options = new() { MemoryLimit = 1 << 20, HashSeed = 42 };

    private readonly string _folder = Directory.CreateTempSubdirectory("lv-").FullName;
    private readonly FilePatches _file;
    private int _taken;

    public StateFileTarget() => _file = new FilePatches(MakeSound());

    public int Take(byte[] input)
    {
        // Tables are given back by the collector.
        if (++_taken % CollectEvery == 0)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        _file.Write(Path.Combine(_folder, "state"), input);
        OpenAndCheck();
        OpenAndCheck();
        foreach (string aside in Directory.GetFiles(_folder, "state*"))
        {
            File.Delete(aside);
        }

        return 1;
    }

    public void End() => Directory.Delete(_folder, recursive: true);

    private static string ValueOf(int item)
        => string.Create(CultureInfo.InvariantCulture, $"{item}:{new string((char)('a' + (item % 26)), item == 0 ? LargeLength : item * 7)}");

    private byte[] MakeSound()
    {
        using (StateFile file = StateFile.Open(new StateFileOptions(Path.Combine(_folder, "state")), Options, Now))
        {
            var table = new LivenessTable(Options with { State = file });
            RestoredState restored = table.Restore(Now);
            var now = new Moment(restored.Liveness, Now.ToUnixTimeMilliseconds());
            for (int i = 0; i < Items; i++)
            {
                Assert.Equal(StoreResult.Stored, Store(table, now, $"k{i}", ValueOf(i)));
            }

            table.Record(now, default, 0);
        }

        byte[] sound = File.ReadAllBytes(Path.Combine(_folder, "state"));
        File.Delete(Path.Combine(_folder, "state"));
        return sound;
    }

    private void OpenAndCheck()
    {
        using StateFile file = StateFile.Open(new StateFileOptions(Path.Combine(_folder, "state")), Options, Now);
        var table = new LivenessTable(Options with { State = file });
        RestoredState restored = table.Restore(Now);
        var now = new Moment(restored.Liveness, Now.ToUnixTimeMilliseconds());
        for (int i = 0; i < Items; i++)
        {
            string? value = Get(table, now, $"k{i}");
            Assert.True(value is null || value == ValueOf(i), $"k{i} is {value}");
        }

        Assert.Equal(StoreResult.Stored, Store(table, now, "new", "value"));
        Assert.Equal("value", Get(table, now, "new"));
        using EpochGuard guard = table.Enter();
        Assert.Equal(LookupResult.Found, table.TryDelete(guard, "new"u8, now, out _));
    }

    private static StoreResult Store(LivenessTable table, Moment now, string key, string value)
    {
        using EpochGuard guard = table.Enter();
        byte[] bytes = Encoding.Latin1.GetBytes(value + "\r\n");
        StoreResult result = table.Writer.TryBegin(guard, Encoding.Latin1.GetBytes(key), 0, Expiry.Never, value.Length, now, out NewItem item);
        if (result == StoreResult.Stored)
        {
            result = table.Writer.Append(guard, ref item, bytes, now);
        }

        return result != StoreResult.Stored ? result : table.Writer.Commit(guard, ref item, StoreMode.Set, 0, -1, now, out _);
    }

    private static string? Get(LivenessTable table, Moment now, string key)
    {
        using EpochGuard guard = table.Enter();
        if (table.TryGet(guard, Encoding.Latin1.GetBytes(key), now, out ItemView item) != LookupResult.Found)
        {
            return null;
        }

        var whole = new StringBuilder();
        ValueParts parts = table.PartsOf(item);
        while (parts.TryNext(out ReadOnlySpan<byte> part))
        {
            whole.Append(Encoding.Latin1.GetString(part));
        }

        return whole.ToString().EndsWith("\r\n", StringComparison.Ordinal) ? whole.ToString(0, whole.Length - 2) : whole.ToString();
    }
}
