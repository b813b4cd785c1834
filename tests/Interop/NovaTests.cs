using LivenessEngine.Interop.Servers;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop;

/// <summary>The real Nova with its driver mc: it finds with our daemon what it finds with memcached, where heartbeats pass through.</summary>
public sealed class NovaTests
{
    private static readonly string[] Lives =
    [
        "before it beats: up False time None",
        "after a beat: up True right time True",
        "after another: up True right time True",
        "forced down: up False",
        "no more: up True",
        "500 at once: up 500 right time 500 in order True",
        "its first life: up True",
        "silent: up False time None not too early True",
        "its second life: up True",
        "silent: up False time None not too early True",
    ];

    [Theory]
    [InlineData("oslo_cache.memcache_pool")]
    [InlineData("dogpile.cache.memcached")]
    [InlineData("dogpile.cache.pymemcache")]
    [InlineData("dogpile.cache.bmemcached")]
    public async Task Its_services_live_and_die_over_our_daemon(string backend)
    {
        await DebianPython.RequireAsync("nova.servicegroup.drivers.mc", "python3-nova");
        await DebianPython.RequireAsync("memcache, pymemcache, bmemcached", "python3-memcache python3-pymemcache python3-binary-memcached");

        // Where the script changes Nova's service down time, it is Nova that has to judge by it.
        await using RunningServer server = await RunningServer.DaemonAsync("--verdict", "passthrough");
        string printed = await Python.RunAsync("nova_mc.py", backend, server.Address);
        Assert.Equal(Lives, printed.Split('\n'));

        // Everybody's heartbeat, each under a key of its own.
        Assert.Equal("502", (await server.StatsAsync())["curr_items"]);
    }
}
