using System.Globalization;
using System.Net.Sockets;
using LivenessEngine.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace LivenessEngine.Memcached.Tests.Transports.Loops;

/// <summary>Connections that go from server to server under their clients, between two requests and without losing a byte.</summary>
public abstract class LoopHandOverTests(MemcachedTransport transport) : IAsyncDisposable
{
    private const int Clients = 10;
    private const int HandOvers = 20;

    private readonly LoopServer _first = new(transport, threads: 2);
    private readonly List<MemcachedServer> _next = [];

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (MemcachedServer server in _next)
        {
            await server.DisposeAsync();
        }

        await _first.DisposeAsync();
    }

    [Fact]
    public async Task Clients_go_on_elsewhere_and_no_byte_is_lost()
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task<long>[] clients = [.. Enumerable.Range(0, Clients).Select(i => Task.Run(() => CountAsync(i, over.Token)))];
        MemcachedServer server = _first.Server;
        for (int i = 0; i < HandOvers; i++)
        {
            await Eventually.True(
                () =>
                {
                    string faults = string.Concat(clients.Select(client => client.Exception?.InnerException?.Message));
                    Assert.True(faults.Length == 0, faults);
                    return server.Context.Connections.Count == Clients;
                },
                "all are served");
            IReadOnlyCollection<SafeSocketHandle> handles = await server.HandOverAsync(Eventually.Deadline, Eventually.Deadline);
            Assert.Equal(Clients, handles.Count);
            server = Next();
            foreach (SafeSocketHandle handle in handles)
            {
                server.Adopt(new Socket(handle));
            }
        }

        await over.CancelAsync();
        long[] counts = await Eventually.Of(Task.WhenAll(clients), "the clients end");
        Assert.All(counts, count => Assert.NotEqual(0, count));
    }

    // It has no listener of its own: the clients are enough.
    private MemcachedServer Next()
    {
        var server = new MemcachedServer(_first.Engine, new MemcachedServerOptions { Transport = transport, Threads = 2 }, NullLogger.Instance);
        _next.Add(server);
        return server;
    }

    // Some requests at a time, cut anywhere, each of whose replies tells whether all before it came through once.
    private async Task<long> CountAsync(int number, CancellationToken over)
    {
        using Socket client = await _first.ConnectAsync();
        using var reader = new StreamReader(new NetworkStream(client));
        var random = new Random(number);
        byte[] request = Bytes.Of($"set n{number} 0 0 1 noreply\r\n0\r\n");
        client.Send(request);
        request = Bytes.Of($"incr n{number} 1\r\nincr n{number} 1\r\nincr n{number} 1\r\n");
        long count = 0;
        while (!over.IsCancellationRequested)
        {
            int cut = random.Next(request.Length);
            client.Send(request.AsSpan(0, cut));
            await Task.Yield();
            client.Send(request.AsSpan(cut));
            for (int i = 0; i < 3; i++)
            {
                string? reply = await Eventually.Of(reader.ReadLineAsync(CancellationToken.None).AsTask(), "a reply");
                Assert.Equal((++count).ToString(CultureInfo.InvariantCulture), reply);
            }
        }

        return count;
    }
}
