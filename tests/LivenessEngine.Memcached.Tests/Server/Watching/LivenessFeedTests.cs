using System.Globalization;
using LivenessEngine.Testing;

namespace LivenessEngine.Memcached.Tests.Server.Watching;

public sealed class LivenessFeedTests : IAsyncDisposable
{
    private const string Beat = "set compute:host 1 0 1 \r\n1\r\n";

    private readonly MemoryServer _server = new();
    private readonly Queue<string> _lines = new();
    private string _unread = "";

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Transitions_are_told_as_they_happen()
    {
        MemoryConnection watcher = Watch("watch liveness\r\n");
        long start = _server.UnixSeconds;

        _server.Ask(Beat);
        _server.Pass(0.1);
        Assert.Equal(
            $"ts={start}.100000 gid=1 type=liveness event=up group=compute member=host last_seen={start}.000000", await LineAsync(watcher));

        _server.Pass(59.9);
        _server.Ask("get compute:host\r\n");
        Assert.Empty(watcher.TakeReplies());

        _server.Pass(0.1);
        Assert.Equal(
            $"ts={start + 60}.100000 gid=2 type=liveness event=down group=compute member=host last_seen={start}.000000 reason=silence",
            await LineAsync(watcher));

        _server.Ask("touch compute:host 0\r\n");
        _server.Pass(0.1);
        Assert.Equal(
            $"ts={start + 60}.200000 gid=3 type=liveness event=up group=compute member=host last_seen={start + 60}.100000",
            await LineAsync(watcher));

        _server.Ask("delete compute:host\r\n");
        _server.Pass(0.1);
        Assert.Equal(
            $"ts={start + 60}.300000 gid=4 type=liveness event=down group=compute member=host last_seen={start + 60}.100000 reason=left",
            await LineAsync(watcher));
    }

    [Fact]
    public async Task Suspects_and_their_release_are_told()
    {
        string[] members = [.. Enumerable.Range(0, 10).Select(i => $"compute:host{i}")];
        _server.Ask(string.Concat(members.Select(member => $"set {member} 0 0 1\r\n1\r\n")));
        _server.Pass(1);
        MemoryConnection watcher = Watch("watch liveness\r\n");
        _server.Pass(59.1);
        Assert.Contains(" gid=1 type=liveness event=suspect group=compute member=host0 last_seen=", await LineAsync(watcher), StringComparison.Ordinal);
        _server.Ask("touch compute:host3 0\r\n");
        _server.Pass(0.1);
        _server.Ask("liveness release compute\r\n");
        _server.Pass(0.1);
        var lines = new List<string>();
        while (lines.Count < 19)
        {
            lines.Add(await LineAsync(watcher));
        }

        Assert.Equal(9, lines.Count(line => line.Contains(" event=suspect ", StringComparison.Ordinal)));
        Assert.Contains(" event=up group=compute member=host3 ", lines[9], StringComparison.Ordinal);
        Assert.Equal(9, lines.Count(line => line.Contains(" event=down ", StringComparison.Ordinal) && line.EndsWith(" reason=released", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_was_before_is_not_told()
    {
        _server.Ask(Beat);
        _server.Pass(1);
        MemoryConnection watcher = Watch("watch liveness\r\n");

        _server.Ask(Beat + "set cert:a 0 0 1\r\n1\r\n");
        _server.Pass(1);

        Assert.Contains("gid=1 type=liveness event=up group=cert member=a ", await LineAsync(watcher), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_group_is_watched_by_itself()
    {
        MemoryConnection watcher = Watch("watch liveness cert\r\n");

        _server.Ask(Beat);
        _server.Pass(1);
        _server.Ask("set cert:a 0 0 1\r\n1\r\n");
        _server.Pass(1);

        Assert.Contains("gid=1 type=liveness event=up group=cert member=a ", await LineAsync(watcher), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_that_nobody_has_joined_is_watched_by_its_name_and_not_made()
    {
        await using var server = new MemoryServer(new MemcachedServerOptions { Groups = { "*" } });
        MemoryConnection watcher = server.Connect();
        Assert.Equal("OK\r\n", watcher.Ask("watch liveness fresh\r\n"));
        Assert.DoesNotContain("fresh", server.Engine.Groups.Names);

        server.Ask(Beat + "set fresh:a 0 0 1\r\n1\r\n");
        server.Pass(1);

        Assert.Contains("gid=1 type=liveness event=up group=fresh member=a ", await LineAsync(watcher), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("watch liveness compute cert\r\n")]
    [InlineData("watch liveness compute fetchers cert\r\n")]
    [InlineData("watch fetchers foo\r\n")]
    [InlineData("watch livenes\r\n")]
    public void Nothing_else_is_watched(string request)
    {
        MemoryConnection client = _server.Connect();

        Assert.Equal("ERROR\r\n", client.Ask(request));
        Assert.Equal("VERSION 1.6.45\r\n", client.Ask("version\r\n"));
    }

    [Fact]
    public async Task Replies_come_before_the_watch_and_requests_behind_it_are_passed_over()
    {
        MemoryConnection watcher = _server.Connect();

        Assert.Equal("VERSION 1.6.45\r\nOK\r\n", watcher.Ask("version\r\nwatch liveness\r\nset a 0 0 1\r\n1\r\n"));
        Assert.Equal("", watcher.Ask("version\r\n"));
        _server.Ask(Beat);
        _server.Pass(1);

        Assert.Contains("event=up", await LineAsync(watcher), StringComparison.Ordinal);
        Assert.Equal("END\r\n", _server.Ask("get a\r\n"));
        Assert.Equal("conn_watch", _server.Stat("2:state", "conns"));
    }

    [Fact]
    public async Task A_watcher_that_goes_is_forgotten()
    {
        MemoryConnection watcher = Watch("watch liveness\r\n");
        watcher.EndRequests();

        await Eventually.Done(watcher.Served, "the watch ends");

        Assert.Equal(0, _server.Server.Context.Connections.Count);
        _server.Ask(Beat);
        _server.Pass(1);
        Assert.Empty(watcher.TakeReplies());
    }

    [Fact]
    public async Task A_watcher_that_does_not_read_loses_the_oldest_and_is_told_how_many()
    {
        const int Members = 40_000;
        const int Kept = 65_536;
        var slow = new MemoryConnection(maxUnread: 1024);
        Watch("watch liveness\r\n", slow);
        MemoryConnection fleet = _server.Connect();
        fleet.Send(Bytes.Of(string.Concat(Enumerable.Range(0, Members).Select(i => $"set compute:host{i} 0 0 1 noreply\r\n1\r\n"))));

        // All of them come up, and all fall silent at once.
        _server.Pass(0.1);
        _server.Pass(60.1);
        Assert.Equal("STORED\r\n", _server.Ask(Beat));

        var events = new List<string>();
        long missed = 0;
        while (events.Count + missed < 2 * Members)
        {
            string line = await LineAsync(slow);
            events.Add(line);
            int at = line.IndexOf(" missed=", StringComparison.Ordinal);
            missed += at < 0 ? 0 : long.Parse(line.AsSpan(at + 8), CultureInfo.InvariantCulture);
        }

        Assert.Equal(2 * Members, events.Count + missed);
        Assert.InRange(events.Count, Kept, Kept + 256 + 100);
        Assert.Single(events, line => line.Contains(" missed=", StringComparison.Ordinal));
        Assert.Equal(Members, events.Count(line => line.Contains(" event=suspect ", StringComparison.Ordinal)));
        Assert.Contains($" gid={events.Count} ", events[^1], StringComparison.Ordinal);
    }

    private MemoryConnection Watch(string request, MemoryConnection? connection = null)
    {
        MemoryConnection watcher = _server.Connect(connection);
        Assert.Equal("OK\r\n", watcher.Ask(request));
        return watcher;
    }

    // Events are written by the thread pool.
    private async Task<string> LineAsync(MemoryConnection watcher)
    {
        if (_lines.Count == 0)
        {
            await Eventually.True(
                () =>
                {
                    string[] lines = (_unread + Bytes.ToText(watcher.TakeReplies())).Split("\r\n");
                    _unread = lines[^1];
                    Array.ForEach(lines[..^1], _lines.Enqueue);
                    return _lines.Count > 0;
                },
                "an event");
        }

        return _lines.Dequeue();
    }

    [Fact]
    public async Task All_that_changes_at_once_reaches_a_watcher_that_reads()
    {
        const int members = 20_000;
        MemoryConnection watcher = Watch("watch liveness\r\n");
        _server.Ask(string.Concat(Enumerable.Range(0, members).Select(i => $"set compute:host{i} 0 0 1 noreply\r\n1\r\n")));
        _server.Pass(0.1);
        for (int i = 0; i < members; i++)
        {
            Assert.DoesNotContain("missed", await LineAsync(watcher), StringComparison.Ordinal);
        }
    }
}
