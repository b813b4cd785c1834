using System.Text.Json;
using LivenessEngine.Interop.Servers;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop.Nova;

/// <summary>"join" and "status" with nova.conf, over each driver.</summary>
public sealed class ConfigFileTests : IDisposable
{
    private readonly NovaDatabase _database = new();

    private string Connection => $"connection = {_database.Url}";

    public void Dispose() => _database.Dispose();

    [Fact]
    public async Task Over_the_database()
    {
        string file = _database.Configuration("[DEFAULT]", "report_interval = 1", "[database]", Connection);
        await using (ChildProcess join = Join(file))
        {
            await UpAsync(file);
            Assert.Contains($"every 1 s", join.Output, StringComparison.Ordinal);
            await Eventually.True(() => _database.Value("SELECT report_count FROM services WHERE host = 'node1' AND report_count > 2") is not null, "it goes on");
            Assert.Equal("nova-compute", _database.Value("SELECT \"binary\" FROM services"));
        }

        _database.Execute("UPDATE services SET forced_down = 1");
        Assert.Equal("down", await Asking.StateAsync("node1", "--config-file", file));
        Assert.Contains("forced down", await Asking.TextAsync("--config-file", file), StringComparison.Ordinal);
        Assert.Equal(["1", "nova-compute", "node1", "nova", "enabled", "down"], Asking.Row(await Asking.TextAsync("--config-file", file, "--format", "nova"), "node1", '|')[..6]);
    }

    [Fact]
    public async Task A_flag_counts_before_the_file_and_the_end_may_leave()
    {
        string file = _database.Configuration("[DEFAULT]", "report_interval = 3600", "[database]", Connection);
        await using ChildProcess join = Join(file, "--report-interval", "0.2", "--leave");
        await Eventually.True(() => _database.Value("SELECT report_count FROM services WHERE report_count > 2") is not null, "it reports more often than the file says");
        join.Signal(ChildProcess.Terminate);
        Assert.Equal(0, await join.EndAsync());
        Assert.Equal("0", _database.Value("SELECT COUNT(*) FROM services WHERE deleted = 0"));
        Assert.Equal("No member has reported yet.", await Asking.TextAsync("--config-file", file));
    }

    [Fact]
    public async Task Who_leaves_does_so_though_no_report_was_answered()
    {
        _database.Register("node1");
        string file = _database.Configuration("[database]", Connection);
        IDisposable held = _database.Lock();
        await using ChildProcess join = Join(file, "--report-interval", "0.2", "--leave");
        using (held)
        {
            await Eventually.True(() => join.Error.StartsWith("reports do not arrive", StringComparison.Ordinal), "it has reported, to nobody");
            join.Signal(ChildProcess.Terminate);
        }

        Assert.Equal(0, await join.EndAsync());
        Assert.Equal("0", _database.Value("SELECT COUNT(*) FROM services WHERE deleted = 0"));
    }

    [Fact]
    public async Task Over_memcached_with_the_key_and_the_value_of_Nova()
    {
        await using RunningServer memcached = await RunningServer.MemcachedAsync();
        string file = Memcached(memcached);
        await using ChildProcess join = Join(file);

        // sha1 of "compute:node1", by sha1sum; flag 1 is a pickle.
        await Eventually.True(
            async () => (await memcached.AskAsync("get c49d811d52e094ccf1bbf791ee93a815b5a9b6e6\r\n")).StartsWith("VALUE c49d811d52e094ccf1bbf791ee93a815b5a9b6e6 1 ", StringComparison.Ordinal),
            "the heartbeat is there");

        ChildProcess status = await ChildProcess.RunAsync(Repository.Daemon, ["status", "--config-file", file]);
        Assert.Equal(1, status.ExitCode);
        Assert.StartsWith($"memcached at {memcached.Address} does not tell who its members are", status.Error, StringComparison.Ordinal);
        Assert.Single(status.Error.Split('\n'));

        status = await ChildProcess.RunAsync(Repository.Daemon, ["status", "--server", memcached.Address]);
        Assert.Equal(1, status.ExitCode);
        Assert.Equal($"liveness: {memcached.Address} has no 'stats liveness': a plain memcached does not tell who its members are", status.Error);
    }

    [Fact]
    public async Task Over_memcached_whose_members_the_database_names()
    {
        _database.Register("node1");
        _database.Register("silent");
        await using RunningServer memcached = await RunningServer.MemcachedAsync();
        string withoutDatabase = Memcached(memcached);
        await using ChildProcess join = Join(withoutDatabase);
        await UpAsync(Memcached(memcached, "[database]", Connection));
        Assert.Null(_database.Value("SELECT last_seen_up FROM services WHERE host = 'node1'"));
        Assert.NotEqual("up", await Asking.StateAsync("silent", "--config-file", Memcached(memcached, "[database]", Connection)));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Over_our_daemon_with_a_database(bool asksTheDatabaseToo)
    {
        _database.Register("node1");
        _database.Register("silent");
        await using RunningServer daemon = await RunningServer.DaemonAsync("--database", _database.Url);
        string file = asksTheDatabaseToo ? Memcached(daemon, "[database]", Connection) : Memcached(daemon);
        await using ChildProcess join = Join(file);
        await UpAsync(file);
        await UpAsync(null, "--server", daemon.Address);
        Dictionary<string, JsonElement> members = await Asking.JsonAsync("--config-file", file);
        Assert.Equal(["node1", "silent"], members.Keys.Order());
        Assert.Equal("nova-compute", members["node1"].GetProperty("registered").GetProperty("binary").GetString());
    }

    [Fact]
    public async Task Over_the_database_while_memcached_is_away_and_back()
    {
        await using StockMemcached memcached = await StockMemcached.StartAsync();
        string file = _database.Configuration(
            "[DEFAULT]", "servicegroup_driver = mc", "report_interval = 1", "service_down_time = 4",
            "[cache]", "enabled = true", "backend = oslo_cache.memcache_pool", $"memcache_servers = {memcached.Server}", "memcache_dead_retry = 1",
            "[database]", Connection);
        await using ChildProcess join = Join(file);
        await UpAsync(file);
        await memcached.StopAsync();
        await StaysUpAsync();
        await memcached.StartAgainAsync();
        await StaysUpAsync();

        // It may have had to wait on a busy machine, but one of the two was there at any time.
        Assert.DoesNotContain("cannot be reached", join.Error, StringComparison.Ordinal);

        async Task StaysUpAsync()
        {
            for (int i = 0; i < 6; i++)
            {
                Assert.Equal("up", await Asking.StateAsync("node1", "--config-file", file));
                await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
            }
        }
    }

    [Fact]
    public async Task Join_names_the_place_that_is_away()
    {
        int port = FreePort.Next();
        string file = _database.Configuration("[DEFAULT]", "servicegroup_driver = mc", $"memcached_servers = 127.0.0.1:{port}", "report_interval = 10");
        await using ChildProcess join = Join(file);
        await Eventually.True(() => join.Error.Length > 0, "join says that nobody is there");
        Assert.Equal($"reports do not arrive: memcached at 127.0.0.1:{port} cannot be reached: Connection refused; trying on", join.Error);
    }

    private static ChildProcess Join(string file, params string[] flags)
        => ChildProcess.Start(Repository.Daemon, ["join", "compute", "node1", "--config-file", file, .. flags]);

    private string Memcached(RunningServer server, params string[] lines)
        => _database.Configuration(["[DEFAULT]", "servicegroup_driver = mc", $"memcached_servers = {server.Address}", "report_interval = 1", .. lines]);

    private static Task UpAsync(string? file, params string[] arguments) => Eventually.True(
        async () =>
        {
            ChildProcess run = await ChildProcess.RunAsync(Repository.Daemon, ["status", "--json", .. file is null ? arguments : ["--config-file", file]]);
            if (run.ExitCode != 0)
            {
                return false;
            }

            using var json = JsonDocument.Parse(run.Output);
            return json.RootElement.EnumerateArray().Any(member => member.GetProperty("member").GetString() == "node1" && member.GetProperty("state").GetString() == "up");
        },
        "node1 is up");
}
