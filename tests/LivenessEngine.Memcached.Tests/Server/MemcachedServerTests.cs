using System.Net;
using LivenessEngine.Testing;

namespace LivenessEngine.Memcached.Tests.Server;

public sealed class MemcachedServerTests
{
    private const int MaxUnread = 64 << 10;
    private const string Version = "VERSION 1.6.45\r\n";

    [Theory]
    [InlineData(nameof(MemcachedServerOptions.MaxConnections), 0)]
    [InlineData(nameof(MemcachedServerOptions.Backlog), 0)]
    [InlineData(nameof(MemcachedServerOptions.IdleTimeout), -1)]
    public async Task An_option_out_of_its_range_is_named(string name, int value)
    {
        var options = new MemcachedServerOptions();
        options.GetType().GetProperty(name)!.SetValue(options, name == nameof(options.IdleTimeout) ? TimeSpan.FromSeconds(value) : value);
        await using var engine = new TestEngine();

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new MemcachedServer(engine.Engine, options, new MemoryTransport(), Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance));

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_address_it_listens_on_loopback()
    {
        await using var server = new MemoryServer();

        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 11211), Assert.Single(server.Server.EndPoints));
        Assert.Equal("127.0.0.1", server.Stat("inter", "settings"));
        Assert.Equal("11211", server.Stat("tcpport", "settings"));
    }

    [Fact]
    public async Task A_connection_too_many_is_told_so_and_closed()
    {
        await using var server = new MemoryServer(new MemcachedServerOptions { MaxConnections = 2 });
        MemoryConnection first = server.Connect();
        MemoryConnection second = server.Connect();

        MemoryConnection third = server.Connect();

        Assert.True(third.Served.IsCompletedSuccessfully);
        Assert.Equal("ERROR Too many open connections\r\n", Bytes.ToText(third.TakeReplies()));
        Assert.Equal(Version, second.Ask("version\r\n"));
        Assert.Equal(("2", "2", "2", "1"), Counts(first));

        second.EndRequests();
        MemoryConnection fourth = server.Connect();
        Assert.Equal(Version, fourth.Ask("version\r\n"));
        Assert.Equal(("2", "2", "3", "1"), Counts(fourth));
    }

    [Fact]
    public async Task While_clients_are_turned_away_nothing_counts_against_the_members()
    {
        await using var server = new MemoryServer(new MemcachedServerOptions { MaxConnections = 2 });
        MemoryConnection first = server.Connect();
        MemoryConnection second = server.Connect();
        server.Pass(1);
        Assert.False(server.Engine.Clock.IsSuspended);

        server.Connect();

        Assert.True(server.Engine.Clock.IsSuspended);
        second.EndRequests();
        Assert.False(server.Engine.Clock.IsSuspended);
        Assert.Contains("STAT clock_suspended 0\r\n", first.Ask("stats liveness-engine\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_it_listens_and_while_it_drains_nothing_counts_against_the_members()
    {
        await using var engine = new TestEngine();
        await using var server = new MemcachedServer(engine.Engine, new MemcachedServerOptions(), new MemoryTransport(), Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        Assert.True(engine.Engine.Clock.IsSuspended);
        server.Start();
        Assert.False(engine.Engine.Clock.IsSuspended);

        await server.StopAsync(TestContext.Current.CancellationToken);

        Assert.False(engine.Engine.Clock.IsSuspended);
    }

    [Fact]
    public async Task A_connection_that_is_silent_for_too_long_is_closed()
    {
        await using var server = new MemoryServer(new MemcachedServerOptions { IdleTimeout = TimeSpan.FromSeconds(10) });
        MemoryConnection silent = server.Connect();
        MemoryConnection half = server.Connect();
        half.Send("set a 0 0 5\r\nab"u8);
        MemoryConnection busy = server.Connect();

        server.Pass(5);
        Assert.Equal(Version, busy.Ask("version\r\n"));
        server.Pass(5);
        Assert.False(silent.Served.IsCompleted);

        server.Pass(1);
        Assert.True(silent.Served.IsCompletedSuccessfully);
        Assert.True(half.Served.IsCompletedSuccessfully);
        Assert.Equal(Version, busy.Ask("version\r\n"));
        Assert.Equal("2", server.Stat("idle_kicks"));
        Assert.Equal("10", server.Stat("idle_timeout", "settings"));
    }

    [Fact]
    public async Task Who_is_said_to_be_idle_and_is_heard_first_stays()
    {
        await using var server = new MemoryServer(new MemcachedServerOptions { IdleTimeout = TimeSpan.FromSeconds(10) });
        MemoryConnection client = server.Connect();

        Assert.All(server.Server.Context.Connections.All(), connection => connection.StopIfIdle());

        Assert.Equal(Version, client.Ask("version\r\n"));
        Assert.Equal("0", server.Stat("idle_kicks"));
    }

    [Fact]
    public async Task Who_only_listens_is_not_idle()
    {
        await using var server = new MemoryServer(new MemcachedServerOptions { IdleTimeout = TimeSpan.FromSeconds(10) });
        server.Ask($"set a 0 0 500000\r\n{new string('x', 500_000)}\r\n");
        MemoryConnection watcher = server.Connect();
        watcher.Send("watch liveness\r\n"u8);
        MemoryConnection slow = server.Connect(new MemoryConnection(MaxUnread));
        slow.Send("get a\r\n"u8);

        server.Pass(60);

        Assert.False(watcher.Served.IsCompleted);
        Assert.False(slow.Served.IsCompleted);
        Assert.Equal("0", server.Stat("idle_kicks"));
        Assert.Equal("VALUE a 0 500000\r\n\r\nEND\r\n".Length + 500_000, slow.TakeReplies().Length);
    }

    [Fact]
    public async Task Without_a_timeout_nobody_is_idle()
    {
        await using var server = new MemoryServer();
        MemoryConnection silent = server.Connect();

        server.Pass(1000);

        Assert.Equal(Version, silent.Ask("version\r\n"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("get a")]
    [InlineData("set a 0 0 5\r\nab")]
    [InlineData("set a 0 0 5000000\r\nab")]
    [InlineData("watch liveness\r\n")]
    public async Task A_stop_closes_who_waits(string sent)
    {
        await using var server = new MemoryServer();
        MemoryConnection client = server.Connect();
        client.Send(Bytes.Of(sent));

        await Eventually.Done(server.Server.StopAsync(TestContext.Current.CancellationToken), "the server stops");

        await Eventually.Done(client.Served, "the connection ends");
        Assert.Equal(0, server.Server.Context.Connections.Count);
    }

    [Fact]
    public async Task A_stop_finishes_what_was_read()
    {
        await using var server = new MemoryServer();
        server.Ask($"set a 0 0 1000\r\n{new string('x', 1000)}\r\n");
        MemoryConnection client = server.Connect(new MemoryConnection(MaxUnread));
        client.Send(Bytes.Of(string.Concat(Enumerable.Repeat("get a\r\n", 1000)) + "set b 0 0 1\r\n1\r\nget"));
        Assert.False(client.Served.IsCompleted);

        Task stopped = server.Server.StopAsync(TestContext.Current.CancellationToken);
        string replies = Bytes.ToText(client.TakeReplies());
        await Eventually.Done(stopped, "the server stops");

        Assert.True(client.Served.IsCompletedSuccessfully);
        Assert.Equal((1000 * "VALUE a 0 1000\r\n\r\nEND\r\n".Length) + 1_000_000 + "STORED\r\n".Length, replies.Length);
        Assert.EndsWith("END\r\nSTORED\r\n", replies, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_cuts_off_who_does_not_take_the_replies()
    {
        await using var server = new MemoryServer();
        server.Ask($"set a 0 0 500000\r\n{new string('x', 500_000)}\r\n");
        MemoryConnection client = server.Connect(new MemoryConnection(MaxUnread));
        client.Send("get a\r\n"u8);
        using var soon = new CancellationTokenSource();

        Task stopped = server.Server.StopAsync(soon.Token);
        Assert.False(stopped.IsCompleted);
        await soon.CancelAsync();
        await Eventually.Done(stopped, "the server stops");

        Assert.True(client.Served.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Who_comes_while_it_stops_is_closed_at_once()
    {
        await using var server = new MemoryServer();
        await server.Server.StopAsync(TestContext.Current.CancellationToken);

        MemoryConnection late = server.Connect();

        Assert.True(late.Served.IsCompletedSuccessfully);
        Assert.Equal(0, server.Server.Context.Connections.Count);
    }

    [Fact]
    public async Task It_can_be_stopped_and_disposed_again_and_again()
    {
        await using var server = new MemoryServer();

        await server.Server.StopAsync(TestContext.Current.CancellationToken);
        await server.Server.StopAsync(TestContext.Current.CancellationToken);
        await server.Server.DisposeAsync();
        await server.Server.DisposeAsync();
    }

    private static (string Maximum, string Current, string Total, string Rejected) Counts(MemoryConnection client)
    {
        Dictionary<string, string> stats = client.Ask("stats\r\n").Split("\r\n").Select(line => line.Split(' ', 3))
            .Where(words => words.Length == 3).ToDictionary(words => words[1], words => words[2]);
        return (stats["max_connections"], stats["curr_connections"], stats["total_connections"], stats["rejected_connections"]);
    }
}
