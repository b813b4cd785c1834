using System.Collections.Concurrent;
using System.Net;
using LivenessEngine.Interop.Servers;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop.CommandLine;

/// <summary>Flags that show in "stats settings": there as here.</summary>
public sealed class SettingTests(SettingTests.Settings settings) : IClassFixture<SettingTests.Settings>
{
    [Theory]
    [InlineData("maxconns", "1024"), InlineData("maxconns", "77", "-c", "77"), InlineData("maxconns", "77", "--conn-limit=77")]
    [InlineData("num_threads", "4"), InlineData("num_threads", "2", "-t", "2"), InlineData("num_threads", "2", "-t2")]
    [InlineData("maxbytes", "67108864"), InlineData("maxbytes", "134217728", "-m", "128"), InlineData("maxbytes", "134217728", "-m", "64", "-m", "128")]
    [InlineData("evictions", "on"), InlineData("evictions", "off", "-M")]
    [InlineData("item_size_max", "1048576"), InlineData("item_size_max", "2097152", "-I", "2m"), InlineData("item_size_max", "524288", "-I", "512k")]
    [InlineData("flush_enabled", "yes"), InlineData("flush_enabled", "no", "-F")]
    [InlineData("cas_enabled", "yes"), InlineData("cas_enabled", "no", "-C")]
    [InlineData("shutdown_command", "no"), InlineData("shutdown_command", "yes", "-A")]
    [InlineData("tcp_backlog", "1024"), InlineData("tcp_backlog", "55", "-b", "55")]
    [InlineData("stat_key_prefix", ":"), InlineData("stat_key_prefix", "/", "-D", "/")]
    [InlineData("detail_enabled", "no"), InlineData("detail_enabled", "yes", "-D", "/")]
    [InlineData("binding_protocol", "ascii", "-B", "ascii"), InlineData("idle_timeout", "0"), InlineData("idle_timeout", "9", "-o", "idle_timeout=9,no_lru_crawler")]
    [InlineData("track_sizes", "no"), InlineData("track_sizes", "yes", "-o", "track_sizes"), InlineData("lru_crawler", "no", "-o", "no_lru_crawler")]
    [InlineData("verbosity", "0"), InlineData("verbosity", "1", "-v"), InlineData("verbosity", "2", "-vv"), InlineData("verbosity", "2", "-MvFv")]
    [InlineData("udpport", "0", "-U", "0"), InlineData("inter", "127.0.0.1"), InlineData("domain_socket", "NULL"), InlineData("umask", "700")]
    [InlineData("evictions", "on", "-k"), InlineData("evictions", "on", "-L"), InlineData("reqs_per_event", "50", "-R", "50"), InlineData("evictions", "on", "-o", "modern")]
    public async Task Shows_as_in_memcached(string name, string value, params string[] flags)
    {
        (IReadOnlyDictionary<string, string> stock, IReadOnlyDictionary<string, string> ours) = await settings.WithAsync(flags);
        Assert.Equal(value, stock[name]);
        Assert.Equal(value, ours[name]);
    }

    [Theory]
    [InlineData("verdict", "authoritative"), InlineData("verdict", "passthrough", "--verdict", "passthrough")]
    [InlineData("transport", "sockets", "--transport", "sockets")]
    [InlineData("flush_heartbeats", "no"), InlineData("flush_heartbeats", "yes", "--flush-heartbeats")]
    public async Task Shows_what_is_ours_alone(string name, string value, params string[] flags)
    {
        await using RunningServer server = await RunningServer.DaemonAsync(flags);
        Assert.Equal(value, (await server.StatsAsync("settings"))[name]);
    }

    [Fact]
    public async Task Serve_is_the_same_as_no_command()
    {
        await using RunningServer plain = await RunningServer.DaemonAsync("-c", "77", "-F");
        int port = FreePort.Next();
        await using ChildProcess serve = ChildProcess.Start(Repository.Daemon, ["serve", .. RunningServer.Usual(port), .. RunningServer.Stateless, "-c", "77", "-F"]);
        await Eventually.True(() => serve.Output.Contains("Stop it with Ctrl+C.", StringComparison.Ordinal), "serve says how to use it");
        string settings = await RunningServer.AskAsync(new IPEndPoint(IPAddress.Loopback, port), "stats settings\r\n", "END\r\n");
        string expected = await plain.AskAsync("stats settings\r\n");
        Assert.Equal(expected.Replace($"tcpport {plain.Port}", $"tcpport {port}", StringComparison.Ordinal), settings);
    }

    /// <summary>What a pair of servers says to the same flags: asked once.</summary>
    public sealed class Settings
    {
        private readonly ConcurrentDictionary<string, Task<(IReadOnlyDictionary<string, string>, IReadOnlyDictionary<string, string>)>> _asked = new();

        internal Task<(IReadOnlyDictionary<string, string> Stock, IReadOnlyDictionary<string, string> Ours)> WithAsync(string[] flags)
            => _asked.GetOrAdd(string.Join('\n', flags), _ => AskAsync(flags));

        private static async Task<(IReadOnlyDictionary<string, string>, IReadOnlyDictionary<string, string>)> AskAsync(string[] flags)
        {
            await using ServerPair servers = await ServerPair.StartAsync(flags);
            return (await servers.Stock.StatsAsync("settings"), await servers.Ours.StatsAsync("settings"));
        }
    }
}
