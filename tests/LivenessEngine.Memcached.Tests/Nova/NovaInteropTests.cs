using System.Globalization;
using LivenessEngine.Memcached.Tests.Client;
using LivenessEngine.Testing;

namespace LivenessEngine.Memcached.Tests.Nova;

/// <summary>Members that joined here are up for the real Nova, with their time, and Nova's are up here.</summary>
public sealed class NovaInteropTests
{
    [Theory]
    [InlineData("oslo_cache.memcache_pool")]
    [InlineData("dogpile.cache.memcached")]
    [InlineData("dogpile.cache.pymemcache")]
    [InlineData("dogpile.cache.pylibmc")]
    [InlineData("dogpile.cache.bmemcached")]
    public async Task Over_memcached(string backend)
    {
        await using StockMemcached server = await StockMemcached.StartAsync();
        await CheckAsync(backend, MemcachedPlacement.Crc32, server.Server);
    }

    [Theory]
    [InlineData("oslo_cache.memcache_pool")]
    [InlineData("dogpile.cache.memcached")]
    [InlineData("dogpile.cache.pymemcache")]
    [InlineData("dogpile.cache.pylibmc")]
    public async Task Over_our_own_server(string backend)
    {
        await using var engine = new ServiceGroup();
        await using MemcachedServer server = OurServer.Start(engine);
        await CheckAsync(backend, MemcachedPlacement.Crc32, server.EndPoints[0].ToString()!);
    }

    [Theory]
    [InlineData("oslo_cache.memcache_pool", MemcachedPlacement.Crc32)]
    [InlineData("dogpile.cache.pymemcache", MemcachedPlacement.Rendezvous)]
    public async Task Over_three_servers(string backend, MemcachedPlacement placement)
    {
        await using StockMemcached first = await StockMemcached.StartAsync();
        await using StockMemcached second = await StockMemcached.StartAsync();
        await using StockMemcached third = await StockMemcached.StartAsync();
        await CheckAsync(backend, placement, first.Server, second.Server, third.Server);
    }

    private static async Task CheckAsync(string backend, MemcachedPlacement placement, params string[] servers)
    {
        await DebianPython.RequireAsync("nova.servicegroup.drivers.mc", "python3-nova");
        await DebianPython.RequireAsync("memcache, pymemcache, pylibmc, bmemcached", "python3-memcache python3-pymemcache python3-pylibmc python3-binary-memcached");
        MemcachedOptions options = Stores.Options(servers);
        options.Placement = placement;
        await using ServiceGroup group = MemcachedServiceGroup.Create(options);
        string[] ours = [.. Enumerable.Range(0, 10).Select(i => $"ours{i}")];
        string[] theirs = [.. Enumerable.Range(0, 10).Select(i => $"nova{i}")];
        DateTimeOffset before = DateTimeOffset.UtcNow;
        foreach (string member in ours)
        {
            await group.HeartbeatAsync(member, "compute", TestContext.Current.CancellationToken);
        }

        string[] lines = await DebianPython.RunAsync(
            "LivenessEngine.Memcached.Tests/Nova/nova_mc.py",
            [backend, string.Join(',', servers), "60", .. ours.Select(name => $"ask=compute:{name}"), "ask=compute:nobody", .. theirs.Select(name => $"beat=compute:{name}")]);

        Assert.Equal(11, lines.Length);
        Assert.Equal("compute:nobody down never", lines[10]);
        DateTimeOffset after = DateTimeOffset.UtcNow;
        IReadOnlyList<MemberStatus> seen = await group.StatusAsync([.. ours.Select(name => new MemberName(name, "compute"))], TestContext.Current.CancellationToken);
        for (int i = 0; i < ours.Length; i++)
        {
            string[] words = lines[i].Split(' ');
            Assert.Equal(($"compute:{ours[i]}", "up"), (words[0], words[1]));
            DateTimeOffset time = DateTimeOffset.Parse(words[2], CultureInfo.InvariantCulture);
            Assert.Equal(seen[i].LastSeen, time);
            Assert.InRange(time, before - TimeSpan.FromMilliseconds(1), after);
        }

        foreach (MemberStatus status in await group.StatusAsync([.. theirs.Select(name => new MemberName(name, "compute"))], TestContext.Current.CancellationToken))
        {
            Assert.Equal(MemberState.Up, status.State);
            Assert.InRange(status.LastSeen!.Value, before, DateTimeOffset.UtcNow);
            Assert.InRange(status.Age!.Value, TimeSpan.Zero, DateTimeOffset.UtcNow - before);
        }
    }
}
