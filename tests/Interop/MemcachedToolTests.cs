using LivenessEngine.Interop.Servers;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop;

/// <summary>memcached-tool, memcached's own script for operators, in each of its modes: the same shape from memcached and from us.</summary>
public sealed class MemcachedToolTests
{
    private const string Script = "/usr/share/memcached/scripts/memcached-tool";

    // Of memcached's, what is not here: what it is made of, threads that we have not, extstore, proxies, NAPI.
    private static readonly string[] Foreign =
    [
        "libevent", "response_obj_", "read_buf_", "reserved_fds", "slab_reassign_chunk_rescues", "slab_reassign_busy_deletes", "lru_crawler_running",
        "lru_maintainer_juggles", "malloc_fails", "unexpected_napi_ids", "round_robin_fallback", "moves_", "lrutail_reflocked", "lru_bumps_dropped",
    ];

    [Fact]
    public async Task Every_mode_shows_what_it_shows_of_memcached()
    {
        Installed.Find("memcached", "memcached");
        Assert.SkipUnless(File.Exists(Script) || Environment.GetEnvironmentVariable("CI") == "true", $"{Script} (Debian package memcached) is not here");
        await using ServerPair servers = await ServerPair.StartAsync("-o", "no_lru_maintainer");
        foreach (RunningServer server in new[] { servers.Stock, servers.Ours })
        {
            await server.AskAsync("set a 5 0 1\r\n1\r\nset b 0 0 3\r\nabc\r\nget a\r\n");
        }

        string[] display = await RunAsync(servers.Ours, "display");
        string[] stockDisplay = await RunAsync(servers.Stock, "display");
        Assert.Equal(stockDisplay[0], display[0]);
        Assert.Equal(stockDisplay.Length, display.Length);
        string[] row = Cells(display[1]);
        Assert.Equal(Cells(stockDisplay[1]).Length, row.Length);
        Assert.Equal(["1", "64B", "1", "2", "no", "0", "0", "0"], row.Where((_, column) => column != 2));

        Assert.Equal((await RunAsync(servers.Stock, "dump")).Order(), (await RunAsync(servers.Ours, "dump")).Order());
        Assert.Equal(Keys(await RunAsync(servers.Stock, "keys")), Keys(await RunAsync(servers.Ours, "keys")));
        Assert.Equal((await RunAsync(servers.Stock, "sizes"))[1..], (await RunAsync(servers.Ours, "sizes"))[1..]);

        string[] missing = [.. Names(await RunAsync(servers.Stock, "stats")).Except(Names(await RunAsync(servers.Ours, "stats")))];
        Assert.All(missing, name => Assert.Contains(Foreign, foreign => name.StartsWith(foreign, StringComparison.Ordinal)));
        string[] settings = Names(await RunAsync(servers.Ours, "settings"));
        Assert.Superset(new HashSet<string> { "maxbytes", "maxconns", "tcpport", "evictions", "num_threads", "item_size_max" }, settings.ToHashSet());
    }

    private static async Task<string[]> RunAsync(RunningServer server, string mode)
    {
        ChildProcess run = await ChildProcess.RunAsync("perl", [Script, server.Address, mode]);
        Assert.Equal(0, run.ExitCode);
        return run.Output.TrimEnd().Split('\n');
    }

    private static string[] Cells(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string[] Names(string[] lines) => [.. lines[1..].Select(line => Cells(line)[0])];

    private static IEnumerable<string> Keys(string[] lines) => lines.Select(line => line.Split(' ')[0]).Order();
}
