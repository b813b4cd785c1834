using System.Globalization;
using System.Text.RegularExpressions;
using LivenessEngine.Interop.Servers;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop;

/// <summary>Nodes report with a client that knows nothing of us; operators ask the daemon.</summary>
public sealed partial class HeartbeatTests
{
    [Fact]
    public async Task A_client_that_sets_its_key_is_up_until_it_falls_silent()
    {
        await DebianPython.RequireAsync("memcache", "python3-memcache");
        await using RunningServer server = await RunningServer.DaemonAsync("--service-down-time", "2", "--report-interval", "0.5");
        await using ChildProcess watch = ChildProcess.Start(Repository.Daemon, ["watch", "compute", "--server", server.Address]);
        await WatchingAsync(server);
        await using (Python.Start("beat.py", server.Port.ToString(CultureInfo.InvariantCulture), "compute:host1"))
        {
            await Eventually.True(async () => await MemberStatus.StateAsync(server.Address, "host1") == "up", "host1 is up");
            MemberStatus only = Assert.Single(await MemberStatus.AskAsync(server.Address));
            Assert.Equal("compute", only.Group);
            Assert.InRange(DateTime.UtcNow - only.LastSeen!.Value, TimeSpan.FromMinutes(-1), TimeSpan.FromMinutes(1));
        }

        await Eventually.True(async () => await MemberStatus.StateAsync(server.Address, "host1") == "down", "host1 is down");
        await Eventually.True(() => Transitions(watch) is ["up", .., "down"], "watch says so");
        ChildProcess table = await ChildProcess.RunAsync(Repository.Daemon, ["status", "--server", server.Address]);
        Assert.Contains("0 up, 1 down, 1 in all", table.Output, StringComparison.Ordinal);
        watch.Signal(ChildProcess.Interrupt);
        Assert.Equal(0, await watch.EndAsync());
    }

    [Fact]
    public async Task Join_reports_again_and_again_and_falls_silent_at_the_end()
    {
        await using RunningServer server = await RunningServer.DaemonAsync("--service-down-time", "5", "--report-interval", "0.5");
        await using ChildProcess join = ChildProcess.Start(
            Repository.Daemon, ["join", "compute", "node1", "--report-interval", "0.5", "--server", server.Address]);
        await Eventually.True(async () => await MemberStatus.StateAsync(server.Address, "node1") == "up", "node1 is up");
        DateTime? first = Assert.Single(await MemberStatus.AskAsync(server.Address)).LastSeen;
        await Eventually.True(
            async () => Assert.Single(await MemberStatus.AskAsync(server.Address)).LastSeen > first + TimeSpan.FromSeconds(2), "node1 goes on");
        join.Signal(ChildProcess.Terminate);
        Assert.Equal(0, await join.EndAsync());
        await Eventually.True(async () => await MemberStatus.StateAsync(server.Address, "node1") == "down", "node1 is down");
    }

    [Fact]
    public async Task Join_leaves_when_told_to()
    {
        await using RunningServer server = await RunningServer.DaemonAsync();
        await using ChildProcess watch = ChildProcess.Start(Repository.Daemon, ["watch", "--server", server.Address]);
        await WatchingAsync(server);
        await using ChildProcess join = ChildProcess.Start(
            Repository.Daemon, ["join", "compute", "node1", "--leave", "--report-interval", "0.5", "--server", server.Address]);
        await Eventually.True(() => watch.Output.EndsWith("node1", StringComparison.Ordinal), "watch says that node1 is up");
        join.Signal(ChildProcess.Terminate);
        Assert.Equal(0, await join.EndAsync());
        Assert.Empty(await MemberStatus.AskAsync(server.Address));
        await Eventually.True(() => watch.Output.EndsWith("node1, it left", StringComparison.Ordinal), "watch says so");
    }

    // A watch begins when it is there, so nobody reports before.
    private static Task WatchingAsync(RunningServer server) => Eventually.True(
        async () => (await server.AskAsync("stats conns\r\n")).Contains("conn_watch", StringComparison.Ordinal), "somebody watches");

    private static string[] Transitions(ChildProcess watch)
    {
        string[] lines = watch.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Matches(Line(), line));
        return [.. lines.Select(line => Line().Match(line).Groups[1].Value)];
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z  (up|down) +compute  host1(, last seen \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)?$")]
    private static partial Regex Line();
}
