using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using LivenessEngine.Database.Services;
using LivenessEngine.Database.Tests.Servers;
using LivenessEngine.ServiceGroups;
using LivenessEngine.Table;
using LivenessEngine.Testing;

namespace LivenessEngine.Database.Tests.Services;

public sealed class ServiceBridgeTests
{
    private const string Past = "2020-01-01 00:00:00.000000";

    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Never = TimeSpan.FromDays(1);

    public static TheoryData<string> All => Databases.All;

    public static TheoryData<string> Servers => Databases.Servers;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(All))]
    public async Task ArrivalsGoThroughAndTheCountStays(string kind)
    {
        await using TestDatabase database = await RegisteredAsync(kind, "plain", "hashed", "silent", "gone");
        await database.ExecuteAsync("UPDATE services SET deleted = id WHERE host = 'gone'");
        await using Engine engine = NewEngine();
        await using ServiceBridge bridge = Bridge(engine, database, Often);
        await bridge.Begun;

        Beat(engine, "compute:plain");
        Beat(engine, Sha1("compute:hashed"));
        Beat(engine, "compute:gone");
        Beat(engine, "compute:stranger");

        await SeenAsync(database, "plain");
        await SeenAsync(database, "hashed");
        Assert.Equal(2, await database.NumberAsync($"SELECT COUNT(*) FROM services WHERE last_seen_up = '{Past}' AND updated_at = '{Past}'"));
        Assert.Equal(4, await database.NumberAsync("SELECT COUNT(*) FROM services WHERE report_count = 1"));
        Assert.Equal("gone", await database.ValueAsync("SELECT host FROM services WHERE deleted <> 0"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task TheRegisterFollowsTheTable(string kind)
    {
        await using TestDatabase database = await RegisteredAsync(kind, "node1");
        await using Engine engine = NewEngine();
        await using ServiceBridge bridge = Bridge(engine, database, Often);
        await bridge.Begun;
        Assert.NotNull(Find(engine, "node1"));
        Beat(engine, Sha1("compute:node1"));
        string down = kind == Databases.PostgreSql ? "true" : "1";

        await database.ExecuteAsync($"UPDATE services SET forced_down = {down} WHERE host = 'node1'");
        await Eventually.True(() => Find(engine, "node1")!.IsForcedDown, "forced down is known");
        Assert.Equal(MemberState.Down, Member(engine, "node1")!.State);

        await database.Store().JoinAsync([Name("node2")], Cancellation);
        await Eventually.True(() => Find(engine, "node2") is not null, "the new row is known");

        await database.ExecuteAsync("UPDATE services SET deleted = id WHERE host = 'node1'");
        await Eventually.True(() => Find(engine, "node1") is null, "the deleted row is known");
        await Eventually.True(() => Member(engine, "node1")!.State == MemberState.Up, "nobody says any more that it is down");
        Assert.Null(Member(engine, "node1")!.Service);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task WhoIsRegisteredAnewHasAnewRow(string kind)
    {
        await using TestDatabase database = await RegisteredAsync(kind, "node1");
        await using Engine engine = NewEngine();
        await using ServiceBridge bridge = Bridge(engine, database, Often);
        Beat(engine, "compute:node1");
        await SeenAsync(database, "node1");

        await database.ExecuteAsync("UPDATE services SET deleted = id WHERE host = 'node1'");
        await database.Store().JoinAsync([Name("node1")], Cancellation);

        await SeenAsync(database, "node1");
    }

    [Fact]
    public async Task WhoReportsUnderBothKeysIsSeenAtTheLatest()
    {
        await using TestDatabase database = await RegisteredAsync(Databases.Sqlite, "node1");
        await using var time = new TestEngine();
        Beat(time.Engine, Sha1("compute:node1"));
        time.Pass(TimeSpan.FromSeconds(20));
        Beat(time.Engine, "compute:node1");

        await Bridge(time.Engine, database, Never).DisposeAsync();

        Evidence evidence = (await database.Store().ReadAsync([Name("node1")], Cancellation))[0];
        Assert.InRange(evidence.Age!.Value.TotalSeconds, -0.5, 5);
    }

    [Fact]
    public async Task AClockThatIsSteppedBackLosesNothing()
    {
        await using TestDatabase database = await RegisteredAsync(Databases.Sqlite, "node1");
        var time = new SteppedTime();
        await using var engine = new Engine(new EngineOptions { TimeProvider = time }, new TableOptions());
        await using ServiceBridge bridge = Bridge(engine, database, Often);
        Beat(engine, "compute:node1");
        await SeenAsync(database, "node1");

        time.Step = TimeSpan.FromHours(-1);
        await database.ExecuteAsync($"UPDATE services SET last_seen_up = '{Past}'");
        await Task.Delay(5 * Often, Cancellation);
        Assert.False(await IsSeenAsync(database, "node1"));
        Beat(engine, "compute:node1");
        await SeenAsync(database, "node1");
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task ADatabaseThatIsAwayIsToldOfOnceAndMissesNothing(string kind)
    {
        await using TestDatabase database = await RegisteredAsync(kind, "node1", "node2");
        var log = new ListLogger();
        await using Engine engine = NewEngine();
        await using ServiceBridge bridge = Bridge(engine, database, Often, log);
        await bridge.Begun;
        await database.Server.KillAsync();
        try
        {
            Beat(engine, "compute:node1");
            Beat(engine, Sha1("compute:node2"));
            await Eventually.True(() => log.Lines.Length > 0, "the loss is told of");
            await Task.Delay(10 * Often, Cancellation);
        }
        finally
        {
            await database.Server.StartAsync();
        }

        await SeenAsync(database, "node1");
        await SeenAsync(database, "node2");
        await Eventually.True(() => log.Lines.Length > 1, "the return is told of");
        Assert.Collection(
            log.Lines,
            line => Assert.StartsWith($"Error: Heartbeats do not reach ", line, StringComparison.Ordinal),
            line => Assert.StartsWith($"Information: Heartbeats reach ", line, StringComparison.Ordinal));
        Assert.All(log.Lines, line => Assert.DoesNotContain(DatabaseServer.Password, line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ATableThatComesLaterIsFound()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(Databases.Sqlite, withTable: false);
        await File.WriteAllTextAsync(database.File, "this is no database, and long enough to be taken for a broken one", Cancellation);
        var log = new ListLogger();
        await using Engine engine = NewEngine();
        await using ServiceBridge bridge = Bridge(engine, database, Often, log);
        await bridge.Begun;
        Assert.Single(log.Lines);
        Beat(engine, "compute:node1");

        File.Delete(database.File);
        await database.Store().JoinAsync([Name("node1")], Cancellation);

        await SeenAsync(database, "node1");
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task WhatArrivedLastIsHandedOnAtTheEnd(string kind)
    {
        await using TestDatabase database = await RegisteredAsync(kind, "node1");
        await using Engine engine = NewEngine();
        ServiceBridge bridge = Bridge(engine, database, Never);
        await bridge.Begun;
        Beat(engine, Sha1("compute:node1"));

        await bridge.DisposeAsync();

        Assert.True(await IsSeenAsync(database, "node1"));
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task ADatabaseThatHangsDoesNotHoldUpTheEnd(string kind)
    {
        await using TestDatabase database = await RegisteredAsync(kind, "node1");
        await using Engine engine = NewEngine();
        ServiceBridge bridge = Bridge(engine, database, Often);
        await bridge.Begun;
        await database.Server.FreezeAsync(true);
        try
        {
            Beat(engine, "compute:node1");
            await Task.Delay(3 * Often, Cancellation);
            var watch = Stopwatch.StartNew();
            await bridge.DisposeAsync();
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(12));
        }
        finally
        {
            await database.Server.FreezeAsync(false);
        }
    }

    private static Engine NewEngine() => new(new EngineOptions(), new TableOptions());

    private static ServiceBridge Bridge(Engine engine, TestDatabase database, TimeSpan interval, ListLogger? log = null)
        => new(engine, new ServicesTableStore(database.Options(), TimeProvider.System), interval, log ?? new ListLogger());

    // Each with a count of 1, and seen long ago.
    private static async Task<TestDatabase> RegisteredAsync(string kind, params string[] hosts)
    {
        TestDatabase database = await TestDatabase.CreateAsync(kind);
        await database.Store().JoinAsync([.. hosts.Select(Name)], Cancellation);
        await database.ExecuteAsync($"UPDATE services SET last_seen_up = '{Past}', updated_at = '{Past}'");
        return database;
    }

    private static MemberName Name(string host) => new(host, "compute");

    private static ServiceRecord? Find(Engine engine, string host) => engine.Register.Find(Name(host));

    private static MemberStatus? Member(Engine engine, string host) => engine.Members(null).SingleOrDefault(member => member.Member == host);

    private static string Sha1(string key)
    {
#pragma warning disable CA5350 // How oslo.cache names keys.
        return Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(key)));
#pragma warning restore CA5350
    }

    private static void Beat(Engine engine, string key)
    {
        using EpochGuard guard = engine.Table.Enter();
        byte[] bytes = Encoding.ASCII.GetBytes(key);
        if (!engine.Table.Members.TryTouch(guard, bytes, engine.Read().Liveness))
        {
            engine.Table.Members.Join(guard, bytes, engine.Groups.GetOrAdd("compute"), engine.Read(), out _);
        }
    }

    private static Task SeenAsync(TestDatabase database, string host) => Eventually.True(() => IsSeenAsync(database, host), $"{host} is seen");

    private static async Task<bool> IsSeenAsync(TestDatabase database, string host)
        => await database.NumberAsync($"SELECT COUNT(*) FROM services WHERE host = '{host}' AND deleted = 0 AND last_seen_up > '{Past}' AND updated_at > '{Past}'") == 1;

    /// <summary>Time as it is, but for a wall clock that somebody has stepped.</summary>
    private sealed class SteppedTime : TimeProvider
    {
        public TimeSpan Step { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Step;
    }
}
