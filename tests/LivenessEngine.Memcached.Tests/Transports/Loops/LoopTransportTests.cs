using System.Net.Sockets;
using LivenessEngine.Memcached.Server;
using LivenessEngine.Memcached.Transports.Epoll;
using LivenessEngine.Testing;

namespace LivenessEngine.Memcached.Tests.Transports.Loops;

/// <summary>What clients do to a loop that the wire table cannot show: they go at any moment, do not read, or never stop.</summary>
public abstract class LoopTransportTests(MemcachedTransport transport, int mostBuffers)
{
    private const string Version = "VERSION 1.6.45\r\n";

    private static readonly string Large = new('x', 500_000);
    private static readonly int LargeReply = $"VALUE a 0 {Large.Length}\r\n{Large}\r\nEND\r\n".Length;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("get a")]
    [InlineData("set a 0 0 5000\r\nab")]
    [InlineData("get a\r\nget a\r\nget a\r\n")]
    [InlineData("watch liveness\r\n")]
    public async Task A_reset_at_any_moment_ends_the_connection_and_nothing_else(string sent)
    {
        await using var server = new LoopServer(transport);
        using Socket other = await server.ConnectAsync();
        await AskAsync(other, $"set a 0 0 {Large.Length}\r\n{Large}\r\n", "STORED\r\n");
        using LoopProbe probe = await server.ProbeAsync();
        for (int i = 0; i < 20; i++)
        {
            Socket client = await server.ConnectAsync();
            await client.SendAsync(Bytes.Of(sent), Stop);
            client.LingerState = new LingerOption(true, 0);
            client.Dispose();
        }

        await Eventually.True(() => server.Connections == 1, "the others are gone");
        await AskAsync(other, "version\r\n", Version);
        await Eventually.True(() => probe.Ask().Buffers == 0, "their buffers are back");
    }

    [Fact]
    public async Task Who_has_no_more_to_say_gets_all_replies_and_then_the_end()
    {
        const int Gets = 20;
        await using var server = new LoopServer(transport);
        using Socket client = await server.ConnectAsync();
        await AskAsync(client, $"set a 0 0 {Large.Length}\r\n{Large}\r\n", "STORED\r\n");

        await client.SendAsync(Bytes.Of(string.Concat(Enumerable.Repeat("get a\r\n", Gets))), Stop);
        client.Shutdown(SocketShutdown.Send);

        Assert.Equal((long)Gets * LargeReply, await ReadToEndAsync(client));
        await Eventually.True(() => server.Connections == 0, "it is over");
    }

    [Fact]
    public async Task An_end_that_comes_with_the_last_bytes_is_an_end()
    {
        await using var server = new LoopServer(transport);
        for (int i = 0; i < 200; i++)
        {
            using Socket client = await server.ConnectAsync();
            client.Send("version\r\n"u8);
            client.Shutdown(SocketShutdown.Send);
            Assert.Equal(Version.Length, await ReadToEndAsync(client));
        }
    }

    [Fact]
    public async Task Who_does_not_read_holds_up_nobody_and_keeps_few_buffers()
    {
        await using var server = new LoopServer(transport);
        using Socket other = await server.ConnectAsync();
        await AskAsync(other, $"set a 0 0 {Large.Length}\r\n{Large}\r\n", "STORED\r\n");
        using LoopProbe probe = await server.ProbeAsync();
        using Socket slow = await server.ConnectAsync();
        const int Gets = 5000;
        await slow.SendAsync(Bytes.Of(string.Concat(Enumerable.Repeat("get a\r\n", Gets))), Stop);
        await Eventually.True(() => probe.Ask().Buffers > 0, "it has more replies than it takes");

        long allocated = probe.Ask().Allocated;
        for (int i = 0; i < 100; i++)
        {
            await AskAsync(other, "version\r\n", Version);
            Assert.InRange(probe.Ask().Buffers, 1, mostBuffers);
        }

        Assert.InRange(probe.Ask().Allocated - allocated, 0, 3 * EpollBuffers.Size);

        slow.Shutdown(SocketShutdown.Send);
        Assert.Equal((long)Gets * LargeReply, await ReadToEndAsync(slow));
        await Eventually.True(() => probe.Ask().Buffers == 0, "the buffers are back");
    }

    [Fact]
    public async Task Who_never_stops_sending_shares_the_loop()
    {
        await using var server = new LoopServer(transport);
        using Socket flood = await server.ConnectAsync();
        byte[] many = Bytes.Of(string.Concat(Enumerable.Repeat("set compute:host 0 0 1 noreply\r\n1\r\n", 50_000)));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        Task flooding = Task.Run(
            () =>
            {
                while (!over.IsCancellationRequested)
                {
                    flood.Send(many);
                }
            },
            Stop);

        using Socket other = await server.ConnectAsync();
        for (int i = 0; i < 50; i++)
        {
            await AskAsync(other, "version\r\n", Version);
        }

        await Eventually.True(() => server.Server.Context.Counters[WireCounter.Yields] != 0, "the flood lets others go first");
        Assert.False(flooding.IsCompleted);
        await over.CancelAsync();
        await Eventually.Done(flooding, "the flood ends");
    }

    [Fact]
    public async Task Connections_are_spread_evenly_over_the_loops_and_what_has_gone_is_made_up_for()
    {
        await using var server = new LoopServer(transport, threads: 4);
        Socket[] clients = [.. await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => server.ConnectAsync()))];
        await Eventually.True(() => server.Connections == 100, "all are served");
        Assert.All(server.Transport.Connections, connections => Assert.Equal(25, connections));

        Array.ForEach(clients[..50], client => client.Dispose());
        await Eventually.True(() => server.Transport.Connections.Sum() == 50, "half of them are gone");
        Socket[] others = [.. await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => server.ConnectAsync()))];
        await Eventually.True(() => server.Transport.Connections.Sum() == 100, "others are served");

        Assert.All(server.Transport.Connections, connections => Assert.Equal(25, connections));
        foreach (Socket client in (Socket[])[.. clients[50..], .. others])
        {
            await AskAsync(client, "version\r\n", Version);
            client.Dispose();
        }
    }

    [Fact]
    public async Task A_watch_is_told_of_who_comes_up_and_ends_with_the_server()
    {
        await using var server = new LoopServer(transport);
        using Socket watcher = await server.ConnectAsync();
        await watcher.SendAsync("watch liveness\r\n"u8.ToArray(), Stop);
        await Eventually.True(() => server.Server.Context.Connections.Snapshot().Any(connection => connection.State == "conn_watch"), "it watches");
        using Socket other = await server.ConnectAsync();
        await AskAsync(other, "set compute:host 0 0 1\r\n1\r\n", "STORED\r\n");
        server.Pass(TimeSpan.FromSeconds(1));

        Assert.Equal("OK", await ReadLineAsync(watcher));
        string line = await ReadLineAsync(watcher);
        Assert.Contains("type=liveness event=up group=compute member=host", line, StringComparison.Ordinal);
        await Eventually.Done(server.Server.StopAsync(Stop), "the server stops");
        Assert.Equal(0, await ReadToEndAsync(watcher));
    }

    [Fact]
    public async Task A_stop_while_it_is_busy_answers_what_was_read_and_ends()
    {
        var server = new LoopServer(transport, threads: 2);
        await using (server)
        {
            Task<long>[] clients = [.. Enumerable.Range(0, 20).Select(_ => Task.Run(() => AskUntilItEndsAsync(server), Stop))];
            await Eventually.True(() => server.Connections == clients.Length, "all are served");

            await Eventually.Done(server.Server.StopAsync(Stop), "the server stops");

            long[] replies = await Eventually.Of(Task.WhenAll(clients), "all connections end");
            Assert.All(replies, bytes => Assert.Equal(0, bytes % Version.Length));
            Assert.Equal(0, server.Connections);
        }

        Assert.Equal(0, server.Transport.Connections.Sum());
    }

    [Fact]
    public async Task Ten_thousand_connections_leave_nothing_behind()
    {
        int before = Descriptors();
        await using (var server = new LoopServer(transport, threads: 2))
        {
            using LoopProbe probe = await server.ProbeAsync();
            for (int i = 0; i < 100; i++)
            {
                Socket[] clients = [.. await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => server.ConnectAsync()))];
                foreach (Socket client in clients)
                {
                    client.Send("set a 0 0 5\r\nabcde\r\nget a\r\nget"u8);

                    // Without waiting: no port is kept back for it.
                    client.LingerState = new LingerOption(true, 0);
                    client.Dispose();
                }
            }

            await Eventually.True(() => server.Connections == 0 && server.Transport.Connections.Sum() == 1, "all are gone");
            Assert.Equal(0, probe.Ask().Buffers);
        }

        await Eventually.True(() => Descriptors() <= before, "all descriptors are back");
    }

    // Sockets and what loops wait by: assemblies that the runtime loads meanwhile have descriptors too.
    private static int Descriptors()
        => Directory.GetFiles("/proc/self/fd").Count(path => new FileInfo(path).LinkTarget is { } target && target[0] != '/');

    private static async Task<long> AskUntilItEndsAsync(LoopServer server)
    {
        using Socket client = await server.ConnectAsync();
        byte[] reply = new byte[100];
        long received = 0;
        try
        {
            while (true)
            {
                await client.SendAsync("version\r\n"u8.ToArray(), Stop);
                int length = await client.ReceiveAsync(reply, Stop);
                received += length;
                if (length == 0)
                {
                    return received;
                }
            }
        }
        catch (SocketException)
        {
            return received;
        }
    }

    private static async Task AskAsync(Socket client, string request, string reply)
    {
        await client.SendAsync(Bytes.Of(request), Stop);
        byte[] received = new byte[reply.Length];
        for (int at = 0; at < received.Length;)
        {
            int length = await Eventually.Of(client.ReceiveAsync(received.AsMemory(at), Stop).AsTask(), reply);
            Assert.NotEqual(0, length);
            at += length;
        }

        Assert.Equal(reply, Bytes.ToText(received));
    }

    private static async Task<string> ReadLineAsync(Socket client)
    {
        byte[] next = new byte[1];
        string line = "";
        while (await Eventually.Of(client.ReceiveAsync(next, Stop).AsTask(), "a line") > 0 && next[0] != '\n')
        {
            line += (char)next[0];
        }

        return line.TrimEnd('\r');
    }

    private static async Task<long> ReadToEndAsync(Socket client)
    {
        byte[] buffer = new byte[256 << 10];
        long received = 0;
        while (true)
        {
            int length = await Eventually.Of(client.ReceiveAsync(buffer, Stop).AsTask(), "more, or the end");
            if (length == 0)
            {
                return received;
            }

            received += length;
        }
    }
}
