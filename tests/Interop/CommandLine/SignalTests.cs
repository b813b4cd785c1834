using System.Net;
using System.Net.Sockets;
using System.Text;
using LivenessEngine.Interop.Servers;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop.CommandLine;

/// <summary>How the daemon ends.</summary>
public sealed class SignalTests
{
    [Theory, InlineData(ChildProcess.Terminate), InlineData(ChildProcess.Interrupt)]
    public async Task A_signal_ends_it_with_0_as_memcached(int signal)
    {
        await using ServerPair servers = await ServerPair.StartAsync();
        foreach (RunningServer server in new[] { servers.Stock, servers.Ours })
        {
            using Socket idle = await RunningServer.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Port));
            server.Process.Signal(signal);
            Assert.Equal(0, await server.Process.EndAsync());
        }
    }

    [Fact]
    public async Task What_was_read_is_answered_before_the_end()
    {
        const int gets = 100;
        await using RunningServer server = await RunningServer.DaemonAsync();
        string value = new('x', 40_000);
        await server.AskAsync($"set k 0 0 {value.Length}\r\n{value}\r\n", "STORED\r\n");
        using Socket socket = await RunningServer.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Port));

        // One small request for more than the sockets hold, so that the signal comes in the middle of the replies.
        await socket.SendAsync(Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat("get k\r\n", gets))), TestContext.Current.CancellationToken);
        byte[] first = new byte[1];
        await socket.ReceiveAsync(first, TestContext.Current.CancellationToken);
        server.Process.Signal(ChildProcess.Terminate);
        string replies = Encoding.Latin1.GetString(first) + await RunningServer.ReadAsync(socket, end: null);
        Assert.Equal(string.Concat(Enumerable.Repeat($"VALUE k 0 {value.Length}\r\n{value}\r\nEND\r\n", gets)), replies);
        Assert.Equal(0, await server.Process.EndAsync());
    }

    [Fact]
    public async Task A_hang_up_is_nothing_and_a_user_signal_ends_it_with_0_as_memcached()
    {
        const int hangUp = 1, user1 = 10;
        await using ServerPair servers = await ServerPair.StartAsync();
        foreach (RunningServer server in new[] { servers.Stock, servers.Ours })
        {
            server.Process.Signal(hangUp);
            await server.AskAsync("set k 0 0 1\r\n1\r\n", "STORED\r\n");
            server.Process.Signal(user1);
            Assert.Equal(0, await server.Process.EndAsync());
        }
    }
}
