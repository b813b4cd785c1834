using LivenessEngine.Interop.Servers;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop.CommandLine;

/// <summary>liveness history and liveness release.</summary>
public sealed class HistoryTests
{
    [Fact]
    public async Task History_tells_who_came_and_went_and_why()
    {
        await using RunningServer server = await RunningServer.DaemonAsync("--service-down-time", "1", "--report-interval", "0.5");
        await server.AskAsync("set compute:node1 0 0 1\r\n1\r\n", "STORED\r\n");
        await server.AskAsync("set conductor:c1 0 0 1\r\n1\r\n", "STORED\r\n");
        await Eventually.True(async () => (await AskAsync(server, "history")).Output.Split('\n').Length == 5, "both have gone down");

        ChildProcess compute = await AskAsync(server, "history", "compute");
        Assert.Matches(@"^ Time \(UTC\) +Group +Member +From +To +Reason$", compute.Output.Split('\n')[0]);
        Assert.Matches(@"^ \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z   compute   node1    unknown   up ", compute.Output.Split('\n')[1]);
        Assert.Matches(@"^ \S+   compute   node1    up +down +silence$", compute.Output.Split('\n')[2]);
        Assert.Equal(3, compute.Output.Split('\n').Length);

        ChildProcess last = await AskAsync(server, "history", "--count", "1", "--json");
        Assert.Single(System.Text.Json.JsonDocument.Parse(last.Output).RootElement.EnumerateArray());
        Assert.Equal(64, (await AskAsync(server, "history", "--count", "0")).ExitCode);
    }

    [Fact]
    public async Task Release_declares_suspects_down()
    {
        await using RunningServer server = await RunningServer.DaemonAsync(
            "--service-down-time", "8", "--report-interval", "0.5", "--brake-size", "4", "--brake-share", "0.4");
        ChildProcess nothing = await AskAsync(server, "release", "compute");
        Assert.Equal((1, "liveness: nothing is held back in group 'compute'"), (nothing.ExitCode, nothing.Error));
        string all = string.Concat(Enumerable.Range(0, 6).Select(i => $"set compute:n{i} 0 0 1\r\n1\r\n"));
        await server.AskAsync(all, string.Concat(Enumerable.Repeat("STORED\r\n", 6)));
        await Eventually.True(async () => (await AskAsync(server, "status")).Output.Contains("0 up, 6 suspect, 0 down, 6 in all", StringComparison.Ordinal), "they are suspects");

        ChildProcess release = await AskAsync(server, "release", "compute");

        Assert.Equal((0, "The members of group 'compute' that are silent are down now."), (release.ExitCode, release.Output));
        await Eventually.True(async () => (await AskAsync(server, "status")).Output.Contains("0 up, 6 down, 6 in all", StringComparison.Ordinal), "they are down");
    }

    private static Task<ChildProcess> AskAsync(RunningServer server, params string[] command)
        => ChildProcess.RunAsync(Repository.Daemon, [.. command, "--server", server.Address]);
}
