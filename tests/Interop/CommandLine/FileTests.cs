using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LivenessEngine.Interop.Servers;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop.CommandLine;

/// <summary>The unix socket, the pid file, and the daemon in the background.</summary>
public sealed class FileTests
{
    [Theory, InlineData("700", new string[0]), InlineData("770", new[] { "-a", "770" }), InlineData("666", new[] { "--unix-mask=666" })]
    public async Task A_unix_socket_has_its_mode_and_goes_with_the_daemon(string mode, string[] flags)
    {
        using var folder = new TemporaryFolder();
        string path = folder["socket"];
        int port = FreePort.Next();
        await using ChildProcess daemon = ChildProcess.Start(Repository.Daemon, [.. RunningServer.Usual(port), .. RunningServer.Stateless, "-s", path, .. flags]);
        await AnswersAsync(path);
        Assert.Equal(mode, Convert.ToString((int)File.GetUnixFileMode(path), 8));
        await Assert.ThrowsAsync<SocketException>(() => RunningServer.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port)));
        daemon.Signal(ChildProcess.Terminate);
        Assert.Equal(0, await daemon.EndAsync());
        Assert.False(File.Exists(path));
        Assert.Equal($"liveness: without effect beside -s {path}, which is the only way in: -p {port}, -l 127.0.0.1", daemon.Error);
    }

    [Fact]
    public async Task A_socket_that_a_killed_daemon_left_is_taken_over_and_one_in_use_is_not()
    {
        using var folder = new TemporaryFolder();
        await using (ChildProcess.Start(Repository.Daemon, [.. RunningServer.Stateless, "-s", folder["socket"]]))
        {
            // Killed at the end of the block.
            await AnswersAsync(folder["socket"]);
        }

        Assert.True(File.Exists(folder["socket"]));
        await using ChildProcess next = ChildProcess.Start(Repository.Daemon, [.. RunningServer.Stateless, "-s", folder["socket"]]);
        await AnswersAsync(folder["socket"]);
        ChildProcess third = await ChildProcess.RunAsync(Repository.Daemon, [.. RunningServer.Stateless, "-s", folder["socket"]]);
        Assert.Equal(71, third.ExitCode);
        await AnswersAsync(folder["socket"]);
    }

    [Fact]
    public async Task The_pid_file_is_written_as_by_memcached_and_removed_at_the_end()
    {
        using var folder = new TemporaryFolder();
        foreach (string program in new[] { RunningServer.Memcached, Repository.Daemon })
        {
            await using RunningServer server = await RunningServer.StartAsync(program, [.. program == Repository.Daemon ? RunningServer.Stateless : [], "-P", folder["pid"]]);
            await Eventually.True(() => File.Exists(folder["pid"]), "the pid file is there");
            Assert.Equal($"{server.Process.Id}\n", await File.ReadAllTextAsync(folder["pid"], TestContext.Current.CancellationToken));
            server.Process.Signal(ChildProcess.Interrupt);
            Assert.Equal(0, await server.Process.EndAsync());
        }

        // memcached 1.6.18 leaves its own behind when a signal ends it.
        Assert.False(File.Exists(folder["pid"]));
    }

    [Fact]
    public async Task In_the_background_it_listens_and_lets_go_of_who_started_it()
    {
        using var folder = new TemporaryFolder();
        int port = FreePort.Next();

        // Ends only when the streams are closed too, as a shell's $(...) does.
        ChildProcess start = await ChildProcess.RunAsync(Repository.Daemon, [.. RunningServer.Usual(port), .. RunningServer.Stateless, "-d", "-P", folder["pid"]]);
        Assert.True(start.ExitCode == 0, start.Error);
        Assert.Equal("", start.Output + start.Error);
        int id = int.Parse(await File.ReadAllTextAsync(folder["pid"], TestContext.Current.CancellationToken), CultureInfo.InvariantCulture);
        Assert.NotEqual(start.Id, id);
        try
        {
            var endPoint = new IPEndPoint(IPAddress.Loopback, port);
            Assert.Contains($"STAT pid {id}\r\n", await RunningServer.AskAsync(endPoint, "stats\r\n", "END\r\n"), StringComparison.Ordinal);
        }
        finally
        {
            await ChildProcess.RunAsync("/bin/kill", ["-TERM", id.ToString(CultureInfo.InvariantCulture)]);
        }

        await Eventually.True(() => !File.Exists(folder["pid"]), "it ends, and its pid file goes");
    }

    [Fact]
    public async Task A_start_in_the_background_that_fails_is_told()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        ChildProcess start = await ChildProcess.RunAsync(Repository.Daemon, [.. RunningServer.Usual(port), .. RunningServer.Stateless, "-d"]);
        Assert.Equal(71, start.ExitCode);
        Assert.Equal($"failed to listen on TCP port {port} of 127.0.0.1: Address already in use", start.Error);
    }

    private static Task AnswersAsync(string path) => Eventually.True(
        async () =>
        {
            try
            {
                return (await RunningServer.AskAsync(new UnixDomainSocketEndPoint(path), "version\r\n", "\r\n")).StartsWith("VERSION", StringComparison.Ordinal);
            }
            catch (SocketException)
            {
                return false;
            }
        },
        $"somebody answers at {path}");
}
