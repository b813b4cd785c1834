using System.Net.Sockets;
using System.Text;
using LivenessEngine.Testing;
using LivenessEngine.Wire.Servers;

namespace LivenessEngine.Wire;

/// <summary>Clients that never stop sending, on the daemon as it was built: its threads are not theirs.</summary>
public sealed class FloodTests
{
    private const int Questions = 20;

    [Theory]
    [InlineData("auto", "set compute:host 0 0 1 noreply\r\n1\r\n")]
    [InlineData("auto", "get nothing\r\n")]
    [InlineData("epoll", "set compute:host 0 0 1 noreply\r\n1\r\n")]
    [InlineData("epoll", "get nothing\r\n")]
    [InlineData("sockets", "set compute:host 0 0 1 noreply\r\n1\r\n")]
    [InlineData("sockets", "get nothing\r\n")]
    public async Task A_flood_keeps_nobody_out(string transport, string request)
    {
        await using ProcessServer server = await ProcessServer.DaemonAsync(["--transport", transport]);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        byte[] many = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(request, 5000)));
        var floods = new List<Task>();
        for (int i = 0; i < Environment.ProcessorCount + 2; i++)
        {
            Socket socket = await server.OpenAsync();
            floods.Add(Task.WhenAll(SendAsync(socket, many, over.Token), ReceiveAsync(socket, over.Token)));
        }

        for (int i = 0; i < Questions; i++)
        {
            await using WireClient client = await server.ConnectAsync();
            await client.SendAsync("version\r\n"u8.ToArray());
            await client.ReadUntilAsync(reply => reply.EndsWith('\n'));
            Assert.StartsWith("VERSION ", client.Unread, StringComparison.Ordinal);
        }

        Assert.All(floods, flood => Assert.False(flood.IsCompleted, "a flood has ended by itself"));
        await over.CancelAsync();
        await Eventually.Done(Task.WhenAll(floods), "the floods end");
    }

    private static Task SendAsync(Socket socket, byte[] requests, CancellationToken over)
        => UntilOverAsync(async () => await socket.SendAsync(requests, over));

    private static async Task ReceiveAsync(Socket socket, CancellationToken over)
    {
        byte[] replies = new byte[64 << 10];
        await UntilOverAsync(async () => await socket.ReceiveAsync(replies, over));
        socket.Dispose();
    }

    private static async Task UntilOverAsync(Func<Task<int>> action)
    {
        try
        {
            while (await action() > 0)
            {
                await Task.Yield();
            }
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It has been long enough.
        }
    }
}
