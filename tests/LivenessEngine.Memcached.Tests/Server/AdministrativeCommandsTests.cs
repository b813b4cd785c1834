using System.Globalization;
using LivenessEngine.Table;
using LivenessEngine.Testing;

namespace LivenessEngine.Memcached.Tests.Server;

/// <summary>What the table of exchanges cannot see: what becomes of a command later, or elsewhere.</summary>
public sealed class AdministrativeCommandsTests : IAsyncDisposable
{
    private readonly MemoryServer _server = new();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public void Flush_all_with_a_delay_takes_everything_but_members_at_its_time()
    {
        _server.Ask("set a 0 0 1\r\n1\r\nset compute:host 0 0 1\r\n1\r\n");
        Assert.Equal("OK\r\n", _server.Ask("flush_all 10\r\n"));

        _server.Pass(9.9);
        Assert.Equal("VALUE a 0 1\r\n1\r\nEND\r\nSTORED\r\n", _server.Ask("get a\r\nset b 0 0 1\r\n2\r\n"));

        _server.Pass(0.1);
        Assert.Equal("VALUE compute:host 0 1\r\n1\r\nEND\r\nSTORED\r\n", _server.Ask("get a b compute:host\r\nset a 0 0 1\r\n3\r\n"));

        _server.Pass(100);
        Assert.Equal("VALUE a 0 1\r\n3\r\nEND\r\n", _server.Ask("get a b\r\n"));
        Assert.NotNull(_server.Stat("compute:host", "liveness"));
    }

    [Fact]
    public async Task Shutdown_is_refused_unless_it_is_allowed()
    {
        Assert.Equal("SERVER_ERROR: shutdown not enabled\r\nVERSION 1.6.45\r\n", _server.Ask("shutdown\r\nversion\r\n"));
        Assert.False(_server.Server.ShutdownRequested.IsCompleted);
        Assert.Equal("no", _server.Stat("shutdown_command", "settings"));

        await using var server = new MemoryServer(new MemcachedServerOptions { AllowShutdown = true });
        Assert.Equal("yes", server.Stat("shutdown_command", "settings"));
        Assert.Equal("CLIENT_ERROR invalid shutdown mode\r\n", server.Ask("shutdown now\r\n"));
        Assert.False(server.Server.ShutdownRequested.IsCompleted);
    }

    [Theory]
    [InlineData("shutdown\r\n", false)]
    [InlineData("shutdown graceful\r\n", true)]
    public async Task Shutdown_is_told_to_whoever_runs_the_server(string request, bool graceful)
    {
        await using var server = new MemoryServer(new MemcachedServerOptions { AllowShutdown = true });
        MemoryConnection client = server.Connect();

        Assert.Equal("", client.Ask(request));

        Assert.Equal(graceful, await Eventually.Of(server.Server.ShutdownRequested, "the request is told"));
        Assert.True(client.Served.IsCompletedSuccessfully);
        Assert.Equal("VERSION 1.6.45\r\n", server.Ask("version\r\n"));
    }

    [Fact]
    public void A_smaller_cache_memlimit_gives_memory_back()
    {
        string value = new('x', 10_000);
        for (int i = 0; i < 3000; i++)
        {
            _server.Ask($"set key{i} 0 0 {value.Length} noreply\r\n{value}\r\n");
        }

        Assert.InRange(Number("bytes"), 30_000_000, 64 << 20);
        Assert.Equal("OK\r\n", _server.Ask("cache_memlimit 8\r\n"));
        for (int i = 0; i < 100 && Number("bytes") > 8 << 20; i++)
        {
            _server.Pass(1);
            _server.Ask($"set key{i} 0 0 {value.Length} noreply\r\n{value}\r\n");
        }

        Assert.InRange(Number("bytes"), 1, 8 << 20);
        Assert.Equal((8 << 20).ToString(CultureInfo.InvariantCulture), _server.Stat("limit_maxbytes"));
        Assert.Equal((8 << 20).ToString(CultureInfo.InvariantCulture), _server.Stat("maxbytes", "settings"));
        Assert.InRange(Number("evictions"), 1, 3000);
    }

    [Fact]
    public void Settings_are_those_of_the_options()
    {
        Assert.Equal("0", _server.Stat("verbosity", "settings"));
        _server.Ask("verbosity 1\r\n");
        Assert.Equal("1", _server.Stat("verbosity", "settings"));
        _server.Ask("verbosity 99\r\n");
        Assert.Equal("2", _server.Stat("verbosity", "settings"));
    }

    [Fact]
    public async Task Settings_are_those_of_other_options_too()
    {
        var options = new MemcachedServerOptions
        {
            MaxConnections = 77,
            Threads = 3,
            Backlog = 55,
            IdleTimeout = TimeSpan.FromSeconds(99),
            AllowFlush = false,
            AllowShutdown = true,
            UseCas = false,
            PrefixDelimiter = '/',
            CollectDetail = true,
            UnixSocketMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite,
            Groups = { "web", "db" },
        };
        await using var server = new MemoryServer(options, new TableOptions { MemoryLimit = 100 << 20, Evict = false, MaxItemSize = 4096 }, TimeSpan.FromSeconds(7));

        string[] lines = server.Ask("stats settings\r\n").Split("\r\n");

        Assert.Superset(
            new HashSet<string>
            {
                "STAT maxbytes 104857600", "STAT maxconns 77", "STAT num_threads 3", "STAT tcp_backlog 55", "STAT idle_timeout 99",
                "STAT flush_enabled no", "STAT shutdown_command yes", "STAT cas_enabled no", "STAT stat_key_prefix /",
                "STAT detail_enabled yes", "STAT umask 660", "STAT evictions off", "STAT item_size_max 4096",
                "STAT service_down_time 7", "STAT groups web,db",
            },
            lines.ToHashSet());
    }

    [Fact]
    public void Stats_reset_leaves_what_is_so_and_forgets_what_was()
    {
        MemoryConnection client = _server.Connect();
        client.Ask("set a 0 0 1\r\n1\r\nget a b\r\nincr a 1\r\ntouch a 0\r\ndelete b\r\n");
        Assert.Equal(2, Number("cmd_get"));

        Assert.Equal("RESET\r\n", client.Ask("stats reset\r\n"));

        Dictionary<string, string> stats = client.Ask("stats\r\n").Split("\r\n").Select(line => line.Split(' ', 3))
            .Where(words => words.Length == 3).ToDictionary(words => words[1], words => words[2]);
        Assert.Equal("1", stats["curr_items"]);
        Assert.Equal("1", stats["curr_connections"]);
        string[] counts =
        [
            "cmd_get", "cmd_set", "cmd_touch", "cmd_flush", "get_hits", "get_misses", "incr_hits", "touch_hits", "delete_misses", "total_items",
            "total_connections", "rejected_connections", "evictions",
        ];
        Assert.All(counts, name => Assert.Equal("0", stats[name]));
        client.Ask("get a\r\n");
        Assert.Equal(1, Number("get_hits"));
    }

    [Fact]
    public void Bytes_are_counted_both_ways()
    {
        const string Question = "stats\r\n";
        MemoryConnection client = _server.Connect();
        string first = client.Ask(Question);

        string second = client.Ask(Question);

        Assert.Equal(Question.Length, NumberIn(second, "bytes_read") - NumberIn(first, "bytes_read"));
        Assert.Equal(first.Length, NumberIn(second, "bytes_written") - NumberIn(first, "bytes_written"));
    }

    [Fact]
    public async Task Request_lines_are_logged_from_verbosity_2_on()
    {
        var log = new ListLogger();
        await using var engine = new TestEngine();
        var transport = new MemoryTransport();
        await using var server = new MemcachedServer(engine.Engine, new MemcachedServerOptions(), transport, log);
        server.Start();
        MemoryConnection client = transport.Connect();
        int begun = log.Lines.Length;

        client.Ask("verbosity 1\r\nget a\r\nverbosity 2\r\nget b\r\nset c 0 0 1\r\n1\r\nverbosity 0\r\nget d\r\n");

        Assert.Equal(["Debug: < get b", "Debug: < set c 0 0 1", "Debug: < verbosity 0"], log.Lines[begun..]);
    }

    [Fact]
    public void Prefixes_are_counted_up_to_a_limit()
    {
        _server.Server.Context.Prefixes.IsCollecting = true;
        MemoryConnection client = _server.Connect();
        client.Send(Bytes.Of(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"get p{i}:x\r\n"))));
        client.TakeReplies();

        Assert.Equal(10_000, client.Ask("stats detail dump\r\n").Split("PREFIX ").Length - 1);
    }

    private static long NumberIn(string stats, string name)
        => long.Parse(stats.Split("\r\n").Single(line => line.StartsWith($"STAT {name} ", StringComparison.Ordinal)).Split(' ')[2], CultureInfo.InvariantCulture);

    private long Number(string stat) => NumberIn(_server.Ask("stats\r\n"), stat);
}
