using System.Net.Sockets;
using LivenessEngine.Testing;

namespace LivenessEngine.Memcached.Tests.Transports.Loops;

/// <summary>Who waits for a request has nothing of the loop's, and who is in the middle of one keeps what is its own.</summary>
public abstract class LoopParkingTests(MemcachedTransport transport)
{
    private const string Version = "VERSION 1.6.45\r\n";

    // Of who answers the probe.
    private const long Nobody = 1;

    [Fact]
    public async Task Idle_clients_have_no_pipe()
    {
        await using var server = new LoopServer(transport);
        using LoopProbe probe = await server.ProbeAsync();
        Socket[] clients = await ConnectAsync(server, 20);
        foreach (Socket client in clients)
        {
            Ask(client, "version\r\n", Version);
        }

        await Eventually.True(() => probe.Ask().Pipes == Nobody, "nobody has one");
        Dispose(clients);
        await Eventually.True(() => server.Connections == 0, "all are gone");
        Assert.Equal(Nobody, probe.Ask().Pipes);
    }

    [Fact]
    public async Task Half_a_line_keeps_its_pipe_until_the_rest_has_come()
    {
        await using var server = new LoopServer(transport);
        using LoopProbe probe = await server.ProbeAsync();
        Socket[] clients = await ConnectAsync(server, 10);
        for (int i = 0; i < clients.Length; i++)
        {
            clients[i].Send(Bytes.Of($"set k{i} 0 0 2"));
        }

        await Eventually.True(() => probe.Ask().Pipes == Nobody + clients.Length, "each has begun");
        using Socket other = await server.ConnectAsync();
        Ask(other, "version\r\n", Version);
        for (int i = 0; i < clients.Length; i++)
        {
            Ask(clients[i], $"\r\n{i}x\r\n", "STORED\r\n");
        }

        await Eventually.True(() => probe.Ask().Pipes == Nobody, "all are idle");
        for (int i = 0; i < clients.Length; i++)
        {
            Ask(other, $"get k{i}\r\n", $"VALUE k{i} 0 2\r\n{i}x\r\nEND\r\n");
        }

        Dispose(clients);
    }

    [Fact]
    public async Task Replies_on_their_way_keep_their_pipe()
    {
        await using var server = new LoopServer(transport);
        using LoopProbe probe = await server.ProbeAsync();
        using Socket client = await server.ConnectAsync();
        string large = new('x', 1_000_000);
        Ask(client, $"set a 0 0 {large.Length}\r\n{large}\r\n", "STORED\r\n");
        client.Send(Bytes.Of(string.Concat(Enumerable.Repeat("get a\r\n", 20))));
        await Eventually.True(() => probe.Ask().Pipes == Nobody + 1, "it does not take them all");
        string reply = $"VALUE a 0 {large.Length}\r\n{large}\r\nEND\r\n";
        for (int i = 0; i < 20; i++)
        {
            Ask(client, "", reply);
        }

        await Eventually.True(() => probe.Ask().Pipes == Nobody, "it has taken them");
    }

    [Theory]
    [InlineData("opened")]
    [InlineData("closed")]
    [InlineData("ended")]
    public async Task A_logger_that_fails_ends_its_client_and_nobody_else(string word)
    {
        const int Clients = 5;
        var logger = new FailingLogger(word);
        await using var server = new LoopServer(transport, logger: logger);
        using LoopProbe probe = await server.ProbeAsync();
        for (int i = 0; i < Clients; i++)
        {
            using Socket client = await server.ConnectAsync();
            client.Send("get a"u8);
            client.LingerState = new LingerOption(true, 0);
        }

        await Eventually.True(() => logger.Failures == Clients, "it has failed at each");
        await Eventually.True(() => server.Connections == 0 && probe.Ask().Pipes == Nobody, "they are gone, and the loop goes on");
    }

    private static async Task<Socket[]> ConnectAsync(LoopServer server, int count)
    {
        var clients = new Socket[count];
        for (int i = 0; i < count; i++)
        {
            clients[i] = await server.ConnectAsync();
        }

        return clients;
    }

    private static void Dispose(Socket[] clients) => Array.ForEach(clients, client => client.Dispose());

    private static void Ask(Socket client, string request, string reply)
    {
        client.Send(Bytes.Of(request));
        byte[] received = new byte[reply.Length];
        for (int at = 0; at < received.Length;)
        {
            int count = client.Receive(received.AsSpan(at));
            Assert.NotEqual(0, count);
            at += count;
        }

        Assert.Equal(Bytes.Of(reply), received);
    }
}
