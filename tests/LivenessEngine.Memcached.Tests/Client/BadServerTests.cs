using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LivenessEngine.Memcached.Client;
using LivenessEngine.Testing;

namespace LivenessEngine.Memcached.Tests.Client;

/// <summary>Servers that do not do their part: a clear error that names them, within a bounded time, and no harm to others.</summary>
public sealed class BadServerTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    [Theory]
    [InlineData("ERROR\r\n", "answered 'ERROR'")]
    [InlineData("ERROR Too many open connections\r\n", "answered 'ERROR Too many open connections'")]
    [InlineData("SERVER_ERROR out of memory storing object\r\n", "answered 'SERVER_ERROR out of memory storing object'")]
    [InlineData("CLIENT_ERROR bad data chunk\r\n", "answered 'CLIENT_ERROR bad data chunk'")]
    [InlineData("NOT_STORED\r\n", "answered 'NOT_STORED'")]
    [InlineData("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", "answered 'HTTP/1.1 400 Bad Request'")]
    [InlineData("\0\u0001\u0002\r\n", "answered '...'")]
    [InlineData("STORED\r\nSTORED\r\n", "sent more than it was asked for")]
    public async Task A_beat_that_is_not_taken(string reply, string cause)
    {
        await using FakeServer server = FakeServer.Answering(reply);
        await using MemcachedStore store = Stores.Of(server.Server);
        await FailsAsync(store.BeatAsync(Stores.Members(1), TestContext.Current.CancellationToken), server.Server, cause);
    }

    [Theory]
    [InlineData("ERROR\r\n", "answered 'ERROR'")]
    [InlineData("SERVER_ERROR out of memory writing get response\r\n", "answered 'SERVER_ERROR out of memory")]
    [InlineData("VALUE\r\n", "answered 'VALUE'")]
    [InlineData("VALUE k 0\r\n", "answered 'VALUE k 0'")]
    [InlineData("VALUE k x 5\r\n", "answered 'VALUE k x 5'")]
    [InlineData("VALUE k 0 -5\r\n", "answered 'VALUE k 0 -5'")]
    [InlineData("VALUE k 0 99999999999\r\n", "answered 'VALUE k 0 99999999999'")]
    [InlineData("VALUE k 0 1\r\nx\r\nEND\r\n", "the key 'k', which was not asked for")]
    [InlineData("VALUE compute:node0 0 1\r\nxyz\r\nEND\r\n", "sent a value without an end")]
    [InlineData("END\r\nEND\r\n", "sent more than it was asked for")]
    [InlineData("STORED\r\n", "answered 'STORED'")]
    public async Task A_question_that_is_not_answered(string reply, string cause)
    {
        await using FakeServer server = FakeServer.Answering(reply);
        await using MemcachedStore store = Stores.With(options => options.KeyForm = MemcachedKeyForm.Plain, server.Server);
        await FailsAsync(store.ReadAsync(Stores.Members(1), TestContext.Current.CancellationToken), server.Server, cause);
    }

    [Fact]
    public async Task A_line_without_an_end()
    {
        await using FakeServer server = FakeServer.Answering(new string('x', 5000));
        await using MemcachedStore store = Stores.Of(server.Server);
        await FailsAsync(store.ReadAsync(Stores.Members(1), TestContext.Current.CancellationToken), server.Server, "a line without an end");
    }

    [Fact]
    public async Task One_that_accepts_and_never_answers()
    {
        await using var server = new FakeServer(session => session.Wait());
        await using MemcachedStore store = Stores.With(options => options.SocketTimeout = Short, server.Server);
        var watch = Stopwatch.StartNew();
        await FailsAsync(store.ReadAsync(Stores.Members(10_000), TestContext.Current.CancellationToken), server.Server, "did not answer within 0.2 s");
        await FailsAsync(store.BeatAsync(Stores.Members(50_000), TestContext.Current.CancellationToken), server.Server, "did not answer within 0.2 s");
        Assert.InRange(watch.Elapsed, Short * 1.9, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task One_that_answers_a_byte_at_a_time_has_no_end_of_time()
    {
        await using var server = new FakeServer(async session =>
        {
            while (true)
            {
                await session.WriteAsync("STORED\r\n");
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }
        });
        await using MemcachedStore store = Stores.With(options => options.SocketTimeout = Short, server.Server);
        var watch = Stopwatch.StartNew();
        await FailsAsync(store.BeatAsync(Stores.Members(1000), TestContext.Current.CancellationToken), server.Server, "did not answer");
        Assert.InRange(watch.Elapsed, Short * 9, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task One_that_takes_no_connection()
    {
        // A queue of one that is full.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        string server = listener.LocalEndPoint!.ToString()!;
        var filling = new List<TcpClient>();
        for (int i = 0; i < 3; i++)
        {
            filling.Add(new TcpClient());
            _ = filling[^1].ConnectAsync((IPEndPoint)listener.LocalEndPoint!, TestContext.Current.CancellationToken).AsTask();
        }

        await Task.Delay(100, TestContext.Current.CancellationToken);
        await using MemcachedStore store = Stores.With(options => options.SocketTimeout = Short, server);
        await FailsAsync(store.ReadAsync(Stores.Members(1), TestContext.Current.CancellationToken), server, "did not take a connection within 0.2 s");
        filling.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task One_that_is_not_there()
    {
        string server = $"127.0.0.1:{FreePort.Next()}";
        await using MemcachedStore store = Stores.Of(server);
        await FailsAsync(store.ReadAsync(Stores.Members(1), TestContext.Current.CancellationToken), server, "cannot be reached: Connection refused");
        await FailsAsync(store.BeatAsync(Stores.Members(1), TestContext.Current.CancellationToken), server, "cannot be reached");
        await FailsAsync(store.RemoveAsync(Stores.Members(1)[0], TestContext.Current.CancellationToken), server, "cannot be reached");
        await FailsAsync(store.ListAsync(null, TestContext.Current.CancellationToken), server, "cannot be reached");
    }

    [Fact]
    public async Task A_socket_that_is_not_there()
    {
        using var folder = new TemporaryFolder();
        await using MemcachedStore store = Stores.Of($"unix:{folder["none"]}");
        await FailsAsync(store.ReadAsync(Stores.Members(1), TestContext.Current.CancellationToken), $"unix:{folder["none"]}", "cannot be reached");
    }

    [Theory]
    [InlineData("")]
    [InlineData("VALUE compute:node0 0 10\r\n1234")]
    [InlineData("EN")]
    public async Task One_that_closes_inside_a_reply(string begun)
    {
        await using var server = new FakeServer(async session =>
        {
            await session.ReadAsync();
            await session.WriteAsync(begun);
        });
        await using MemcachedStore store = Stores.With(options => options.KeyForm = MemcachedKeyForm.Plain, server.Server);
        await FailsAsync(store.ReadAsync(Stores.Members(1), TestContext.Current.CancellationToken), server.Server, "closed the connection");
    }

    [Fact]
    public async Task A_bad_connection_is_thrown_away_and_the_next_call_makes_another()
    {
        await using FakeServer server = FakeServer.Answering("ERROR\r\n");
        await using MemcachedStore store = Stores.Of(server.Server);
        await FailsAsync(store.ReadAsync(Stores.Members(1), TestContext.Current.CancellationToken), server.Server, "ERROR");
        server.Serve = FakeServer.Answering("END\r\n").Serve;
        Assert.Equal(default, (await store.ReadAsync(Stores.Members(1), TestContext.Current.CancellationToken))[0]);
        Assert.Equal(2, server.Connections);
        await store.ReadAsync(Stores.Members(1), TestContext.Current.CancellationToken);
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task A_connection_that_was_closed_while_idle_is_made_anew_unseen()
    {
        await using var server = new FakeServer(async session =>
        {
            await session.ReadAsync();
            await session.WriteAsync("END\r\n");
        });
        await using MemcachedStore store = Stores.Of(server.Server);
        for (int i = 1; i <= 20; i++)
        {
            await store.ReadAsync(Stores.Members(1), TestContext.Current.CancellationToken);
            Assert.Equal(i, server.Connections);
        }
    }

    [Fact]
    public async Task A_caller_who_waits_no_longer_disturbs_nobody()
    {
        await using FakeServer server = new(session => session.Wait());
        await using MemcachedStore store = Stores.With(options => options.SocketTimeout = TimeSpan.FromSeconds(30), server.Server);
        using var impatient = new CancellationTokenSource(50);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.ReadAsync(Stores.Members(1), impatient.Token));
        server.Serve = FakeServer.Answering("END\r\n").Serve;
        await store.ReadAsync(Stores.Members(1), TestContext.Current.CancellationToken);
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task More_calls_than_connections_wait_for_one_and_not_for_ever()
    {
        await using FakeServer server = new(session => session.Wait());
        await using MemcachedStore store = Stores.With(
            options =>
            {
                options.SocketTimeout = Short;
                options.PoolSize = 2;
            },
            server.Server);
        Task[] calls = [.. Enumerable.Range(0, 20).Select(_ => store.ReadAsync(Stores.Members(1), TestContext.Current.CancellationToken))];
        foreach (Task call in calls)
        {
            await Assert.ThrowsAsync<HeartbeatStoreException>(() => Eventually.Done(call, "a call ends"));
        }

        Assert.Contains(calls, call => call.Exception!.InnerException!.Message.Contains("none of 2 connections was free within 0.2 s", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_refusal_does_not_keep_the_other_beats_from_being_taken()
    {
        int stored = 0;
        await using var server = new FakeServer(async session =>
        {
            while (await session.ReadAsync())
            {
                int sets = session.Read.Split("set ").Length - 1;
                for (int i = 0; i < sets; i++)
                {
                    bool refused = Interlocked.Increment(ref stored) == 3;
                    await session.WriteAsync(refused ? "SERVER_ERROR out of memory storing object\r\n" : "STORED\r\n");
                }
            }
        });
        await using MemcachedStore store = Stores.Of(server.Server);
        await FailsAsync(store.BeatAsync(Stores.Members(10), TestContext.Current.CancellationToken), server.Server, "answered 'SERVER_ERROR out of memory storing object' to a set");
        Assert.Equal(10, stored);
    }

    private static async Task FailsAsync(Task call, string server, string cause)
    {
        HeartbeatStoreException fault = await Assert.ThrowsAsync<HeartbeatStoreException>(() => Eventually.Done(call, "the call ends"));
        Assert.Contains($"memcached at {server}", fault.Message, StringComparison.Ordinal);
        Assert.Contains(cause, fault.Message, StringComparison.Ordinal);
    }
}
