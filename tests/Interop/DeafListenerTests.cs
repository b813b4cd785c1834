using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LivenessEngine.Interop.Servers;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop;

/// <summary>A daemon for which there are few descriptors: it turns clients away, and time counts against nobody until it need not.</summary>
public sealed class DeafListenerTests
{
    private const int Descriptors = 256;

    [Fact]
    public async Task Where_descriptors_are_few_clients_are_turned_away_and_the_clock_stands_still()
    {
        string prlimit = Installed.Find("prlimit", "util-linux");
        var endPoint = new IPEndPoint(IPAddress.Loopback, FreePort.Next());
        await using ChildProcess daemon = ChildProcess.Start(
            prlimit, [$"--nofile={Descriptors}:{Descriptors}", Repository.Daemon, .. RunningServer.Usual(endPoint.Port), .. RunningServer.Stateless]);
        using Socket heard = await FirstAsync(daemon, endPoint);
        await Eventually.True(
            () => daemon.Error.StartsWith("warning: -c 1024: 256 files may be open (ulimit -n), which is enough for ", StringComparison.Ordinal), "it says so");
        await Eventually.True(async () => !await IsSuspendedAsync(heard), "everybody is heard");

        var clients = new List<Socket>();
        int served = 0;
        for (int i = 0; i < Descriptors; i++)
        {
            clients.Add(await RunningServer.ConnectAsync(endPoint));
            await clients[^1].SendAsync("version\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
            string reply = await RunningServer.ReadAsync(clients[^1], "\r\n");
            Assert.Matches("^(VERSION .*|ERROR Too many open connections)\r\n$", reply);
            served += reply.StartsWith("VERSION", StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.InRange(served, 1, Descriptors - 64);
        await Eventually.True(() => IsSuspendedAsync(heard), "the clock stands still");
        double before = await UncountedAsync(heard);
        await Eventually.True(async () => await UncountedAsync(heard) > before + 0.3, "time passes and is not counted");

        clients.ForEach(client => client.Dispose());
        await Eventually.True(async () => !await IsSuspendedAsync(heard), "the clock goes on");
        Assert.False(daemon.HasExited);
    }

    private static async Task<Socket> FirstAsync(ChildProcess daemon, IPEndPoint endPoint)
    {
        Socket? first = null;
        await Eventually.True(
            async () =>
            {
                Assert.False(daemon.HasExited, daemon.Error);
                try
                {
                    first = await RunningServer.ConnectAsync(endPoint);
                    return true;
                }
                catch (SocketException)
                {
                    return false;
                }
            },
            "it listens");
        return first!;
    }

    private static async Task<bool> IsSuspendedAsync(Socket socket) => await FigureAsync(socket, "clock_suspended") == 1;

    private static Task<double> UncountedAsync(Socket socket) => FigureAsync(socket, "uncounted_time");

    private static async Task<double> FigureAsync(Socket socket, string name)
    {
        await socket.SendAsync("stats liveness-engine\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        string line = (await RunningServer.ReadAsync(socket, "END\r\n")).Split("\r\n").Single(line => line.StartsWith($"STAT {name} ", StringComparison.Ordinal));
        return double.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture);
    }
}
