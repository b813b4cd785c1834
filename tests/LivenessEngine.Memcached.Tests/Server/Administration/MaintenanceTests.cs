using System.Globalization;
using LivenessEngine.Table;
using LivenessEngine.Testing;

namespace LivenessEngine.Memcached.Tests.Server.Administration;

public sealed class MaintenanceTests : IAsyncDisposable
{
    private readonly MemoryServer _server = new(table: new TableOptions { MemoryLimit = 8 << 20, MemoryReserve = 16 << 20 });

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public void A_page_of_a_class_is_emptied_for_who_needs_it()
    {
        for (int i = 0; i < 3000; i++)
        {
            _server.Ask($"set k{i} 0 0 1 noreply\r\n1\r\n");
        }

        // Room in the pages for what is in one of them, so that no other is taken for it.
        for (int i = 0; i < 3000; i += 2)
        {
            _server.Ask($"delete k{i} noreply\r\n");
        }

        long pages = Number("1:total_pages", "slabs");
        Assert.InRange(pages, 2, 100);

        Assert.Equal("OK\r\n", _server.Ask("slabs reassign 1 2\r\n"));
        Assert.Equal(1, Number("slabs_moved"));
        Assert.InRange(Number("slab_reassign_rescues") + Number("slab_reassign_evictions_nomem"), 1, 3000);
        _server.Pass(1);
        Assert.Equal(pages - 1, Number("1:total_pages", "slabs"));
        Assert.Equal("OK\r\n", _server.Ask("slabs reassign -1 3\r\n"));
    }

    [Fact]
    public void A_member_that_is_up_stays_when_its_page_is_emptied()
    {
        for (int i = 0; i < 3000; i++)
        {
            _server.Ask(i % 1000 == 500 ? $"set compute:{i:D4} 0 0 1 noreply\r\n1\r\n" : $"set a_cache_{i:D4} 0 0 1 noreply\r\n1\r\n");
        }

        long pages = Number("2:total_pages", "slabs");
        Assert.InRange(pages, 3, 100);
        for (long i = 0; i < 3 * pages; i++)
        {
            Assert.Equal("OK\r\n", _server.Ask("slabs reassign 2 1\r\n"));
            _server.Pass(1);
        }

        foreach (int i in (int[])[500, 1500, 2500])
        {
            Assert.StartsWith($"VALUE compute:{i:D4} ", _server.Ask($"get compute:{i:D4}\r\n"), StringComparison.Ordinal);
        }

        Assert.Equal(3, _server.Ask("stats liveness\r\n").Split("\r\n").Count(line => line.Contains(" up ", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_expires_stays_while_the_crawler_is_off()
    {
        _server.Ask("lru_crawler disable\r\nset a 0 1 1\r\n1\r\n");
        _server.Pass(2);
        Assert.Equal("1", _server.Stat("curr_items"));
        Assert.Equal("CLIENT_ERROR lru crawler disabled\r\n", _server.Ask("lru_crawler crawl all\r\n"));
        Assert.Equal("no", _server.Stat("lru_crawler", "settings"));

        Assert.Equal("OK\r\n", _server.Ask("lru_crawler enable\r\n"));
        _server.Pass(1);
        Assert.Equal("0", _server.Stat("curr_items"));
        Assert.Equal(1, Number("crawler_reclaimed"));
        Assert.Equal(1, Number("crawler_items_checked"));
        Assert.Equal(1, Number("lru_crawler_starts"));
    }

    [Fact]
    public void Thousands_of_expired_items_are_walked_over_in_pieces_and_crawled_away()
    {
        const int Items = 10_000;
        _server.Ask("lru_crawler disable\r\n" + string.Concat(Enumerable.Range(0, Items).Select(i => $"set k{i} 0 1 100 noreply\r\n{new string('x', 100)}\r\n")) + "set kept 0 0 1\r\n1\r\n");
        _server.Pass(2);
        _server.Ask("lru_crawler enable\r\n");

        string dump = _server.Ask("lru_crawler mgdump all\r\n");
        Assert.Equal("OK\r\nmg kept\r\nEN\r\n", dump);
        Assert.Equal("STAT sizes_status enabled\r\nSTAT 64 1\r\nEND\r\n", _server.Ask("stats sizes_enable\r\nstats sizes\r\n"));
        Assert.Equal(Items + 1, Number("curr_items"));
        Assert.Equal("OK\r\n", _server.Ask("lru_crawler crawl all\r\n"));
        Assert.Equal(1, Number("curr_items"));
        Assert.Equal(Items, Number("crawler_reclaimed"));
    }

    [Fact]
    public void Sizes_are_counted_in_steps_of_32()
    {
        _server.Ask("set a 0 0 1\r\n1\r\nset b 0 0 1\r\n1\r\nset c 0 0 100\r\n" + new string('x', 100) + "\r\n");

        Assert.Equal("STAT sizes_status enabled\r\nSTAT 64 2\r\nSTAT 160 1\r\nEND\r\n", _server.Ask("stats sizes_enable\r\nstats sizes\r\n"));
        Assert.Equal("yes", _server.Stat("track_sizes", "settings"));
        Assert.Equal("STAT sizes_status disabled\r\n", _server.Ask("stats sizes_disable\r\n"));
    }

    [Fact]
    public void Evictions_tell_of_deadlines_and_ages()
    {
        string value = new('x', 4000);
        for (int i = 0; Number("evictions") == 0; i++)
        {
            _server.Ask($"set key{i} 0 10000 4000 noreply\r\n{value}\r\n");
            _server.Pass(0.1);
        }

        string id = _server.Ask("stats items\r\n").Split("items:")[1].Split(':')[0];
        Assert.Equal(Number("evictions"), Number($"items:{id}:evicted", "items"));
        Assert.Equal(Number("evictions"), Number($"items:{id}:evicted_nonzero", "items"));
        Assert.InRange(Number($"items:{id}:evicted_time", "items"), 1, 1000);
        Assert.InRange(Number("direct_reclaims"), 1, 1000);
    }

    [Fact]
    public void Listeners_are_among_the_connections()
    {
        Assert.Equal("conn_listening", _server.Stat("1:state", "conns"));
        Assert.Equal("tcp:127.0.0.1:11211", _server.Stat("1:addr", "conns"));
        Assert.Null(_server.Stat("1:listen_addr", "conns"));
    }

    private long Number(string stat, string what = "") => long.Parse(_server.Stat(stat, what)!, CultureInfo.InvariantCulture);
}
