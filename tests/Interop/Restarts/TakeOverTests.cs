using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LivenessEngine.Interop.Servers;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop.Restarts;

/// <summary>A daemon that takes over from another, while clients go on.</summary>
public sealed class TakeOverTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // The processes may have different transports: what goes over is sockets.
    [Theory, InlineData("auto", "auto"), InlineData("epoll", "epoll"), InlineData("sockets", "sockets"), InlineData("auto", "sockets"), InlineData("sockets", "auto"), InlineData("auto", "epoll"), InlineData("epoll", "auto")]
    public async Task Nobody_is_refused_nothing_is_lost_and_no_connection_closes(string transport, string next)
    {
        OnLinux();
        await DebianPython.RequireAsync("memcache", "python3-memcache");
        int port = FreePort.Next();
        var endPoint = new IPEndPoint(IPAddress.Loopback, port);
        string[] flags = [.. RunningServer.Usual(port), "--state-file", _folder["state"]];
        await using ChildProcess first = await StartAsync(endPoint, [.. flags, "--transport", transport]);
        await using Witnesses witnesses = await Witnesses.StartAsync(endPoint, _folder["go"]);

        await using ChildProcess second = ChildProcess.Start(Repository.Daemon, [.. flags, "--take-over", "--transport", next]);
        Assert.Equal(0, await first.EndAsync());
        await witnesses.GoOnAsync();
        await using ChildProcess third = ChildProcess.Start(Repository.Daemon, [.. flags, "--take-over", "--transport", transport]);
        Assert.Equal(0, await second.EndAsync());
        await witnesses.GoOnAsync();

        await witnesses.AssertNothingNoticedAsync();
        Assert.Contains($"STAT pid {third.Id}\r\n", await RunningServer.AskAsync(endPoint, "stats\r\n", "END\r\n"), StringComparison.Ordinal);
    }

    [Theory, InlineData("auto"), InlineData("epoll"), InlineData("sockets")]
    public async Task A_unix_socket_is_taken_over_too_and_goes_with_the_last(string transport)
    {
        OnLinux();
        var endPoint = new UnixDomainSocketEndPoint(_folder["socket"]);
        string[] flags = [.. RunningServer.Stateless, "-s", _folder["socket"], "--transport", transport];
        await using ChildProcess first = await StartAsync(endPoint, flags);
        await using (var traffic = new Traffic(endPoint))
        {
            await traffic.GoOnAsync(100);
            await using ChildProcess second = ChildProcess.Start(Repository.Daemon, [.. flags, "--take-over"]);
            Assert.Equal(0, await first.EndAsync());
            await traffic.GoOnAsync(100);
            await traffic.StopAsync();
            Assert.Empty(traffic.Faults);
            second.Signal(ChildProcess.Terminate);
            Assert.Equal(0, await second.EndAsync());
        }

        Assert.False(File.Exists(_folder["socket"]));
    }

    [Fact]
    public async Task Where_nobody_is_it_is_a_start_like_any_other_and_without_it_a_second_start_fails()
    {
        OnLinux();
        int port = FreePort.Next();
        var endPoint = new IPEndPoint(IPAddress.Loopback, port);
        await using ChildProcess first = await StartAsync(endPoint, [.. RunningServer.Usual(port), .. RunningServer.Stateless, "--take-over"]);

        ChildProcess second = await ChildProcess.RunAsync(Repository.Daemon, [.. RunningServer.Usual(port), .. RunningServer.Stateless]);

        Assert.Equal(71, second.ExitCode);
        Assert.Equal($"failed to listen on TCP port {port} of 127.0.0.1: Address already in use", second.Error);
        Assert.False(first.HasExited);
    }

    [Fact]
    public async Task Who_is_no_daemon_of_ours_is_not_taken_over_from()
    {
        OnLinux();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        string port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        ChildProcess start = await ChildProcess.RunAsync(Repository.Daemon, [.. RunningServer.Stateless, "-p", port, "--take-over"]);

        Assert.Equal(71, start.ExitCode);
        Assert.Equal($"failed to listen on TCP port {port} of 127.0.0.1: Address already in use", start.Error);
    }

    private static void OnLinux() => Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux hands sockets from process to process like this");

    private static async Task<ChildProcess> StartAsync(EndPoint endPoint, string[] flags)
    {
        ChildProcess daemon = ChildProcess.Start(Repository.Daemon, flags);
        await Eventually.True(
            async () =>
            {
                Assert.False(daemon.HasExited, daemon.Error);
                try
                {
                    return (await RunningServer.AskAsync(endPoint, "version\r\n", "\r\n")).StartsWith("VERSION", StringComparison.Ordinal);
                }
                catch (SocketException)
                {
                    return false;
                }
            },
            "the daemon answers");
        return daemon;
    }
}
