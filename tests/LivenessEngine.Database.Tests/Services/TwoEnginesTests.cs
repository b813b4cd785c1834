using System.Text;
using LivenessEngine.Database.Services;
using LivenessEngine.Database.Tests.Servers;
using LivenessEngine.ServiceGroups;
using LivenessEngine.Table;
using LivenessEngine.Testing;

namespace LivenessEngine.Database.Tests.Services;

/// <summary>Two engines that share a table.</summary>
public sealed class TwoEnginesTests
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(50);
    private static readonly MemberName Node = new("node1", "compute");

    public static TheoryData<string> All => Databases.All;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(All))]
    public async Task What_one_hears_both_say(string kind)
    {
        await using TestDatabase database = await RegisteredAsync(kind);
        await using Engine a = NewEngine(), b = NewEngine();
        await using ServiceBridge bridgeA = Bridge(a, database), bridgeB = Bridge(b, database);
        await bridgeB.Begun;
        Assert.Equal(MemberState.Unknown, Status(b).State);

        Beat(a);

        await Eventually.True(() => Status(b).State == MemberState.Up, "the other engine knows");
        await Eventually.True(() => Figure(b, "bridge_lag") < 5, "the bridge shows its lag");
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Who_reports_to_the_other_engine_from_now_on_is_up_in_both(string kind)
    {
        await using TestDatabase database = await RegisteredAsync(kind);
        await using Engine a = NewEngine(), b = NewEngine();
        await using ServiceBridge bridgeA = Bridge(a, database), bridgeB = Bridge(b, database);
        await bridgeA.Begun;
        await bridgeB.Begun;
        Beat(a);
        await Eventually.True(() => Status(b).State == MemberState.Up, "the other engine knows");
        DateTimeOffset heard = Status(a).LastSeen!.Value;

        await Eventually.True(
            () =>
            {
                Beat(b);
                return Status(a).LastSeen > heard + TimeSpan.FromSeconds(2);
            },
            "the first engine knows in its turn");
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task They_do_not_keep_each_other_alive(string kind)
    {
        await using TestDatabase database = await RegisteredAsync(kind);
        await using Engine a = NewEngine(TimeSpan.FromSeconds(1)), b = NewEngine(TimeSpan.FromSeconds(1));
        await using ServiceBridge bridgeA = Bridge(a, database), bridgeB = Bridge(b, database);
        await bridgeB.Begun;
        Beat(a);
        await Eventually.True(() => Status(b).State != MemberState.Unknown, "the other engine knows");
        string? written = await LastSeenAsync(database);

        await Eventually.True(() => Status(a).State == MemberState.Down && Status(b).State == MemberState.Down, "it is down in both");
        await Task.Delay(10 * Often, Cancellation);

        Assert.Equal(written, await LastSeenAsync(database));
        Assert.Equal((MemberState.Down, MemberState.Down), (Status(a).State, Status(b).State));
    }

    private static Engine NewEngine(TimeSpan? downTime = null) => new(new EngineOptions { ServiceDownTime = downTime ?? TimeSpan.FromSeconds(60) }, new TableOptions());

    private static ServiceBridge Bridge(Engine engine, TestDatabase database)
        => new(engine, new ServicesTableStore(database.Options(), TimeProvider.System), Often, new ListLogger());

    private static async Task<TestDatabase> RegisteredAsync(string kind)
    {
        TestDatabase database = await TestDatabase.CreateAsync(kind);
        await database.Store().JoinAsync([Node], Cancellation);
        await database.ExecuteAsync("UPDATE services SET last_seen_up = NULL");
        return database;
    }

    private static Task<string?> LastSeenAsync(TestDatabase database) => database.ValueAsync("SELECT last_seen_up FROM services");

    private static MemberStatus Status(Engine engine) => engine.Members(null).Single();

    private static double Figure(Engine engine, string name) => engine.Figures.All.FirstOrDefault(figure => figure.Name == name)?.Read() ?? double.MaxValue;

    private static void Beat(Engine engine)
    {
        using EpochGuard guard = engine.Table.Enter();
        byte[] key = Encoding.ASCII.GetBytes(ServiceRegister.KeyOf(Node));
        engine.Table.Members.Join(guard, key, engine.Groups.GetOrAdd("compute"), engine.Read(), out _);
    }
}
