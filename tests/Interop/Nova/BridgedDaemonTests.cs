using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LivenessEngine.Interop.Servers;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop.Nova;

/// <summary>The daemon with Nova's database: who the keys of oslo.cache stand for, and arrivals go through.</summary>
public sealed class BridgedDaemonTests
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task Everybody_has_a_name(bool byConfiguration)
    {
        using var database = new NovaDatabase();
        database.Register("node1");
        database.Register("silent");
        database.Register("forced", forcedDown: true);
        database.Register("sched", "scheduler", disabled: true);
        string[] flags = byConfiguration
            ? ["--config-file", database.Configuration("[DEFAULT]", "report_interval = 1", "[database]", $"connection = {database.Url}")]
            : ["--database", database.Url, "--report-interval", "1"];
        await using RunningServer server = await RunningServer.DaemonAsync(flags);
        await using ChildProcess watch = ChildProcess.Start(Repository.Daemon, ["watch", "--server", server.Address]);
        await Eventually.True(async () => (await server.AskAsync("stats conns\r\n")).Contains("conn_watch", StringComparison.Ordinal), "somebody watches");

        foreach (string key in (string[])[Sha1("compute:node1"), Sha1("compute:forced"), Sha1("scheduler:sched"), "compute:stranger", Sha1("compute:nobody")])
        {
            await SetAsync(server, key);
        }

        await Eventually.True(() => watch.Output.Contains("up    compute  node1", StringComparison.Ordinal), "watch names the host");
        string stats = await server.AskAsync("stats liveness compute\r\n");
        Assert.Matches(@"STAT compute:node1 up \d+\.\d{3} \d+\.\d{3} id=1 binary=nova-compute disabled=0 forced_down=0 updated_at=", stats);
        Assert.Matches("STAT compute:silent unknown -1 -1 id=2 ", stats);
        Assert.Matches("STAT compute:forced down .* forced_down=1", stats);
        Assert.Matches(@"STAT compute:stranger up \d+\.\d{3} \d+\.\d{3}\r\n", stats);
        Assert.DoesNotContain("nobody", stats, StringComparison.Ordinal);

        string table = await Asking.TextAsync("--server", server.Address);
        Assert.Equal(["yes", "never beat", "forced down", "disabled", "no"], ((string[])["node1", "silent", "forced", "sched", "stranger"]).Select(host => Line(table, host)));
        Assert.Contains("3 up, 1 down, 5 in all", table, StringComparison.Ordinal);

        Dictionary<string, JsonElement> json = await Asking.JsonAsync("--server", server.Address);
        Assert.Equal("nova-scheduler", json["sched"].GetProperty("registered").GetProperty("binary").GetString());
        Assert.True(json["forced"].GetProperty("registered").GetProperty("forced_down").GetBoolean());
        Assert.Equal(JsonValueKind.Null, json["stranger"].GetProperty("registered").ValueKind);
        Assert.Equal(JsonValueKind.Null, json["silent"].GetProperty("last_seen").ValueKind);

        await Eventually.True(() => database.Value("SELECT last_seen_up FROM services WHERE host = 'node1'") is not null, "the arrival goes through");
        Assert.Equal("0", database.Value("SELECT MAX(report_count) FROM services"));
        Assert.Null(database.Value("SELECT last_seen_up FROM services WHERE host = 'silent'"));
    }

    [Fact]
    public async Task The_table_is_the_one_of_the_openstack_client()
    {
        using var database = new NovaDatabase();
        database.Register("node1");
        database.Register("a-much-longer-name", "scheduler", disabled: true);
        await using RunningServer server = await RunningServer.DaemonAsync("--database", database.Url);
        await SetAsync(server, Sha1("compute:node1"));

        string[] lines = (await Asking.TextAsync("--server", server.Address, "--format", "nova")).Split('\n');

        Assert.Equal("+----+----------------+--------------------+----------+----------+-------+----------------------------+", lines[0]);
        Assert.Equal("| ID | Binary         | Host               | Zone     | Status   | State | Updated At                 |", lines[1]);
        Assert.Equal(lines[0], lines[2]);
        Assert.Matches(@"^\|  1 \| nova-compute   \| node1              \| nova     \| enabled  \| up    \| \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6} \|$", lines[3]);
        Assert.Equal("|  2 | nova-scheduler | a-much-longer-name | internal | disabled | down  | -                          |", lines[4]);
        Assert.Equal(lines[0], lines[5]);
    }

    [Fact]
    public async Task A_service_that_registers_later_is_known_with_its_next_heartbeat()
    {
        using var database = new NovaDatabase();
        await using RunningServer server = await RunningServer.DaemonAsync("--database", database.Url, "--report-interval", "0.2");
        await SetAsync(server, Sha1("compute:late"));
        Assert.Empty(await Asking.JsonAsync("--server", server.Address));

        database.Register("late");
        await Eventually.True(async () => (await server.AskAsync("stats liveness\r\n")).Contains("late", StringComparison.Ordinal), "late is registered");
        await SetAsync(server, Sha1("compute:late"));
        Assert.Equal("up", await Asking.StateAsync("late", "--server", server.Address));

        database.Execute("UPDATE services SET deleted = id");
        await Eventually.True(
            async () => (await Asking.TextAsync("--server", server.Address)).Contains("late", StringComparison.Ordinal)
                && !(await server.AskAsync("stats liveness\r\n")).Contains("id=", StringComparison.Ordinal),
            "its row is gone, and not its name");
    }

    [Fact]
    public async Task Times_come_from_the_configuration_unless_a_flag_says_otherwise()
    {
        using var database = new NovaDatabase();
        string file = database.Configuration("[DEFAULT]", "service_down_time = 77", "report_interval = 7");
        await using (RunningServer server = await RunningServer.DaemonAsync("--config-file", file))
        {
            Assert.Equal("77", (await server.StatsAsync("settings"))["service_down_time"]);
        }

        await using (RunningServer server = await RunningServer.DaemonAsync("--config-file", file, "--service-down-time", "33"))
        {
            Assert.Equal("33", (await server.StatsAsync("settings"))["service_down_time"]);
        }
    }

    [Fact]
    public async Task More_than_a_thousand_members_are_plain_lines()
    {
        await using RunningServer server = await RunningServer.DaemonAsync();
        var request = new StringBuilder();
        for (int i = 0; i < 20_000; i++)
        {
            request.Append(CultureInfo.InvariantCulture, $"set compute:node{i} 0 0 1 noreply\r\n1\r\n");
        }

        await server.AskAsync($"{request}version\r\n", "\r\n");
        string[] lines = (await Asking.TextAsync("--server", server.Address)).Split('\n');
        Assert.Equal(20_002, lines.Length);
        Assert.Matches(@"^ Group     Member      State   Last seen \(UTC\) +Age$", lines[0]);
        Assert.All(lines[1..^1], line => Assert.Matches(@"^ compute   node\d+ +up      \d{4}-\d\d-\d\d \d\d:\d\d:\d\d +\d+\.\d s$", line));
        Assert.Equal("20000 up, 0 down, 20000 in all", lines[^1]);
    }

    private static string Line(string table, string host)
    {
        string line = table.Split('\n').Single(line => line.Contains($" {host} ", StringComparison.Ordinal)).TrimEnd();
        return line[(line.LastIndexOf("  ", StringComparison.Ordinal) + 2)..];
    }

    private static async Task SetAsync(RunningServer server, string key)
        => Assert.Equal("STORED\r\n", await server.AskAsync($"set {key} 1 0 1 \r\n1\r\n", "\r\n"));

    private static string Sha1(string key)
    {
#pragma warning disable CA5350 // How oslo.cache names keys.
        return Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(key)));
#pragma warning restore CA5350
    }
}
