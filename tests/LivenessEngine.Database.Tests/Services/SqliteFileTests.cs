using System.Data.Common;
using LivenessEngine.Database.Services;
using LivenessEngine.Database.Tests.Servers;
using LivenessEngine.Testing;
using Microsoft.Data.Sqlite;

namespace LivenessEngine.Database.Tests.Services;

public sealed class SqliteFileTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AFileThatIsMissingIsMadeWithNovasTable()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(Databases.Sqlite, withTable: false);
        await using TestDatabase nova = await TestDatabase.CreateAsync(Databases.Sqlite);

        await database.Store().JoinAsync([Name("node1")], Cancellation);

        const string Shape = "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name)";
        Assert.Equal(await nova.ValueAsync(Shape), await database.ValueAsync(Shape));
        Assert.Equal("wal", await database.ValueAsync("PRAGMA journal_mode"));
        Assert.Equal(1, await database.CountOfAsync("node1"));
    }

    [Fact]
    public async Task AFileThatIsThereKeepsItsJournal()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(Databases.Sqlite);

        await database.Store().JoinAsync([Name("node1")], Cancellation);

        Assert.Equal("delete", await database.ValueAsync("PRAGMA journal_mode"));
    }

    [Fact]
    public async Task ManyMayMakeTheFileAtOnce()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(Databases.Sqlite, withTable: false);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => database.Store(options => options.CommandTimeout = TimeSpan.FromSeconds(20)).JoinAsync([Name($"node{i}")], Cancellation)));

        Assert.Equal(8, await database.NumberAsync("SELECT COUNT(*) FROM services WHERE report_count = 1"));
    }

    [Fact]
    public async Task OfTwoRowsOfOneMemberTheOldestCounts()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(Databases.Sqlite);
        await database.Store().JoinAsync([Name("node1"), Name("node2")], Cancellation);
        await database.ExecuteAsync("CREATE TABLE copy AS SELECT * FROM services; DROP TABLE services; ALTER TABLE copy RENAME TO services");
        await database.ExecuteAsync("UPDATE services SET host = 'node1', report_count = 0, last_seen_up = NULL, created_at = '2020-01-01' WHERE host = 'node2'");
        ServicesTableStore store = database.Store();

        Assert.Single(await store.ListAsync(null, Cancellation));
        Assert.Empty(await store.BeatAsync([Name("node1")], Cancellation));

        Assert.Equal(MemberState.Up, Assert.Single(await store.ReadAsync([Name("node1")], Cancellation)).Verdict(TimeSpan.FromSeconds(60)));
        Assert.Equal("2,0", await database.ValueAsync("SELECT group_concat(report_count) FROM (SELECT report_count FROM services ORDER BY id)"));
    }

    [Fact]
    public async Task TimesAreTextsAsSqlAlchemyWritesThem()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(Databases.Sqlite);

        await database.Store().JoinAsync([Name("node1")], Cancellation);

        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$", await database.ValueAsync("SELECT last_seen_up FROM services"));
        Assert.Equal("text", await database.ValueAsync("SELECT typeof(created_at) FROM services"));
    }

    [Fact]
    public async Task AFileThatWasDeletedIsMadeAnewAndMembersRegisterAgain()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(Databases.Sqlite, withTable: false);
        ServicesTableStore store = database.Store();
        await store.JoinAsync([Name("node1")], Cancellation);
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(database.File)!))
        {
            File.Delete(file);
        }

        Assert.Empty(await store.BeatAsync([Name("node1")], Cancellation));

        Assert.Equal(1, await database.CountOfAsync("node1"));
    }

    [Fact]
    public async Task AFileOfSomebodyElseIsLeftAlone()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(Databases.Sqlite, withTable: false);
        await database.ExecuteAsync("CREATE TABLE other (id INTEGER)");

        await FailsAsync(database.Store(), "other tables and no 'services'");

        Assert.Equal("1", await database.ValueAsync("SELECT COUNT(*) FROM sqlite_master"));
    }

    [Fact]
    public async Task AFileThatIsNoDatabaseIsTold()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(Databases.Sqlite, withTable: false);
        await File.WriteAllTextAsync(database.File, new string('x', 5000), Cancellation);

        await FailsAsync(database.Store(), database.File, "no SQLite database");
    }

    [Fact]
    public async Task AFolderThatIsMissingIsTold()
        => await FailsAsync(
            new ServicesTableStore(new DatabaseOptions { ConnectionUrl = "sqlite:////no/such/folder/nova.sqlite" }, TimeProvider.System),
            "/no/such/folder/nova.sqlite",
            "cannot be opened");

    [Fact]
    public async Task AReadOnlyFileIsToldAndMayBeAsked()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(Databases.Sqlite);
        await database.Store().JoinAsync([Name("node1")], Cancellation);
        ServicesTableStore store = database.Store(options => options.ConnectionUrl += "?mode=ro");

        await FailsAsync(store, database.File, "read-only");

        Assert.Equal(1, (await store.ReadAsync([Name("node1")], Cancellation))[0].Service!.ReportCount);
    }

    [Fact]
    public async Task AFullDiskIsToldAndRoomIsFoundLater()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(Databases.Sqlite);
        using var small = new TemporaryFolder();
        ChildProcess mount = await ChildProcess.RunAsync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", small.Path]);
        if (mount.ExitCode != 0)
        {
            Assert.Skip($"No file system of a small size can be made here: {mount.Error}");
        }

        try
        {
            await using var store = new ServicesTableStore(new DatabaseOptions { ConnectionUrl = $"sqlite:///{small["nova.sqlite"]}" }, TimeProvider.System);
            await store.JoinAsync([Name("node1")], Cancellation);
            long free = new DriveInfo(small.Path).AvailableFreeSpace;
            await File.WriteAllBytesAsync(small["fill"], new byte[free], Cancellation);
            MemberName[] many = [.. Enumerable.Range(0, 500).Select(i => Name($"node{i}"))];

            HeartbeatStoreException fault = await Assert.ThrowsAsync<HeartbeatStoreException>(() => store.JoinAsync(many, Cancellation));

            Assert.Contains("disk is full", fault.Message, StringComparison.Ordinal);
            File.Delete(small["fill"]);
            Assert.Empty(await store.BeatAsync([Name("node1")], Cancellation));
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            await ChildProcess.RunAsync("umount", [small.Path]);
        }
    }

    [Fact]
    public async Task ALockIsWaitedForNotLong()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(Databases.Sqlite);
        ServicesTableStore store = database.Store(options => options.CommandTimeout = TimeSpan.FromSeconds(1));
        await store.JoinAsync([Name("node1")], Cancellation);
        await using (DbConnection connection = await database.OpenAsync())
        {
            await using DbTransaction transaction = await connection.BeginTransactionAsync(Cancellation);
            await TestDatabase.ExecuteAsync(connection, "UPDATE services SET disabled = 1", transaction);

            await FailsAsync(store, database.File, "lock");
            await transaction.RollbackAsync(Cancellation);
        }

        Assert.Empty(await store.BeatAsync([Name("node1")], Cancellation));
        Assert.Equal(2, await database.CountOfAsync("node1"));
    }

    [Fact]
    public async Task ATimeThatIsNoneIsTold()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(Databases.Sqlite);
        ServicesTableStore store = database.Store();
        await store.JoinAsync([Name("node1")], Cancellation);
        await database.ExecuteAsync("UPDATE services SET last_seen_up = 'yesterday'");

        HeartbeatStoreException fault = await Assert.ThrowsAsync<HeartbeatStoreException>(() => store.ListAsync(null, Cancellation));

        Assert.Contains("'yesterday' in the column last_seen_up is no time", fault.Message, StringComparison.Ordinal);
    }

    private static MemberName Name(string member) => new(member, "compute");

    private static async Task FailsAsync(ServicesTableStore store, params string[] causes)
    {
        HeartbeatStoreException fault = await Assert.ThrowsAsync<HeartbeatStoreException>(() => Eventually.Of(store.BeatAsync([Name("node1")], Cancellation), "the wait ends"));
        Assert.All(causes, cause => Assert.Contains(cause, fault.Message, StringComparison.Ordinal));
    }
}
