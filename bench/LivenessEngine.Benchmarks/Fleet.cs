using System.Text;
using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Benchmarks;

/// <summary>Members with keys of 40 bytes, in a table; and the keys anew, in another order, to ask with.</summary>
internal sealed class Fleet
{
    private const int Seed = 1;

    public Fleet(int members)
    {
        Keys = [.. Enumerable.Range(0, members).Select(i => $"compute:node-{i:D7}.rack{i % 100:D3}.example.org")];
        int[] order = [.. Enumerable.Range(0, members)];
        new Random(Seed).Shuffle(order);

        // Whoever asks comes with a string of its own, not with the one that the table holds.
        Questions = Array.ConvertAll(order, i => new string(Keys[i].AsSpan()));
        QuestionBytes = Array.ConvertAll(Questions, Encoding.ASCII.GetBytes);
        QuestionNames = Array.ConvertAll(Questions, key => key["compute:".Length..]);
    }

    /// <summary>The present, on both clocks.</summary>
    public static Moment Now { get; } = new(LivenessClock.Origin + TimeSpan.TicksPerDay, 1_700_000_000_000)
    {
        DownBefore = LivenessClock.Origin + TimeSpan.TicksPerDay - TimeSpan.TicksPerMinute,
    };

    public string[] Keys { get; }

    public string[] Questions { get; }

    public byte[][] QuestionBytes { get; }

    /// <summary>The members' names alone.</summary>
    public string[] QuestionNames { get; }

    public int Count => Keys.Length;

    /// <summary>A table that all of them have joined; their rows and tenures.</summary>
    public LivenessTable CreateTable(out (int Row, uint Tenure)[] handles)
    {
        var table = new LivenessTable(new TableOptions { MemoryLimit = 2L << 30 });
        handles = new (int, uint)[Count];
        for (int i = 0; i < Count; i++)
        {
            using EpochGuard guard = table.Enter();
            int row = table.Members.Join(guard, Encoding.ASCII.GetBytes(Keys[i]), 0, Now, out uint tenure);
            handles[i] = (row, tenure);
        }

        return table;
    }
}
