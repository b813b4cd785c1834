using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LivenessEngine.Interop.Servers;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop;

/// <summary>A daemon whose descriptors are used up: its listener fails, and time counts against nobody until it works again.</summary>
public sealed class DeafListenerTests
{
    [Fact]
    public async Task While_no_client_can_be_accepted_the_clock_stands_still()
    {
        string prlimit = Installed.Find("prlimit", "util-linux");
        await using RunningServer server = await RunningServer.DaemonAsync();
        var endPoint = new IPEndPoint(IPAddress.Loopback, server.Port);
        using Socket heard = await RunningServer.ConnectAsync(endPoint);
        Assert.False(await IsSuspendedAsync(heard));

        await LimitAsync(prlimit, server.Process.Id, Directory.GetFiles($"/proc/{server.Process.Id}/fd").Length);
        var waiting = new List<Socket>();
        for (int i = 0; i < 10; i++)
        {
            waiting.Add(await RunningServer.ConnectAsync(endPoint));
        }

        await Eventually.True(() => IsSuspendedAsync(heard), "the clock stands still");
        double before = await UncountedAsync(heard);
        await Eventually.True(async () => await UncountedAsync(heard) > before + 0.3, "time passes and is not counted");
        Assert.True(await IsSuspendedAsync(heard));

        await LimitAsync(prlimit, server.Process.Id, 1024);
        await Eventually.True(async () => !await IsSuspendedAsync(heard), "the clock goes on");
        foreach (Socket socket in waiting)
        {
            await socket.SendAsync("version\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
            Assert.StartsWith("VERSION ", await RunningServer.ReadAsync(socket, "\r\n"), StringComparison.Ordinal);
            socket.Dispose();
        }
    }

    private static async Task<bool> IsSuspendedAsync(Socket socket) => await FigureAsync(socket, "clock_suspended") == 1;

    private static Task<double> UncountedAsync(Socket socket) => FigureAsync(socket, "uncounted_time");

    private static async Task<double> FigureAsync(Socket socket, string name)
    {
        await socket.SendAsync("stats liveness-engine\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        string line = (await RunningServer.ReadAsync(socket, "END\r\n")).Split("\r\n").Single(line => line.StartsWith($"STAT {name} ", StringComparison.Ordinal));
        return double.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture);
    }

    private static async Task LimitAsync(string prlimit, int process, int descriptors)
    {
        ChildProcess limit = await ChildProcess.RunAsync(
            prlimit, ["--pid", process.ToString(CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"--nofile={descriptors}:")]);
        Assert.Equal(0, limit.ExitCode);
    }
}
