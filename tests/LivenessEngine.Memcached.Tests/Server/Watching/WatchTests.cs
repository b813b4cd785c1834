using System.Globalization;
using LivenessEngine.Memcached.Server.Watching;
using LivenessEngine.Table;
using LivenessEngine.Testing;

namespace LivenessEngine.Memcached.Tests.Server.Watching;

public sealed class WatchTests : IAsyncDisposable
{
    private readonly MemoryServer _server = new(table: new TableOptions { MemoryLimit = 8 << 20, MemoryReserve = 16 << 20 });
    private string _unread = "";

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task What_is_done_with_items_is_logged_as_memcached_does()
    {
        MemoryConnection watcher = Watch("watch fetchers mutations deletions\r\n");
        MemoryConnection client = _server.Connect();
        long now = _server.UnixSeconds;
        client.Ask("set a,b 0 100 1\r\n1\r\nget a,b c\r\ndelete a,b\r\nmd a,b\r\nset c 0 0 1\r\n1\r\nmd c q\r\n");

        string[] lines = await LinesAsync(watcher, 11);

        Assert.Equal(
            [
                "type=item_get key=a%2Cb status=not_found clsid=0 cfd=3 size=0",
                "type=item_store key=a%2Cb status=stored cmd=set ttl=100 clsid=1 cfd=3 size=1",
                "type=item_get key=a%2Cb status=found clsid=1 cfd=3 size=1",
                "type=item_get key=c status=not_found clsid=0 cfd=3 size=0",
                "type=item_get key=a%2Cb status=found clsid=1 cfd=3 size=1",
                "type=deleted key=a%2Cb cmd=delete clsid=1 size=1",
                "type=item_get key=a%2Cb status=not_found clsid=0 cfd=3 size=0",
                "type=item_get key=c status=not_found clsid=0 cfd=3 size=0",
                "type=item_store key=c status=stored cmd=set ttl=0 clsid=1 cfd=3 size=1",
                "type=item_get key=c status=found clsid=1 cfd=3 size=1",
                "type=deleted key=c cmd=md clsid=1 size=1",
            ],
            lines.Select(Words));
        Assert.All(lines, line => Assert.StartsWith($"ts={now}.0 gid=", line, StringComparison.Ordinal));
        long[] ids = [.. lines.Select(IdOf)];
        Assert.Equal(ids.Order(), ids);
        Assert.Distinct(ids);
    }

    [Fact]
    public async Task Only_what_was_asked_for_is_sent_and_nothing_from_before()
    {
        _server.Ask("watch\r\n");
        _server.Ask("get before\r\n");
        MemoryConnection watcher = Watch("watch mutations rawcmds\r\n");
        _server.Ask("get a\r\nset b 0 0 1\r\n1\r\n");

        Assert.Equal("type=item_store key=b status=stored cmd=set ttl=0 clsid=1 cfd=5 size=1", Words(Assert.Single(await LinesAsync(watcher, 1))));
    }

    [Fact]
    public async Task Members_and_items_are_followed_in_one_connection()
    {
        MemoryConnection watcher = Watch("watch liveness compute mutations\r\n");
        _server.Ask("set compute:x 1 0 1\r\n1\r\nset cert:x 1 0 1\r\n1\r\n");
        string[] stored = await LinesAsync(watcher, 2);
        _server.Pass(0.1);
        string up = Assert.Single(await LinesAsync(watcher, 1));

        Assert.All(stored, line => Assert.Contains(" type=item_store ", line, StringComparison.Ordinal));
        Assert.Contains(" type=liveness event=up group=compute member=x ", up, StringComparison.Ordinal);
        Assert.True(IdOf(up) > IdOf(stored[1]), "numbers go on");
    }

    [Fact]
    public async Task Clients_that_come_and_go_are_logged()
    {
        MemoryConnection watcher = Watch("watch connevents\r\n");
        _server.Ask("version\r\n");

        Assert.Equal(
            ["type=conn_new rip=unix rport=0 transport=local cfd=3", "type=conn_close rip=unix rport=0 transport=local reason=normal cfd=3"],
            (await LinesAsync(watcher, 2)).Select(Words));
    }

    [Fact]
    public async Task A_client_that_cannot_be_logged_takes_no_place_for_good()
    {
        MemoryConnection watcher = Watch("watch connevents\r\n");
        await Assert.ThrowsAsync<IOException>(() => _server.Connect(new MemoryConnection { IsNameless = true }).Served);
        Assert.Equal(1, _server.Server.Context.Connections.Count);

        MemoryConnection client = _server.Connect();
        client.IsNameless = true;
        client.EndRequests();
        await Eventually.True(() => client.Served.IsCompleted, "the client has gone");

        Assert.Equal(1, _server.Server.Context.Connections.Count);
        Assert.Single(await LinesAsync(watcher, 1));
    }

    [Fact]
    public async Task Evictions_are_logged()
    {
        MemoryConnection watcher = Watch("watch evictions\r\n");
        string value = new('x', 4000);
        for (int i = 0; Number("evictions") < 3; i++)
        {
            _server.Ask($"set key{i} 0 {i % 2 * 100} 4000 noreply\r\n{value}\r\n");
            _server.Pass(0.05);
        }

        string line = (await LinesAsync(watcher, 1))[0];
        Assert.Matches(@"^ts=\d+\.\d+ gid=\d+ type=eviction key=key\d+ fetch=no ttl=(-1|\d+) la=\d+ clsid=\d+ size=4000$", line);
    }

    [Fact]
    public async Task A_watcher_that_goes_is_forgotten()
    {
        MemoryConnection watcher = Watch("watch fetchers liveness\r\n");
        Assert.Equal(1, Number("log_watchers"));

        watcher.EndRequests();
        await Eventually.Done(watcher.Served, "the watch ends");

        Assert.Equal(0, Number("log_watchers"));
        Assert.Equal(WatchKinds.None, _server.Server.Context.Events.Wanted);
        long written = Number("log_worker_written");
        _server.Ask("get a\r\n");
        Assert.Equal(written, Number("log_worker_written"));
    }

    [Fact]
    public void There_are_so_many_watchers_and_no_more()
    {
        for (int i = 0; i < EventLog.MostWatchers; i++)
        {
            Watch("watch\r\n");
        }

        Assert.Equal("WATCHER_TOO_MANY log watcher limit reached\r\nVERSION 1.6.45\r\n", _server.Ask("watch\r\nversion\r\n"));
        Assert.Equal("OK\r\n", _server.Ask("watch liveness\r\n"));
    }

    [Fact]
    public async Task Many_write_at_once_and_a_slow_watcher_holds_up_nobody()
    {
        const int Clients = 4;
        const int Gets = 20_000;
        var slow = new MemoryConnection(maxUnread: 1024);
        Watch("watch fetchers\r\n", slow);
        byte[] requests = Bytes.Of(string.Concat(Enumerable.Repeat("get a\r\n", 100)));
        await Eventually.Done(
            Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => OwnThread.Run(() =>
            {
                MemoryConnection client = _server.Connect();
                for (int i = 0; i < Gets; i += 100)
                {
                    client.Send(requests);
                    client.TakeReplies();
                }
            }))),
            "everybody is served");

        Assert.Equal(Clients * Gets, Number("log_worker_written") + Number("log_worker_dropped"));

        // Where those who serve leave the carrier no time, it is they who drop everything that is too much.
        await Eventually.True(
            () =>
            {
                bool isCarried = Number("log_watcher_sent") + Number("log_watcher_skipped") == Number("log_worker_written");
                if (isCarried && Number("log_watcher_skipped") == 0)
                {
                    _server.Ask(Bytes.ToText(requests));
                    return false;
                }

                return isCarried;
            },
            "everything is carried, or skipped where the watcher is slow");
        long sent = Number("log_watcher_sent");

        // What waited comes, and where something did not, how much that was.
        var lines = new List<string>();
        await LinesUntilAsync(slow, lines, () => lines.Count(line => line.Contains(" key=a ", StringComparison.Ordinal)) == sent);
        _server.Ask("get b\r\n");
        await LinesUntilAsync(slow, lines, () => lines[^1].Contains(" key=b ", StringComparison.Ordinal));
        Assert.Equal(
            Number("log_watcher_skipped"),
            lines.Where(line => line.StartsWith("skipped=", StringComparison.Ordinal)).Sum(line => long.Parse(line.AsSpan(8), CultureInfo.InvariantCulture)));
    }

    private static string Words(string line) => line[line.IndexOf("type=", StringComparison.Ordinal)..];

    private static long IdOf(string line) => long.Parse(line.Split(' ')[1].AsSpan(4), CultureInfo.InvariantCulture);

    private long Number(string stat) => long.Parse(_server.Stat(stat)!, CultureInfo.InvariantCulture);

    private MemoryConnection Watch(string request, MemoryConnection? connection = null)
    {
        MemoryConnection watcher = _server.Connect(connection);
        Assert.Equal("OK\r\n", watcher.Ask(request));
        return watcher;
    }

    private async Task LinesUntilAsync(MemoryConnection watcher, List<string> lines, Func<bool> condition)
        => await Eventually.True(
            () =>
            {
                string[] parts = (_unread + Bytes.ToText(watcher.TakeReplies())).Split('\n');
                lines.AddRange(parts[..^1]);
                _unread = parts[^1];
                return condition();
            },
            "the lines come");

    // Lines are written by the thread pool.
    private async Task<string[]> LinesAsync(MemoryConnection watcher, int count)
    {
        await Eventually.True(
            () =>
            {
                _unread += Bytes.ToText(watcher.TakeReplies());
                return _unread.Count(c => c == '\n') >= count;
            },
            $"{count} lines");
        string[] lines = _unread.Split('\n', count + 1);
        _unread = lines[count];
        return [.. lines[..count].Select(line => line.TrimEnd('\r'))];
    }
}
