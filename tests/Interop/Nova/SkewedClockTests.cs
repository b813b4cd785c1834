using System.Globalization;
using LivenessEngine.Interop.Servers;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop.Nova;

/// <summary>
/// The real Nova on machines whose clocks are wrong: nodes ten minutes behind and ahead, and a control plane 61 s ahead. The
/// daemon's verdict is what they all see.
/// </summary>
public sealed class SkewedClockTests
{
    private const string Script = "nova_clock.py";
    private const string FakeTime = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";
    private const int DownTime = 3;

    private static readonly string[] Hosts = ["right", "behind", "ahead"];

    // Minutes between the updated time, which is the node's, and the clock of who asks, which is a minute ahead.
    private static readonly string[] AllUp = ["right=up,-1", "behind=up,-11", "ahead=up,9"];

    [Theory]
    [InlineData("oslo_cache.memcache_pool")]
    [InlineData("dogpile.cache.memcached")]
    [InlineData("dogpile.cache.pymemcache")]
    [InlineData("dogpile.cache.bmemcached")]
    public async Task Up_while_they_beat_and_down_when_they_do_not(string backend)
    {
        await DebianPython.RequireAsync("nova.servicegroup.drivers.mc", "python3-nova");
        await DebianPython.RequireAsync("memcache, pymemcache, bmemcached", "python3-memcache python3-pymemcache python3-binary-memcached");
        if (!File.Exists(FakeTime))
        {
            Installed.Missing($"{FakeTime} is not installed (Debian: apt-get install libfaketime)");
        }

        await using RunningServer server = await RunningServer.DaemonAsync("--service-down-time", $"{DownTime}", "--report-interval", "0.5");
        string[] common = [backend, server.Address, $"{DownTime}"];
        await using ChildProcess right = Start(0, [.. common, "beat", "right"]);
        await using ChildProcess behind = Start(-600, [.. common, "beat", "behind"]);
        await using ChildProcess ahead = Start(600, [.. common, "beat", "ahead"]);
        await using ChildProcess reader = Start(61, [.. common, "ask", .. Hosts]);
        ChildProcess[] nodes = [right, behind, ahead];
        await Eventually.True(() => Last(reader) is { } line && line.SequenceEqual(AllUp), "all are up");

        // Long past the service down time; and whatever a client flushes.
        int from = Lines(reader).Length;
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal("OK\r\n", await server.AskAsync("flush_all\r\n", "\r\n"));
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        }

        Assert.All(Lines(reader)[from..], line => Assert.Equal(AllUp, line));
        await CheckSkewsAsync(server);

        Array.ForEach(nodes, node => node.Signal(ChildProcess.Stop));
        long stopped = TimeProvider.System.GetTimestamp();
        await Eventually.True(() => Lines(reader)[from..].Any(line => line.Any(IsDown)), "somebody goes down");
        Assert.True(TimeProvider.System.GetElapsedTime(stopped) > TimeSpan.FromSeconds(DownTime - 1), "nobody goes down too early");
        await Eventually.True(() => Last(reader) is { } line && line.All(IsDown), "all are down");

        Array.ForEach(nodes, node => node.Signal(ChildProcess.Continue));
        await Eventually.True(() => Last(reader) is { } line && line.SequenceEqual(AllUp), "all are up again");
    }

    private static async Task CheckSkewsAsync(RunningServer server)
    {
        string stats = await server.AskAsync("stats liveness nova\r\n");
        IEnumerable<double> skews = stats.Split("skew=").Skip(1).Select(rest => Math.Round(double.Parse(rest.Split('\r')[0], CultureInfo.InvariantCulture) / 60));
        Assert.Equal([-10, 0, 10], skews.Order());
        Assert.Equal(Hosts.Length, stats.Split("\r\n").Count(line => line.Contains(" up ", StringComparison.Ordinal)));
        Assert.Matches("Skew", await Asking.TextAsync("--server", server.Address));
    }

    private static ChildProcess Start(int offset, string[] arguments) => Python.Start(
        Script,
        arguments,
        new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = FakeTime,
            ["FAKETIME"] = offset.ToString("+0;-0;+0", CultureInfo.InvariantCulture),
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        });

    private static bool IsDown(string host) => host.Contains("=down", StringComparison.Ordinal);

    private static string[][] Lines(ChildProcess reader)
        => [.. reader.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))];

    private static string[]? Last(ChildProcess reader) => Lines(reader).LastOrDefault();
}
