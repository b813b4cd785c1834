using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using LivenessEngine.Interop.Servers;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop.Security;

/// <summary>Clients that mean no good, and what the others notice of them.</summary>
public sealed class HostileClientTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [Theory, InlineData("io_uring"), InlineData("epoll"), InlineData("sockets")]
    public async Task A_thousand_that_send_a_byte_now_and_then_delay_nobody(string transport)
    {
        const int clients = 1000;
        await using RunningServer server = await StartAsync(transport, "-c", "2000", "-m", "64");
        using Socket other = await ConnectAsync(server);
        var slow = new List<Socket>();
        try
        {
            string[] beginnings = ["ge", "set a 0 0 1000\r\nx", "set a 0 0 1000000\r\nx", "mg a"];
            for (int i = 0; i < clients; i++)
            {
                slow.Add(await ConnectAsync(server));
                await SendAsync(slow[i], beginnings[i % beginnings.Length]);
            }

            for (int round = 0; round < 3; round++)
            {
                foreach (Socket socket in slow)
                {
                    await SendAsync(socket, "y");
                }

                long start = Stopwatch.GetTimestamp();
                await SendAsync(other, "set compute:host 0 0 1\r\n1\r\nget compute:host\r\n");
                Assert.Equal("STORED\r\nVALUE compute:host 0 1\r\n1\r\nEND\r\n", await RunningServer.ReadAsync(other, "END\r\n"));
                Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, Patience);
            }

            // The values that they have begun are memory of -m, which they cannot take more of than there is.
            Assert.InRange(server.Process.ResidentKilobytes(), 0, 400_000);
        }
        finally
        {
            slow.ForEach(socket => socket.Dispose());
        }

        await Eventually.True(async () => (await server.StatsAsync())["curr_connections"] == "2", "all have gone");
    }

    [Theory, InlineData("io_uring"), InlineData("epoll")]
    public async Task Who_sends_much_and_reads_nothing_holds_little(string transport)
    {
        const int clients = 100, mostKilobytesEach = 700;
        await using RunningServer server = await StartAsync(transport, "-t", "2");
        string value = new('v', 100_000);
        await server.AskAsync($"set a 0 0 {value.Length}\r\n{value}\r\n", "STORED\r\n");
        long before = server.Process.ResidentKilobytes();
        byte[] gets = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat("get a\r\n", 100_000)));
        var deaf = new List<Socket>();
        try
        {
            for (int i = 0; i < clients; i++)
            {
                Socket socket = await ConnectAsync(server);
                deaf.Add(socket);
                socket.Blocking = false;
                for (int round = 0; round < 4; round++)
                {
                    socket.Send(gets, SocketFlags.None, out _);
                }
            }

            await server.StatsAsync();
            long each = (server.Process.ResidentKilobytes() - before) / clients;
            Assert.InRange(each, 0, mostKilobytesEach);
        }
        finally
        {
            deaf.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task Only_so_many_come_from_one_address()
    {
        await using RunningServer server = await RunningServer.DaemonAsync("--max-conns-per-ip", "2");
        await Eventually.True(async () => (await server.StatsAsync())["curr_connections"] == "1", "who asked whether it listens has gone");
        using Socket first = await ConnectAsync(server);
        await SendAsync(first, "mn\r\n");
        Assert.Equal("MN\r\n", await RunningServer.ReadAsync(first, "\r\n"));
        using (Socket second = await ConnectAsync(server))
        {
            await SendAsync(second, "mn\r\n");
            Assert.Equal("MN\r\n", await RunningServer.ReadAsync(second, "\r\n"));
            using Socket third = await ConnectAsync(server);
            Assert.Equal("ERROR Too many open connections\r\n", await RunningServer.ReadAsync(third, null));
        }

        await Eventually.True(
            async () =>
            {
                using Socket next = await ConnectAsync(server);
                await SendAsync(next, "stats\r\n");
                return (await RunningServer.ReadAsync(next, "END\r\n")).Contains("STAT rejected_connections ", StringComparison.Ordinal);
            },
            "there is room again");
    }

    private static async Task<RunningServer> StartAsync(string transport, params string[] flags)
    {
        try
        {
            return await RunningServer.DaemonAsync(["--transport", transport, .. flags]);
        }
        catch (Xunit.Sdk.XunitException refused) when (refused.Message.Contains("cannot be had here", StringComparison.Ordinal))
        {
            Assert.Skip(refused.Message);
            throw;
        }
    }

    private static Task<Socket> ConnectAsync(RunningServer server) => RunningServer.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Port));

    private static async Task SendAsync(Socket socket, string text)
        => await socket.SendAsync(Encoding.Latin1.GetBytes(text), TestContext.Current.CancellationToken);
}
