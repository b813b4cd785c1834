using System.Data.Common;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LivenessEngine.Database.Services;
using LivenessEngine.Database.Tests.Servers;
using LivenessEngine.Testing;

namespace LivenessEngine.Database.Tests.Services;

public sealed class FaultTests
{
    public static TheoryData<string> All => Databases.All;

    public static TheoryData<string> Servers => Databases.Servers;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task ATableThatIsMissingIsNamedAndNotMade(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind, withTable: false);

        await FailsAsync(database.Store(), database.Server, "no table 'services'");

        Assert.Equal("0", await database.ValueAsync("SELECT COUNT(*) FROM information_schema.tables WHERE table_name = 'services' AND table_schema NOT LIKE 'other'"
            + (kind == Databases.MariaDb ? " AND table_schema = DATABASE()" : "")));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task ATableOfAnotherShapeIsNamed(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        await database.ExecuteAsync("ALTER TABLE services DROP COLUMN last_seen_up");

        await FailsAsync(database.Store(), null, "not of Nova's shape", "last_seen_up");
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task AWrongPasswordIsToldAndNotShown(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        ServicesTableStore store = database.Store(options => options.ConnectionUrl = options.ConnectionUrl.Replace(DatabaseServer.EscapedPassword, "s3cret-and-wrong", StringComparison.Ordinal));

        HeartbeatStoreException fault = await FailsAsync(store, database.Server, "password");

        Assert.DoesNotContain("s3cret", fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task ADatabaseThatIsNotThereIsNamed(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);

        await FailsAsync(database.Store(options => options.ConnectionUrl = database.Server.Url("nowhere")), database.Server, "nowhere");
    }

    [Theory]
    [InlineData("postgresql")]
    [InlineData("mysql+pymysql")]
    public async Task NobodyThereIsToldAtOnce(string scheme)
    {
        int port = FreePort.Next();

        await FailsAsync(Store($"{scheme}://u:p@127.0.0.1:{port}/nova"), null, $"127.0.0.1:{port}/nova", "cannot be reached");
    }

    [Theory]
    [InlineData("postgresql://u:p@/nova?host=/no/such/folder")]
    [InlineData("mysql+pymysql://u:p@localhost/nova?unix_socket=/no/such/folder/s")]
    public async Task ASocketThatIsMissingIsNamed(string url)
        => await FailsAsync(Store(url), null, "/no/such/folder", "cannot be reached");

    [Theory]
    [InlineData("postgresql")]
    [InlineData("mysql+pymysql")]
    public async Task AHostThatNobodyKnowsIsNamed(string scheme)
        => await FailsAsync(Store($"{scheme}://u:p@no-such-host.invalid/nova"), null, "no-such-host.invalid", "cannot be reached");

    [Theory]
    [InlineData("postgresql")]
    [InlineData("mysql+pymysql")]
    public async Task AServerThatTakesConnectionsAndSaysNothingIsWaitedForNotLong(string scheme)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;

        await FailsAsync(Store($"{scheme}://u:p@127.0.0.1:{port}/nova"), null, $"127.0.0.1:{port}/nova", "not answer in time");
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task AServerThatFallsSilentIsWaitedForNotLongAndFoundAgain(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        ServicesTableStore store = database.Store();
        await store.JoinAsync([Name("node1")], Cancellation);
        await database.Server.FreezeAsync(true);
        try
        {
            await FailsAsync(store, database.Server, "not answer in time");
            await FailsAsync(store, database.Server, "not answer in time");
        }
        finally
        {
            await database.Server.FreezeAsync(false);
        }

        await BeatsAgainAsync(store);
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task NoBeatIsLostWhenTheServerDiesAndComesBack(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        await using ServiceGroup group = DatabaseServiceGroup.Create(
            database.Options(), new ServiceGroupOptions { ReportInterval = TimeSpan.FromMilliseconds(200), Tick = TimeSpan.FromMilliseconds(20) });
        for (int i = 0; i < 300; i++)
        {
            group.Join($"node{i}", "compute");
        }

        await Eventually.True(async () => await database.NumberAsync("SELECT COUNT(*) FROM services WHERE report_count > 2") == 300, "all beat");
        await database.Server.KillAsync();
        Task asked = group.IsUpAsync("node1", "compute", Cancellation).AsTask();
        await Assert.ThrowsAsync<HeartbeatStoreException>(() => Eventually.Done(asked, "the question ends"));
        Task owed = group.HeartbeatAsync("late", "compute", Cancellation).AsTask();
        await Assert.ThrowsAsync<HeartbeatStoreException>(() => Eventually.Done(owed, "the wait ends"));
        await database.Server.StartAsync();

        // What was owed while it was away, too: nobody reports 'late' again.
        await Eventually.True(async () => await database.NumberAsync("SELECT COUNT(*) FROM services WHERE host = 'late' AND report_count > 0") == 1, "the late one is counted");
        await database.ExecuteAsync("UPDATE services SET report_count = 0");
        await Eventually.True(async () => await database.NumberAsync("SELECT COUNT(*) FROM services WHERE report_count > 2") == 300, "all beat again");
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task AConnectionThatTheServerClosedIsNoFault(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        ServicesTableStore store = database.Store();
        await store.JoinAsync([Name("node1")], Cancellation);
        await database.Server.KillAsync();
        await database.Server.StartAsync();

        // The servers of these tests need not keep what was written just before they were killed.
        long before = await database.NumberAsync("SELECT COALESCE(MAX(report_count), 0) FROM services");
        Assert.Empty(await store.BeatAsync([Name("node1")], Cancellation));

        Assert.Equal(before + 1, await database.CountOfAsync("node1"));
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task ARowThatAnotherTransactionHoldsIsWaitedForNotLong(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        ServicesTableStore store = database.Store(options => options.RowsPerStatement = 1);
        await store.JoinAsync([Name("held"), Name("free")], Cancellation);
        await using (DbConnection connection = await database.OpenAsync())
        {
            await using DbTransaction transaction = await connection.BeginTransactionAsync(Cancellation);
            await TestDatabase.ExecuteAsync(connection, "UPDATE services SET disabled = true WHERE host = 'held'", transaction);

            HeartbeatStoreException fault = await Assert.ThrowsAsync<HeartbeatStoreException>(
                () => Eventually.Of(store.BeatAsync([Name("held"), Name("free")], Cancellation), "the wait ends"));

            Assert.Contains("another transaction holds a row", fault.Message, StringComparison.Ordinal);
            await transaction.RollbackAsync(Cancellation);
        }

        Assert.Equal(2, await database.CountOfAsync("free"));
        Assert.Empty(await store.BeatAsync([Name("held"), Name("free")], Cancellation));
        Assert.Equal(2, await database.CountOfAsync("held"));
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task ADeadlockIsTriedAgain(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);
        ServicesTableStore store = database.Store(options => options.CommandTimeout = TimeSpan.FromSeconds(10));
        await store.JoinAsync([Name("a"), Name("b")], Cancellation);
        for (int i = 0; i < 3; i++)
        {
            // It takes the rows the other way round: b, then a, which the heartbeat holds while it waits for b.
            await using DbConnection connection = await database.OpenAsync();
            await using DbTransaction transaction = await connection.BeginTransactionAsync(Cancellation);
            await TestDatabase.ExecuteAsync(connection, "UPDATE services SET disabled = true WHERE host = 'b'", transaction);
            Task<IReadOnlyCollection<MemberName>> beat = store.BeatAsync([Name("a"), Name("b")], Cancellation);
            await Task.Delay(100, Cancellation);
            try
            {
                await TestDatabase.ExecuteAsync(connection, "UPDATE services SET disabled = true WHERE host = 'a'", transaction);
                await transaction.CommitAsync(Cancellation);
            }
            catch (DbException)
            {
                // Either of the two is chosen to end.
                await transaction.RollbackAsync(Cancellation);
            }

            Assert.Empty(await Eventually.Of(beat, "the beat is counted"));
        }

        Assert.Equal(4, await database.CountOfAsync("a"));
        Assert.Equal(4, await database.CountOfAsync("b"));
    }

    [Fact]
    public async Task ANameThatTheTableCannotHoldHoldsUpNobody()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(Databases.MariaDb);
        ServicesTableStore store = database.Store();

        HeartbeatStoreException fault = await Assert.ThrowsAsync<HeartbeatStoreException>(
            () => store.JoinAsync([Name("node1"), Name("\U0001F600"), Name("node2")], Cancellation));

        Assert.Contains("'\U0001F600'", fault.Message, StringComparison.Ordinal);
        Assert.True(await database.CountOfAsync("node1") >= 1);
        Assert.True(await database.CountOfAsync("node2") >= 1);
    }

    [Fact]
    public async Task AReadOnlyPostgreSqlIsToldAndFoundWritableLater()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(Databases.PostgreSql);
        ServicesTableStore store = database.Store();
        await store.JoinAsync([Name("node1")], Cancellation);
        string name = (await database.ValueAsync("SELECT current_database()"))!;
        await database.ExecuteAsync($"ALTER DATABASE {name} SET default_transaction_read_only = on");
        await database.Server.ExecuteAsync("", $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");

        await FailsAsync(store, database.Server, "read-only");
        Assert.Single(await store.ReadAsync([Name("node1")], Cancellation));

        await database.Server.ExecuteAsync("", $"ALTER DATABASE {name} RESET default_transaction_read_only");
        await BeatsAgainAsync(store);
    }

    [Fact]
    public async Task AReadOnlyMariaDbIsToldAndFoundWritableLater()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(Databases.MariaDb);
        await database.ExecuteAsync("CREATE USER IF NOT EXISTS plain@'%' IDENTIFIED BY 'p'; GRANT SELECT, INSERT, UPDATE ON *.* TO plain@'%'");
        ServicesTableStore store = database.Store(options =>
            options.ConnectionUrl = options.ConnectionUrl.Replace($"{DatabaseServer.User}:{DatabaseServer.EscapedPassword}", "plain:p", StringComparison.Ordinal));
        await store.JoinAsync([Name("node1")], Cancellation);
        await database.ExecuteAsync("SET GLOBAL read_only = 1");
        try
        {
            await FailsAsync(store, database.Server, "read-only");
        }
        finally
        {
            await database.ExecuteAsync("SET GLOBAL read_only = 0");
        }

        await BeatsAgainAsync(store);
    }

    private static MemberName Name(string member) => new(member, "compute");

    private static ServicesTableStore Store(string url)
        => new(new DatabaseOptions { ConnectionUrl = url, ConnectTimeout = TimeSpan.FromSeconds(1), CommandTimeout = TimeSpan.FromSeconds(1) }, TimeProvider.System);

    private static async Task<HeartbeatStoreException> FailsAsync(ServicesTableStore store, DatabaseServer? server, params string[] causes)
    {
        var watch = Stopwatch.StartNew();
        HeartbeatStoreException fault = await Assert.ThrowsAsync<HeartbeatStoreException>(
            () => Eventually.Of(store.BeatAsync([Name("node1")], Cancellation), "the wait ends"));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(12), $"{watch.Elapsed} until: {fault.Message}");
        if (server is not null)
        {
            Assert.Contains($"127.0.0.1:{server.Port}/", fault.Message, StringComparison.Ordinal);
        }

        Assert.All(causes, cause => Assert.Contains(cause, fault.Message, StringComparison.Ordinal));
        return fault;
    }

    private static Task BeatsAgainAsync(ServicesTableStore store)
        => Eventually.True(
            async () =>
            {
                try
                {
                    return (await store.BeatAsync([Name("node1")], Cancellation)).Count == 0;
                }
                catch (HeartbeatStoreException)
                {
                    return false;
                }
            },
            "it beats again");
}
