using LivenessEngine.Testing;

namespace LivenessEngine.Memcached.Tests.Server;

/// <summary>Which requests are heartbeats, and what becomes of their members as time passes.</summary>
public sealed class HeartbeatTests : IAsyncDisposable
{
    private const string Beat = "set compute:host 1 0 1 \r\n1\r\n";

    private readonly MemoryServer _server = new();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("set compute:host 0 0 1\r\n2\r\n")]
    [InlineData("set compute:host 0 0 1 noreply\r\n2\r\n")]
    [InlineData("set compute:host 0 -1 1\r\n2\r\n")]
    [InlineData("replace compute:host 0 0 1\r\n2\r\n")]
    [InlineData("touch compute:host 0\r\n")]
    [InlineData("touch compute:host 0 noreply\r\n")]
    [InlineData("gat 0 compute:host\r\n")]
    [InlineData("gats 0 nothing compute:host\r\n")]
    [InlineData("delete compute:host\r\nadd compute:host 0 0 1\r\n2\r\n")]
    public void These_revive(string request)
    {
        _server.Ask(Beat);
        _server.Pass(61);
        Assert.Equal("down", State());

        _server.Ask(request);

        Assert.Equal("up", State());
    }

    [Theory]
    [InlineData("get compute:host\r\n")]
    [InlineData("gets compute:host\r\n")]
    [InlineData("incr compute:host 1\r\n")]
    [InlineData("decr compute:host 1\r\n")]
    [InlineData("append compute:host 0 0 1\r\n2\r\n")]
    [InlineData("prepend compute:host 0 0 1\r\n2\r\n")]
    [InlineData("add compute:host 0 0 1\r\n2\r\n")]
    [InlineData("cas compute:host 0 0 1 999999\r\n2\r\n")]
    [InlineData("set compute:host x 0 1\r\n2\r\n")]
    [InlineData("set compute:host 0 0 1\r\n234\r\n")]
    [InlineData("set compute:hos 0 0 1\r\n2\r\n")]
    [InlineData("touch compute:host x\r\n")]
    [InlineData("gat x compute:host\r\n")]
    [InlineData("flush_all\r\n")]
    public void These_do_not(string request)
    {
        _server.Ask(Beat);
        _server.Pass(61);

        _server.Ask(request);

        Assert.Equal("down", State());
    }

    [Theory]
    [InlineData("get compute:host\r\n")]
    [InlineData("touch compute:host 0\r\n")]
    [InlineData("gat 0 compute:host\r\n")]
    [InlineData("replace compute:host 0 0 1\r\n1\r\n")]
    [InlineData("append compute:host 0 0 1\r\n1\r\n")]
    [InlineData("incr compute:host 1\r\n")]
    [InlineData("cas compute:host 0 0 1 1\r\n1\r\n")]
    [InlineData("set user:17 0 0 1\r\n1\r\n")]
    public void These_make_no_member(string request)
    {
        _server.Ask(request);

        Assert.Equal("END\r\n", _server.Ask("stats liveness\r\n"));
    }

    [Fact]
    public void A_cas_that_stores_is_no_heartbeat_and_leaves_the_member_one()
    {
        string cas = _server.Ask(Beat + "gets compute:host\r\n").Split("\r\n")[1].Split(' ')[4];
        _server.Pass(61);

        Assert.Equal("STORED\r\n", _server.Ask($"cas compute:host 0 0 1 {cas}\r\n2\r\n"));

        Assert.Equal("down", State());
        _server.Ask(Beat);
        Assert.Equal("up", State());
    }

    [Fact]
    public void A_heartbeat_for_which_there_is_no_memory_was_heard_all_the_same()
    {
        _server.Ask(Beat);
        _server.Pass(61);

        string tooLarge = _server.Ask($"set compute:host 0 0 2000000\r\n{new string('x', 2_000_000)}\r\n");

        Assert.Equal("SERVER_ERROR object too large for cache\r\n", tooLarge);
        Assert.Equal("up", State());
    }

    [Fact]
    public void A_member_is_up_for_the_service_down_time_inclusive()
    {
        _server.Ask(Beat);

        _server.Pass(60);
        Assert.Equal("up", State());

        // By the next sweep, and not before: whoever watches is told in the same moment.
        _server.Pass(TimeSpan.FromTicks(1));
        Assert.Equal("up", State());
        _server.Pass(0.1);
        Assert.Equal("down", State());
    }

    [Fact]
    public async Task The_service_down_time_is_the_engines()
    {
        await using var server = new MemoryServer(serviceDownTime: TimeSpan.FromSeconds(5));
        server.Ask(Beat);

        server.Pass(5);
        Assert.StartsWith("up ", server.Stat("compute:host", "liveness"), StringComparison.Ordinal);
        Assert.Equal("5", server.Stat("service_down_time", "settings"));

        server.Pass(0.1);
        Assert.StartsWith("down ", server.Stat("compute:host", "liveness"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_exptime_of_the_item_decides_nothing()
    {
        _server.Ask("set compute:host 0 1 1\r\n1\r\nset compute:other 0 1000 1\r\n1\r\n");

        _server.Pass(10);
        Assert.Equal("END\r\n", _server.Ask("get compute:host\r\n"));
        Assert.Equal("up", State());

        _server.Pass(51);
        Assert.Equal("down", State());
        Assert.Equal("down", State("compute:other"));
    }

    [Fact]
    public void Last_seen_and_age_are_told_in_seconds()
    {
        long start = _server.UnixSeconds;
        _server.Ask(Beat);
        _server.Pass(1.5);

        Assert.Equal($"up {start}.000 1.500", _server.Stat("compute:host", "liveness"));
    }

    [Fact]
    public void A_member_that_was_deleted_is_none()
    {
        _server.Ask(Beat + "set compute:other 0 0 1\r\n1\r\n");

        Assert.Equal("DELETED\r\n", _server.Ask("delete compute:host\r\n"));
        _server.Pass(1);

        Assert.Null(_server.Stat("compute:host", "liveness"));
        Assert.Equal("up", State("compute:other"));
    }

    [Fact]
    public void A_group_is_listed_by_itself()
    {
        _server.Ask(Beat + "set cert:a 0 0 1\r\n1\r\nset cert:b:c 0 0 1\r\n1\r\n");

        string[] lines = _server.Ask("stats liveness cert\r\n").Split("\r\n");

        Assert.Equal(["END", "STAT cert:a", "STAT cert:b:c"], lines.Where(line => line.Length > 0).Select(line => line.Split(" up")[0]).Order());
        Assert.Equal("END\r\n", _server.Ask("stats liveness nobody\r\n"));
    }

    [Fact]
    public async Task With_an_asterisk_every_group_is_watched_over()
    {
        await using var server = new MemoryServer(new MemcachedServerOptions { Groups = { "*" } });

        server.Ask("set user:17 0 0 1\r\n1\r\nset user 0 0 1\r\n1\r\n");

        Assert.StartsWith("up ", server.Stat("user:17", "liveness"), StringComparison.Ordinal);
        Assert.Equal("*", server.Stat("groups", "settings"));
        Assert.Null(server.Stat("user", "liveness"));
    }

    private string? State(string member = "compute:host") => _server.Stat(member, "liveness")?.Split(' ')[0];
}
