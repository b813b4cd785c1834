using System.Globalization;
using LivenessEngine.Database.Services;
using LivenessEngine.Database.Tests.Servers;
using LivenessEngine.ServiceGroups;

namespace LivenessEngine.Database.Tests.Services;

public sealed class WriteThroughTests
{
    public static TheoryData<string> All => Databases.All;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(All))]
    public async Task TheTimeMovesAndTheCountDoesNot(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        ServicesTableStore store = database.Store();
        MemberName[] names = [.. Enumerable.Range(0, 500).Select(i => Name($"node{i}"))];
        await store.JoinAsync(names, Cancellation);
        await database.ExecuteAsync("UPDATE services SET last_seen_up = '2020-01-01 00:00:00.000000', updated_at = NULL");

        int moved = await store.WriteThroughAsync([.. names.Select((name, i) => (name, TimeSpan.FromSeconds(i)))], Cancellation);

        Assert.Equal(500, moved);
        Assert.Equal(500, await database.NumberAsync("SELECT COUNT(*) FROM services WHERE report_count = 1 AND updated_at IS NOT NULL"));
        IReadOnlyList<Evidence> evidence = await store.ReadAsync(names, Cancellation);
        Assert.All(evidence.Index(), one => Assert.InRange(one.Item.Age!.Value.TotalSeconds, one.Index - 0.6, one.Index + 5));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task TheTimeNeverMovesBackwards(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        ServicesTableStore store = database.Store();
        await store.JoinAsync([Name("node1"), Name("node2")], Cancellation);
        await database.ExecuteAsync("UPDATE services SET updated_at = NULL");
        string? before = await database.ValueAsync("SELECT last_seen_up FROM services WHERE host = 'node1'");

        Assert.Equal(0, await store.WriteThroughAsync([(Name("node1"), TimeSpan.FromSeconds(30))], Cancellation));

        Assert.Equal(before, await database.ValueAsync("SELECT last_seen_up FROM services WHERE host = 'node1'"));
        Assert.Null(await database.ValueAsync("SELECT updated_at FROM services WHERE host = 'node1'"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task NobodyIsRegisteredAndNobodyRevived(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        ServicesTableStore store = database.Store();
        await store.JoinAsync([Name("node1"), Name("node2")], Cancellation);
        await database.ExecuteAsync("UPDATE services SET last_seen_up = NULL");
        await database.ExecuteAsync("UPDATE services SET deleted = id WHERE host = 'node1'");

        Assert.Equal(1, await store.WriteThroughAsync([(Name("node1"), default), (Name("nobody"), default), (Name("node2"), default)], Cancellation));
        Assert.Equal(0, await database.Store().WriteThroughAsync([(Name("node1"), default), (Name("nobody"), default)], Cancellation));

        Assert.Equal(2, await database.NumberAsync("SELECT COUNT(*) FROM services"));
        Assert.Null(await database.ValueAsync("SELECT last_seen_up FROM services WHERE host = 'node1'"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task ItMayBeWrittenWhileOthersBeat(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        ServicesTableStore store = database.Store(options => options.RowsPerStatement = 50);
        ServicesTableStore other = database.Store(options => options.RowsPerStatement = 70);
        MemberName[] names = [.. Enumerable.Range(0, 200).Select(i => Name(i.ToString("D4", CultureInfo.InvariantCulture)))];
        await store.JoinAsync(names, Cancellation);

        await Task.WhenAll(
            TimesAsync(10, () => store.BeatAsync([.. names.Reverse()], Cancellation)),
            TimesAsync(10, () => other.BeatAsync(names, Cancellation)),
            TimesAsync(10, () => store.WriteThroughAsync([.. names.Reverse().Select(name => (name, default(TimeSpan)))], Cancellation)));

        Assert.Equal(200, await database.NumberAsync("SELECT COUNT(*) FROM services WHERE report_count = 21"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task NothingIsNothing(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        ServicesTableStore store = database.Store();

        Assert.Equal(0, await store.WriteThroughAsync([], Cancellation));
        Assert.Empty(await store.BeatAsync([], Cancellation));
        Assert.Empty(await store.ReadAsync([], Cancellation));
        await store.JoinAsync([], Cancellation);
    }

    private static MemberName Name(string member) => new(member, "compute");

    private static async Task TimesAsync(int times, Func<Task> action)
    {
        for (int i = 0; i < times; i++)
        {
            await Task.Yield();
            await action();
        }
    }
}
