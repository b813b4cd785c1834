using System.Globalization;
using LivenessEngine.Database.Services;
using LivenessEngine.Database.Tests.Servers;
using LivenessEngine.ServiceGroups;

namespace LivenessEngine.Database.Tests.Services;

public sealed class ServicesTableStoreTests
{
    private static readonly TimeSpan DownTime = TimeSpan.FromSeconds(60);

    public static TheoryData<string> All => Databases.All;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(All))]
    public async Task JoinRegistersAsNovaDoes(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        ServicesTableStore store = database.Store();

        await store.JoinAsync([Name("node1")], Cancellation);

        Assert.Equal("nova-compute", await database.ValueAsync($"SELECT {database.Binary} FROM services"));
        Assert.Equal("compute", await database.ValueAsync("SELECT topic FROM services"));
        Assert.Equal(1, await database.CountOfAsync("node1"));
        Assert.Equal("0", await database.ValueAsync("SELECT disabled FROM services"));
        Assert.Equal("0", await database.ValueAsync("SELECT forced_down FROM services"));
        Assert.Equal(0, await database.NumberAsync("SELECT version FROM services"));
        Assert.NotNull(await database.ValueAsync("SELECT created_at FROM services"));
        Assert.NotNull(await database.ValueAsync("SELECT last_seen_up FROM services"));
        Assert.Equal('4', Guid.Parse((await database.ValueAsync("SELECT uuid FROM services"))!).ToString()[14]);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task JoinLeavesARowThatIsThereAsItIs(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        await InsertAsync(database, "node1", "version, uuid, report_count, disabled, disabled_reason, forced_down", "64, 'a-uuid', 7, true, 'why', true");
        ServicesTableStore store = database.Store();

        await store.JoinAsync([Name("node1")], Cancellation);

        ServiceRecord service = Assert.Single(await store.ListAsync(null, Cancellation)).Evidence.Service!;
        Assert.Equal(
            ("node1", "nova-compute", "compute", "a-uuid", 64, 8, true, "why", true),
            (service.Host, service.Binary, service.Topic, service.Uuid!, service.Version, service.ReportCount, service.IsDisabled, service.DisabledReason!, service.IsForcedDown));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task ANewRowDoesNotLowerTheVersionOfNovasOwn(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        await InsertAsync(database, "nova1", "version", "64");
        ServicesTableStore store = database.Store();

        await store.JoinAsync([Name("node1"), Name("sched1", "scheduler")], Cancellation);

        Assert.Equal(64, await database.NumberAsync("SELECT version FROM services WHERE host = 'node1'"));
        Assert.Equal(0, await database.NumberAsync("SELECT version FROM services WHERE host = 'sched1'"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task ABeatMovesCountAndTimes(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        await InsertAsync(database, "node1", "report_count", "41");
        await InsertAsync(database, "other", "report_count", "5");
        ServicesTableStore store = database.Store();

        Assert.Empty(await store.BeatAsync([Name("node1")], Cancellation));

        Assert.Equal(42, await database.CountOfAsync("node1"));
        Assert.Equal(5, await database.CountOfAsync("other"));
        Assert.NotNull(await database.ValueAsync("SELECT updated_at FROM services WHERE host = 'node1'"));
        Assert.Null(await database.ValueAsync("SELECT last_seen_up FROM services WHERE host = 'other'"));
        Evidence evidence = (await store.ReadAsync([Name("node1")], Cancellation))[0];
        Assert.InRange(evidence.Age!.Value.TotalSeconds, -0.6, 5);
        Assert.InRange((DateTimeOffset.UtcNow - evidence.LastSeen!.Value).TotalSeconds, -0.6, 5);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task ManyMembersBeatInManyStatements(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        ServicesTableStore store = database.Store(options => options.RowsPerStatement = 100);
        MemberName[] names = [.. Enumerable.Range(0, 1050).Select(i => Name($"node{i}", i % 3 == 0 ? "scheduler" : "compute"))];

        await store.JoinAsync(names, Cancellation);
        Assert.Empty(await store.BeatAsync(names, Cancellation));

        Assert.Equal(1050, await database.NumberAsync("SELECT COUNT(*) FROM services WHERE report_count = 2 AND deleted = 0"));
        Assert.Equal(1050, await database.NumberAsync("SELECT COUNT(DISTINCT uuid) FROM services"));
        IReadOnlyList<Evidence> evidence = await store.ReadAsync([.. names.Reverse(), Name("nobody")], Cancellation);
        Assert.Equal(names.Reverse().Select(name => name.Member), evidence.SkipLast(1).Select(one => one.Service!.Host));
        Assert.Equal(default, evidence[^1]);
        Assert.Equal(350, (await store.ListAsync("scheduler", Cancellation)).Count);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task TwoProcessesMayRegisterTheSameAtOnce(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        MemberName[] names = [.. Enumerable.Range(0, 200).Select(i => Name($"node{i}"))];
        ServicesTableStore[] stores = [.. Enumerable.Range(0, 4).Select(_ => database.Store(options => options.RowsPerStatement = 50))];

        await Task.WhenAll(stores.Select(store => Task.Run(() => store.JoinAsync(names, Cancellation))));

        Assert.Equal(200, await database.NumberAsync("SELECT COUNT(*) FROM services"));
        Assert.Equal(200, await database.NumberAsync("SELECT COUNT(*) FROM services WHERE report_count = 4"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task ABeatNeverRevivesADeletedRow(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        ServicesTableStore store = database.Store();
        await store.JoinAsync([Name("node1"), Name("node2")], Cancellation);
        await database.ExecuteAsync($"UPDATE services SET deleted = id, deleted_at = {database.Now} WHERE host = 'node1'");

        Assert.Equal([Name("node1")], await store.BeatAsync([Name("node1"), Name("node2")], Cancellation));
        Assert.Equal([Name("node1")], await database.Store().BeatAsync([Name("node1"), Name("node2")], Cancellation));

        Assert.Equal(2, await database.NumberAsync("SELECT COUNT(*) FROM services"));
        Assert.Equal(1, await database.NumberAsync("SELECT report_count FROM services WHERE host = 'node1'"));
        Assert.Equal(3, await database.CountOfAsync("node2"));
        Assert.Equal(default, (await store.ReadAsync([Name("node1")], Cancellation))[0]);

        await store.JoinAsync([Name("node1")], Cancellation);

        Assert.Equal(2, await database.NumberAsync("SELECT COUNT(*) FROM services WHERE host = 'node1'"));
        Assert.Equal(1, await database.CountOfAsync("node1"));
        Assert.Empty(await store.BeatAsync([Name("node1")], Cancellation));
        Assert.Equal(2, await database.CountOfAsync("node1"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task ARowThatWasRegisteredAnewByOthersIsFound(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        ServicesTableStore store = database.Store();
        await store.JoinAsync([Name("node1")], Cancellation);
        await database.ExecuteAsync("UPDATE services SET deleted = id");
        await InsertAsync(database, "node1", "version", "64");

        Assert.Empty(await store.BeatAsync([Name("node1")], Cancellation));

        Assert.Equal(1, await database.CountOfAsync("node1"));
        Assert.Equal(1, await database.NumberAsync("SELECT report_count FROM services WHERE deleted <> 0"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task ABeatOfSomebodyUnknownRegistersThem(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        ServicesTableStore store = database.Store();

        Assert.Empty(await store.BeatAsync([Name("node1")], Cancellation));

        Assert.Equal(1, await database.CountOfAsync("node1"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task RemoveDeletesAsNovaDoes(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        ServicesTableStore store = database.Store();
        await store.JoinAsync([Name("node1")], Cancellation);

        Assert.True(await store.RemoveAsync(Name("node1"), Cancellation));
        Assert.False(await store.RemoveAsync(Name("node1"), Cancellation));

        Assert.Equal(1, await database.NumberAsync("SELECT COUNT(*) FROM services WHERE deleted = id AND deleted_at IS NOT NULL"));
        Assert.Empty(await store.ListAsync(null, Cancellation));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task ARowThatNeverBeatIsJudgedByWhenItWasMade(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        await InsertAsync(database, "young", "updated_at", "NULL");
        await InsertAsync(database, "old", "updated_at", "NULL");
        await database.ExecuteAsync("UPDATE services SET created_at = '2020-01-02 03:04:05.000000' WHERE host = 'old'");
        ServicesTableStore store = database.Store();

        IReadOnlyList<Evidence> evidence = await store.ReadAsync([Name("young"), Name("old")], Cancellation);

        Assert.Null(evidence[0].LastSeen);
        Assert.Equal(MemberState.Up, evidence[0].Verdict(DownTime));
        Assert.Null(evidence[1].LastSeen);
        Assert.Equal(MemberState.Down, evidence[1].Verdict(DownTime));
        Assert.Equal(new DateTimeOffset(2020, 1, 2, 3, 4, 5, TimeSpan.Zero), evidence[1].Service!.CreatedAt);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task ATimeThatLiesAheadHasANegativeAge(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        await InsertAsync(database, "ahead", "last_seen_up", $"'{DateTime.UtcNow.AddHours(1).ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}'");

        Evidence evidence = (await database.Store().ReadAsync([Name("ahead")], Cancellation))[0];

        Assert.InRange(evidence.Age!.Value.TotalMinutes, -61, -59);
        Assert.Equal(MemberState.Down, evidence.Verdict(DownTime));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task ForcedDownWins(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        ServicesTableStore store = database.Store();
        await store.JoinAsync([Name("node1")], Cancellation);
        await database.ExecuteAsync("UPDATE services SET forced_down = true");

        Assert.Equal(MemberState.Down, (await store.ReadAsync([Name("node1")], Cancellation))[0].Verdict(DownTime));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task RowsThatAreNoMembersAreNotListed(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        await InsertAsync(database, "node1", "version", "NULL");
        await database.ExecuteAsync($"INSERT INTO services (host, {database.Binary}, topic, report_count, deleted) VALUES ('api1', 'nova-osapi_compute', NULL, 0, 0)");
        await database.ExecuteAsync($"INSERT INTO services (host, {database.Binary}, topic, report_count, deleted) VALUES ('a host', 'nova-x', 'x', 0, 0)");
        await database.ExecuteAsync($"INSERT INTO services (host, {database.Binary}, topic, report_count, deleted) VALUES ('gone', 'nova-y', 'y', 0, 77)");
        ServicesTableStore store = database.Store();

        (MemberName name, Evidence evidence) = Assert.Single(await store.ListAsync(null, Cancellation));

        Assert.Equal(Name("node1"), name);
        Assert.Equal(0, evidence.Service!.Version);
        Assert.Null(evidence.Service.UpdatedAt);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task NamesOfAnyLettersAreKept(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        ServicesTableStore store = database.Store();
        MemberName[] names = [Name("nöde'1"), Name("b\\n:o\"de;--"), Name("日本"), Name("%s{0}@h0")];

        await store.JoinAsync(names, Cancellation);

        Assert.Equal(names.ToHashSet(), (await store.ListAsync("compute", Cancellation)).Select(row => row.Name).ToHashSet());
        Assert.All(await store.ReadAsync(names, Cancellation), evidence => Assert.Equal(1, evidence.Service!.ReportCount));
    }

    [Fact]
    public async Task AHostInOtherLettersIsTheSameWhereTheDatabaseSaysSo()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(Databases.MariaDb);
        ServicesTableStore store = database.Store();

        await store.JoinAsync([Name("Node1"), Name("node1"), Name("node2")], Cancellation);

        Assert.Equal(2, await database.NumberAsync("SELECT COUNT(*) FROM services"));
        Assert.All(await store.ReadAsync([Name("NODE1"), Name("node2")], Cancellation), evidence => Assert.Equal(1, evidence.Service!.ReportCount));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task AHostWhoseBinaryHasAnotherTopicIsNamedAndTheOthersBeat(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        await database.ExecuteAsync($"INSERT INTO services (host, {database.Binary}, topic, report_count, deleted) VALUES ('node1', 'nova-compute', 'other', 0, 0)");
        ServicesTableStore store = database.Store();

        HeartbeatStoreException fault = await Assert.ThrowsAsync<HeartbeatStoreException>(() => store.JoinAsync([Name("node1"), Name("node2")], Cancellation));

        Assert.Contains("'node1'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("nova-compute", fault.Message, StringComparison.Ordinal);
        Assert.True(await database.CountOfAsync("node2") >= 1);
    }

    private static MemberName Name(string member, string group = "compute") => new(member, group);

    private static Task<int> InsertAsync(TestDatabase database, string host, string columns, string values)
        => database.ExecuteAsync(
            $"INSERT INTO services (created_at, host, {database.Binary}, topic, deleted, {columns}{(columns.Contains("report_count", StringComparison.Ordinal) ? "" : ", report_count")}) "
            + $"VALUES ({database.Now}, '{host}', 'nova-compute', 'compute', 0, {values}{(columns.Contains("report_count", StringComparison.Ordinal) ? "" : ", 0")})");
}
