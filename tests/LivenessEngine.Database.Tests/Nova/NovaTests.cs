using LivenessEngine.Database.Services;
using LivenessEngine.Database.Tests.Servers;

namespace LivenessEngine.Database.Tests.Nova;

/// <summary>Nova's driver db and this one, on one table.</summary>
public sealed class NovaTests
{
    private static readonly TimeSpan DownTime = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Databases.Sqlite)]
    [InlineData(Databases.MariaDb)]
    public async Task EachJudgesTheMembersOfTheOtherAlike(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        await using NovaServices nova = await NovaServices.StartAsync(database.Url);
        ServicesTableStore store = database.Store();

        Assert.Empty(await nova.BeatAsync("compute", "native1", "native2", "native3"));
        await store.JoinAsync([Name("ours1"), Name("ours2"), Name("ours3")], Cancellation);
        await AgreeAsync(database, nova, store, up: ["native1", "native2", "native3", "ours1", "ours2", "ours3"]);

        // The rows that were made here look to Nova as its own: the version, too, by which it refuses old services.
        Assert.Equal("1", await database.ValueAsync("SELECT COUNT(DISTINCT version) FROM services"));

        await SeenAsync(database, "2", 90);
        await SeenAsync(database, "3", 45);
        await AgreeAsync(database, nova, store, up: ["native1", "native3", "ours1", "ours3"]);

        await database.ExecuteAsync("UPDATE services SET forced_down = true WHERE host LIKE '%3'");
        await AgreeAsync(database, nova, store, up: ["native1", "ours1"]);

        Assert.Empty(await nova.BeatAsync("compute", "native2"));
        Assert.Empty(await store.BeatAsync([Name("ours2")], Cancellation));
        await AgreeAsync(database, nova, store, up: ["native1", "native2", "ours1", "ours2"]);
    }

    [Theory]
    [InlineData(Databases.Sqlite)]
    [InlineData(Databases.MariaDb)]
    public async Task NativeBeatsCountRightBehindBridgedOnes(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        await using NovaServices nova = await NovaServices.StartAsync(database.Url);
        ServicesTableStore store = database.Store();
        await nova.BeatAsync("compute", "native1");
        for (int i = 0; i < 3; i++)
        {
            await SeenAsync(database, "1", 90);
            await AgreeAsync(database, nova, store, up: []);
            Assert.Equal(1, await store.WriteThroughAsync([(Name("native1"), TimeSpan.Zero)], Cancellation));
            await AgreeAsync(database, nova, store, up: ["native1"]);

            await SeenAsync(database, "1", 90);
            await nova.BeatAsync("compute", "native1");
            await AgreeAsync(database, nova, store, up: ["native1"]);
        }
    }

    [Theory]
    [InlineData(Databases.Sqlite)]
    [InlineData(Databases.MariaDb)]
    public async Task WhoWasTakenOutHereIsGoneForNova(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        await using NovaServices nova = await NovaServices.StartAsync(database.Url);
        ServicesTableStore store = database.Store();
        await nova.BeatAsync("compute", "native1");

        Assert.True(await store.RemoveAsync(Name("native1"), Cancellation));

        Assert.Equal(["native1"], await nova.BeatAsync("compute", "native1"));
        Assert.Empty(await nova.UpAsync());
    }

    private static MemberName Name(string member) => new(member, "compute");

    private static async Task AgreeAsync(TestDatabase database, NovaServices nova, ServicesTableStore store, string[] up)
    {
        Dictionary<string, bool> theirs = await nova.UpAsync();
        Assert.Equal(await database.NumberAsync("SELECT COUNT(*) FROM services"), theirs.Count);
        Assert.Equal(up, theirs.Where(pair => pair.Value).Select(pair => pair.Key).Order());
        Assert.Equal(
            theirs.OrderBy(pair => pair.Key),
            (await store.ListAsync(null, Cancellation))
                .Select(row => KeyValuePair.Create(row.Name.Member, row.Evidence.Verdict(DownTime) == MemberState.Up))
                .OrderBy(pair => pair.Key));
    }

    private static Task<int> SeenAsync(TestDatabase database, string end, int seconds)
    {
        string time = DateTime.UtcNow.AddSeconds(-seconds).ToString("yyyy-MM-dd HH:mm:ss.ffffff", System.Globalization.CultureInfo.InvariantCulture);
        return database.ExecuteAsync($"UPDATE services SET last_seen_up = '{time}' WHERE host LIKE '%{end}'");
    }
}
