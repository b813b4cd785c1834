using LivenessEngine.Testing;

namespace LivenessEngine.Memcached.Tests.Client.Placement;

public sealed class PlacementTests
{
    private static readonly string[] Servers =
        ["10.0.0.1:11211", "10.0.0.2:11211", "cache.example.org:11311", "10.0.0.1:11212", "10.0.0.5", "10.0.0.6:1", "10.0.0.7:65535"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(2, 0)]
    [InlineData(3, 1)]
    [InlineData(7, 0, 3, 6)]
    [InlineData(3, 0, 1, 2)]
    public async Task Crc32_is_python_memcacheds_choice_dead_servers_included(int count, params int[] dead)
    {
        await DebianPython.RequireAsync("memcache", "python3-memcache");
        int[] theirs = await Keys.AskAsync("python-memcached", Servers[..count], dead);
        Assert.Equal(theirs, Keys.Place(MemcachedPlacement.Crc32, Servers[..count], dead));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(3, 1)]
    [InlineData(7, 0, 3, 6)]
    public async Task Rendezvous_is_pymemcaches_choice_dead_servers_included(int count, params int[] dead)
    {
        await DebianPython.RequireAsync("pymemcache", "python3-pymemcache");
        int[] theirs = await Keys.AskAsync("pymemcache", Servers[..count], dead);
        Assert.Equal(theirs, Keys.Place(MemcachedPlacement.Rendezvous, Servers[..count], dead));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task Ketama_is_libmemcacheds_choice(int count)
    {
        await DebianPython.RequireAsync("pylibmc", "python3-pylibmc");
        await using Loopback servers = await Loopback.StartAsync(count);
        Assert.Equal(await Keys.AskAsync("ketama_weighted", servers.Names), Keys.Place(MemcachedPlacement.Ketama, servers.Names));
        Assert.Equal(await Keys.AskAsync("ketama", servers.Names), Keys.Place(MemcachedPlacement.KetamaUnweighted, servers.Names));
    }

    [Fact]
    public void Ketama_goes_nowhere_else_when_a_server_is_dead()
    {
        int[] all = Keys.Place(MemcachedPlacement.Ketama, Servers);
        Assert.Equal(all, Keys.Place(MemcachedPlacement.Ketama, Servers, dead: 2));
        Assert.Equal(7, all.Distinct().Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(3, 1)]
    [InlineData(7, 0, 3, 6)]
    [InlineData(2, 0, 1)]
    public void Enyims_ketama_is_what_its_locator_says(int count, params int[] dead)
    {
        int[] ours = Keys.Place(MemcachedPlacement.KetamaEnyim, Servers[..count], dead);
        var locator = new EnyimLocator(Array.ConvertAll(Servers[..count], server => server.Contains(':') ? server : server + ":11211"), dead);
        Assert.Equal(Keys.All.Select(key => locator.Locate(System.Text.Encoding.ASCII.GetString(key))), ours);
    }

    // Servers that are there, one of them on the port that libmemcached does not spell.
    private sealed class Loopback(List<StockMemcached> servers) : IAsyncDisposable
    {
        public string[] Names => [.. servers.Select(server => server.Server)];

        public static async Task<Loopback> StartAsync(int count)
        {
            var loopback = new Loopback([]);
            for (int i = 0; i < count; i++)
            {
                // An address of its own, so that the port is free.
                string own = $"127.{Random.Shared.Next(1, 255)}.{Random.Shared.Next(1, 255)}.{Random.Shared.Next(1, 255)}";
                loopback.Add(i == 1 ? await StockMemcached.StartAsync(own, 11211) : await StockMemcached.StartAsync());
            }

            return loopback;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (StockMemcached server in servers)
            {
                await server.DisposeAsync();
            }
        }

        private void Add(StockMemcached server) => servers.Add(server);
    }
}
