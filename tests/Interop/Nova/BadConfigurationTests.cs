using LivenessEngine.Testing;

namespace LivenessEngine.Interop.Nova;

/// <summary>Configurations that are wrong: one line that says where, what, and what is allowed.</summary>
public sealed class BadConfigurationTests
{
    private static readonly string[] Daemon = ["-l", "127.0.0.1", "-p", "-1"];

    [Theory]
    [InlineData(":2: [DEFAULT] servicegroup_driver is 'zk'; allowed is db, mc.", "[DEFAULT]", "servicegroup_driver = zk")]
    [InlineData(":3: [DEFAULT] service_down_time is 'soon'; allowed is a whole number from 1 to ", "[DEFAULT]", "", "service_down_time = soon")]
    [InlineData(":2: [database] connection: The database URL is not right: 'oracle' is no database that is known here; allowed are sqlite:", "[database]", "connection = oracle://u:s3cret@h/nova")]
    [InlineData(":2: [database] connection: The database URL is not right: there are two @ in it", "[database]", "connection = postgresql://u:s3cret@part@h/nova")]
    [InlineData(":1: 'servicegroup_driver' stands before the first section", "servicegroup_driver = mc")]
    public async Task What_is_wrong_is_named_by_every_command(string expected, params string[] lines)
    {
        using var database = new NovaDatabase();
        string file = database.Configuration(lines);
        foreach (string[] command in (string[][])[["status"], ["join", "compute", "x"], Daemon])
        {
            await FailsAsync($"{file}{expected}", [.. command, "--config-file", file]);
        }
    }

    [Theory]
    [InlineData(":3: [DEFAULT] memcached_servers: '127.0.0.1:port' is no address; allowed are ", "[DEFAULT]", "servicegroup_driver = mc", "memcached_servers = 127.0.0.1:port")]
    [InlineData(":3: [DEFAULT] memcached_servers: Servers names 'a:1' twice; allowed is each once.", "[DEFAULT]", "servicegroup_driver = mc", "memcached_servers = a:1,a:1")]
    [InlineData(":6: [cache] memcache_servers: several servers, and [cache] backend is 'dogpile.cache.pylibmc'",
        "[DEFAULT]", "servicegroup_driver = mc", "[cache]", "enabled = true", "backend = dogpile.cache.pylibmc", "memcache_servers = a:1,b:2")]
    [InlineData(": servicegroup_driver is mc and memcached_servers is <None>: heartbeats stay inside each process",
        "[DEFAULT]", "servicegroup_driver = mc", "memcached_servers = <None>")]
    public async Task So_are_servers(string expected, params string[] lines)
    {
        using var database = new NovaDatabase();
        string file = database.Configuration(lines);
        await FailsAsync($"{file}{expected}", ["status", "--config-file", file]);
        await FailsAsync($"{file}{expected}", ["join", "compute", "x", "--config-file", file]);
    }

    [Fact]
    public async Task A_file_that_is_missing_is_named()
    {
        using var database = new NovaDatabase();
        string file = database.Configuration("") + ".not";
        foreach (string[] command in (string[][])[["status"], ["join", "compute", "x"], Daemon])
        {
            await FailsAsync($"{file}: ", [.. command, "--config-file", file]);
        }
    }

    [Fact]
    public async Task The_daemons_own_flag_is_named()
        => await FailsAsync("--database: The database URL is not right: ", [.. Daemon, "--database", "oracle://u:s3cret@h/nova"]);

    [Fact]
    public async Task A_database_that_is_not_there_is_named_and_its_password_is_not()
    {
        using var database = new NovaDatabase();
        int port = FreePort.Next();
        string file = database.Configuration("[database]", $"connection = mysql+pymysql://u:s3cret@127.0.0.1:{port}/nova");
        await FailsAsync($"127.0.0.1:{port}/nova", ["status", "--config-file", file]);
    }

    [Fact]
    public async Task A_group_that_is_none_is_named()
    {
        using var database = new NovaDatabase();
        string file = database.Configuration("[database]", $"connection = {database.Url}");
        await FailsAsync("'two words'", ["status", "two words", "--config-file", file]);
    }

    private static async Task FailsAsync(string expected, string[] command)
    {
        ChildProcess run = await ChildProcess.RunAsync(Repository.Daemon, command);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.Split('\n'));
        Assert.NotEqual(0, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.DoesNotContain("Parameter", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", run.Error, StringComparison.Ordinal);
    }
}
