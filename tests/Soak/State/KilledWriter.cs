using LivenessEngine.Table;
using LivenessEngine.Table.State;
using LivenessEngine.Time;

namespace LivenessEngine.Soak.State;

/// <summary>The process that is killed: an engine on a state file, and threads that store into it and write down what they do.</summary>
internal sealed class KilledWriter(Engine engine, Journal journal)
{
    public const string Command = "write-until-killed";

    public const string Ready = "ready";

    private const int Milliseconds = 20_000;

    public static TableOptions TableOptions => new() { MemoryLimit = 24 << 20, Evict = false };

    public static StateFileOptions OptionsIn(string folder) => new(Path.Combine(folder, "state"));

    public static async Task<int> RunAsync(string folder)
    {
        var options = new EngineOptions { StateFile = OptionsIn(folder), Tick = TimeSpan.FromMilliseconds(10) };
        await using var engine = new Engine(options, TableOptions);
        using var journal = new Journal(Path.Combine(folder, "journal"));
        engine.Groups.GetOrAdd("compute");
        var writer = new KilledWriter(engine, journal);
        for (int i = 0; i < Journal.Threads; i++)
        {
            int thread = i;
            new Thread(() => writer.Write(thread)) { IsBackground = true }.Start();
        }

        Console.WriteLine(Ready);
        await Task.Delay(Milliseconds);
        return 1;
    }

    private void Write(int thread)
    {
        var random = new Random(HashCode.Combine(thread, Environment.ProcessId));
        while (true)
        {
            int key = random.Next(Journal.Keys);
            switch (random.Next(10))
            {
                case 0:
                    Touch(Versions.KeyOf(thread, key));
                    break;
                case 1:
                    Touch(Versions.CounterOf(random.Next(Journal.Counters)));
                    break;
                case 2 or 3:
                    Count(thread, random.Next(Journal.Counters));
                    break;
                default:
                    Advance(thread, key);
                    break;
            }
        }
    }

    // A copy of the item with another deadline, which must never stand for what others have made of it meanwhile.
    private void Touch(byte[] key)
    {
        Moment now = engine.Read();
        using EpochGuard guard = engine.Table.Enter();
        engine.Table.Editor.TryTouch(guard, key, now.UnixMilliseconds + Random.Shared.Next(3_600_000, 7_200_000), revives: false, now, out _);
    }

    private void Count(int thread, int counter)
    {
        Moment now = engine.Read();
        byte[] key = Versions.CounterOf(counter);
        ArithmeticResult result;
        using (EpochGuard guard = engine.Table.Enter())
        {
            result = engine.Table.Editor.TryAdd(guard, key, 1, up: true, now, out _, out _);
        }

        if (result == ArithmeticResult.Done)
        {
            Volatile.Write(ref journal.Counted(thread, counter), journal.Counted(thread, counter) + 1);
        }
        else
        {
            Store(key, "0"u8, StoreMode.Add, now, -1);
        }
    }

    private void Advance(int thread, int key)
    {
        long version = journal.Intended(thread, key) + 1;
        byte[] name = Versions.KeyOf(thread, key);
        Volatile.Write(ref journal.Intended(thread, key), version);
        Moment now = engine.Read();
        if (Versions.IsDeletion(version))
        {
            using EpochGuard guard = engine.Table.Enter();
            engine.Table.TryDelete(guard, name, now, out _);
        }
        else
        {
            Store(name, Versions.ValueOf(thread, key, version), StoreMode.Set, now, Versions.IsMember(key) ? 0 : -1);
            Volatile.Write(ref journal.Seen(thread, key), now.Liveness);
        }

        Volatile.Write(ref journal.Acknowledged(thread, key), version);
    }

    // Memory is short for a moment where a thread that the scheduler has stopped keeps all from coming back that others gave up.
    private void Store(byte[] key, ReadOnlySpan<byte> value, StoreMode mode, in Moment now, int group)
    {
        while (!TryStore(key, value, mode, now, group))
        {
            Thread.Yield();
        }
    }

    private bool TryStore(byte[] key, ReadOnlySpan<byte> value, StoreMode mode, in Moment now, int group)
    {
        using EpochGuard guard = engine.Table.Enter();
        ItemWriter writer = engine.Table.Writer;
        if (writer.TryBegin(guard, key, 0, Expiry.Never, value.Length, now, out NewItem item) != StoreResult.Stored)
        {
            return false;
        }

        if (writer.Append(guard, ref item, value, now) != StoreResult.Stored || writer.Append(guard, ref item, "\r\n"u8, now) != StoreResult.Stored)
        {
            writer.Discard(ref item);
            return false;
        }

        writer.Commit(guard, ref item, mode, 0, group, now, out _);
        return true;
    }
}
