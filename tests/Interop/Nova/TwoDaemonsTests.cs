using LivenessEngine.Interop.Servers;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop.Nova;

/// <summary>Two daemons that share Nova's database.</summary>
public sealed class TwoDaemonsTests
{
    private static readonly string[] Times = ["--service-down-time", "4", "--report-interval", "0.5", "--bridge-interval", "0.2"];

    [Fact]
    public async Task Nobody_is_down_when_one_dies_and_its_clients_go_to_the_other()
    {
        using var database = new NovaDatabase();
        database.Register("node1");
        database.Register("node2");
        await using RunningServer b = await RunningServer.DaemonAsync(["--database", database.Url, .. Times]);
        await using ChildProcess watch = ChildProcess.Start(Repository.Daemon, ["watch", "--server", b.Address]);
        await Eventually.True(async () => (await b.AskAsync("stats conns\r\n")).Contains("conn_watch", StringComparison.Ordinal), "somebody watches");
        await using (RunningServer a = await RunningServer.DaemonAsync(["--database", database.Url, .. Times]))
        {
            await a.AskAsync("set compute:node1 0 0 1\r\n1\r\nset compute:node2 0 0 1\r\n1\r\n", "STORED\r\nSTORED\r\n");
            foreach (RunningServer server in new[] { a, b })
            {
                await UpAsync(server, "node1");
                await UpAsync(server, "node2");
            }

            // Killed at the end of the block.
        }

        await b.AskAsync("set compute:node1 0 0 1\r\n1\r\n", "STORED\r\n");

        await Eventually.True(() => watch.Output.Contains("down  compute  node2", StringComparison.Ordinal), "who died with it is found");
        string[] events = watch.Output.Split('\n');
        int node1 = Array.FindIndex(events, line => line.Contains("down  compute  node1", StringComparison.Ordinal));
        int node2 = Array.FindIndex(events, line => line.Contains("down  compute  node2", StringComparison.Ordinal));
        Assert.True(node1 < 0 || node1 > node2, watch.Output);
    }

    private static Task UpAsync(RunningServer server, string member)
        => Eventually.True(async () => (await server.AskAsync("stats liveness\r\n")).Contains($"STAT compute:{member} up ", StringComparison.Ordinal), $"{member} is up at {server.Address}");
}
