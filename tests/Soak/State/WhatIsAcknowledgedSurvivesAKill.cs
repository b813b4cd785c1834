using System.Diagnostics;
using System.Text;
using LivenessEngine.Table;
using LivenessEngine.Table.State;
using LivenessEngine.Testing;
using LivenessEngine.Time;

namespace LivenessEngine.Soak.State;

/// <summary>
/// A process that stores, touches, counts and deletes on more threads than there are cores is killed at any moment, again
/// and again, on one state file. After each kill every key is what it was last acknowledged to be, or what it was about to
/// become; no count is lost; nothing is torn.
/// </summary>
public sealed class WhatIsAcknowledgedSurvivesAKill : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task At_any_moment()
    {
        var watch = Stopwatch.StartNew();
        int kills = 0;
        for (; kills < 4 || watch.Elapsed < SoakRun.Length; kills++)
        {
            await KillAsync();
            Check();
        }

        TestContext.Current.SendDiagnosticMessage($"{kills} kills");
    }

    private async Task KillAsync()
    {
        await using ChildProcess writer = ChildProcess.Start(
            "dotnet", [typeof(KilledWriter).Assembly.Location, KilledWriter.Command, _folder.Path]);
        if (Random.Shared.Next(4) == 0)
        {
            // Anywhere in its start, where it takes up what the last one left.
            await Task.Delay(Random.Shared.Next(50, 300), TestContext.Current.CancellationToken);
        }
        else
        {
            await Eventually.True(() => writer.Output.Contains(KilledWriter.Ready, StringComparison.Ordinal) || writer.HasExited, "the writer runs");
            await Task.Delay(Random.Shared.Next(150), TestContext.Current.CancellationToken);
        }

        Assert.False(writer.HasExited, writer.Error);
    }

    private void Check()
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using StateFile file = StateFile.Open(KilledWriter.OptionsIn(_folder.Path), KilledWriter.TableOptions, now);
        var table = new LivenessTable(KilledWriter.TableOptions with { State = file });
        RestoredState restored = table.Restore(now);
        var moment = new Moment(restored.Liveness, now.ToUnixTimeMilliseconds());
        using var journal = new Journal(_folder["journal"]);
        Assert.Equal(0, restored.Dropped);
        for (int thread = 0; thread < Journal.Threads; thread++)
        {
            for (int key = 0; key < Journal.Keys; key++)
            {
                CheckKey(table, journal, thread, key, moment);
            }
        }

        for (int counter = 0; counter < Journal.Counters; counter++)
        {
            CheckCounter(table, journal, counter, moment);
        }
    }

    // The next writer goes on from what this finds.
    private static void CheckKey(LivenessTable table, Journal journal, int thread, int key, in Moment now)
    {
        byte[]? value = ValueOf(table, Versions.KeyOf(thread, key), now, out int row);
        ref long acknowledged = ref journal.Acknowledged(thread, key);
        ref long intended = ref journal.Intended(thread, key);
        if (Is(value, thread, key, intended))
        {
            acknowledged = intended;
        }
        else
        {
            Assert.True(Is(value, thread, key, acknowledged), $"key {key} of thread {thread} is neither version {acknowledged} nor {intended}");
            intended = acknowledged;
        }

        if (value is not null && Versions.IsMember(key))
        {
            Assert.True(table.Members.Columns.LastSeen(row) >= journal.Seen(thread, key), $"a beat of key {key} of thread {thread} is lost");
            Assert.Equal(0, table.Members.Columns.Group(row));
        }
    }

    private static bool Is(byte[]? value, int thread, int key, long version)
        => Versions.IsDeletion(version) ? value is null : value is not null && value.AsSpan().SequenceEqual(Versions.ValueOf(thread, key, version));

    private static void CheckCounter(LivenessTable table, Journal journal, int counter, in Moment now)
    {
        long counted = 0;
        for (int thread = 0; thread < Journal.Threads; thread++)
        {
            counted += journal.Counted(thread, counter);
        }

        byte[]? value = ValueOf(table, Versions.CounterOf(counter), now, out _);
        long number = value is null ? 0 : long.Parse(Encoding.ASCII.GetString(value), System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(number, counted, counted + Journal.Threads);

        // What was counted and not acknowledged belongs to somebody from here on.
        journal.Counted(0, counter) += number - counted;
    }

    private static byte[]? ValueOf(LivenessTable table, byte[] key, in Moment now, out int row)
    {
        using EpochGuard guard = table.Enter();
        row = 0;
        if (table.TryGet(guard, key, now, out ItemView item) != LookupResult.Found)
        {
            return null;
        }

        row = item.Member;
        var whole = new List<byte>();
        ValueParts parts = table.PartsOf(item);
        while (parts.TryNext(out ReadOnlySpan<byte> part))
        {
            whole.AddRange(part);
        }

        return [.. whole[..^2]];
    }
}
