using LivenessEngine.Database.Services;
using LivenessEngine.Database.Tests.Servers;
using LivenessEngine.ServiceGroups;
using Microsoft.Extensions.Time.Testing;

namespace LivenessEngine.Database.Tests.Services;

public sealed class ClockTests
{
    private static readonly DateTimeOffset Wrong = new(2031, 5, 6, 7, 8, 9, TimeSpan.Zero);

    public static TheoryData<string> All => Databases.All;

    public static TheoryData<string> Servers => Databases.Servers;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task TheWrongClockOfAHostDecidesNothing(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        ServicesTableStore wrong = database.Store(time: new FakeTimeProvider(Wrong));
        ServicesTableStore right = database.Store();

        await wrong.JoinAsync([new("node1", "compute")], Cancellation);
        await right.JoinAsync([new("node2", "compute")], Cancellation);

        foreach (ServicesTableStore store in new[] { wrong, right })
        {
            Assert.All(
                await store.ReadAsync([new("node1", "compute"), new("node2", "compute")], Cancellation),
                evidence => Assert.InRange(evidence.Age!.Value.TotalSeconds, -0.6, 5));
        }

        await database.ExecuteAsync("UPDATE services SET last_seen_up = NULL");
        await wrong.WriteThroughAsync([(new("node1", "compute"), TimeSpan.FromSeconds(20))], Cancellation);
        Assert.InRange((await right.ReadAsync([new("node1", "compute")], Cancellation))[0].Age!.Value.TotalSeconds, 19.4, 26);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task TheClockOfTheHostDecidesWhereItIsAskedTo(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        var time = new FakeTimeProvider(Wrong);
        ServicesTableStore store = database.Store(options => options.Clock = DatabaseClock.Host, time);

        await store.JoinAsync([new("node1", "compute")], Cancellation);
        time.Advance(TimeSpan.FromSeconds(17));

        Evidence evidence = (await store.ReadAsync([new("node1", "compute")], Cancellation))[0];
        Assert.Equal(TimeSpan.FromSeconds(17), evidence.Age);
        Assert.Equal(Wrong, evidence.LastSeen);
        Assert.Equal(Wrong, evidence.Service!.CreatedAt);
        Assert.Equal(1, await store.WriteThroughAsync([(new("node1", "compute"), TimeSpan.FromSeconds(5))], Cancellation));
        Assert.Equal(TimeSpan.FromSeconds(5), (await store.ReadAsync([new("node1", "compute")], Cancellation))[0].Age);
    }
}
