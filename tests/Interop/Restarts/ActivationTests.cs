using System.Globalization;
using System.Net;
using LivenessEngine.Interop.Servers;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop.Restarts;

/// <summary>A daemon under somebody who holds its sockets, as systemd does, and the unit files for that.</summary>
public sealed class ActivationTests : IDisposable
{
    private const int User1 = 10;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("auto"), InlineData("epoll"), InlineData("sockets")]
    public async Task A_restart_refuses_nobody_loses_nothing_and_closes_no_connection(string transport)
    {
        await DebianPython.RequireAsync("memcache", "python3-memcache");
        await using ChildProcess activator = Python.Start(
            "activator.py", _folder.Path, Repository.Daemon, "--state-file", _folder["state"], "-p", "1", "--transport", transport);
        await Eventually.True(() => Lines(activator, "ready").Length == 1, "the daemon is ready");
        int port = int.Parse(Lines(activator, "listening")[0][1], CultureInfo.InvariantCulture);
        var endPoint = new IPEndPoint(IPAddress.Loopback, port);
        await using Witnesses witnesses = await Witnesses.StartAsync(endPoint, _folder["go"]);

        for (int restarts = 1; restarts <= 2; restarts++)
        {
            activator.Signal(User1);
            await Eventually.True(() => Lines(activator, "ready").Length == restarts + 1, "the daemon is ready again");
            await witnesses.GoOnAsync();
        }

        await witnesses.AssertNothingNoticedAsync();
        Assert.Contains("LISTEN_FDS", activator.Error, StringComparison.Ordinal);
        activator.Signal(ChildProcess.Terminate);
        Assert.Equal(0, await activator.EndAsync());
        Assert.All(Lines(activator, "ended"), words => Assert.Equal("0", words[1]));
    }

    [Theory, InlineData("0"), InlineData("1"), InlineData("not a number")]
    public async Task What_is_meant_for_another_process_is_not_taken(string process)
    {
        int port = FreePort.Next();
        await using ChildProcess daemon = ChildProcess.Start(
            Repository.Daemon,
            [.. RunningServer.Usual(port), .. RunningServer.Stateless],
            environment: [new("LISTEN_PID", process), new("LISTEN_FDS", "1")]);
        await Eventually.True(
            async () =>
            {
                Assert.False(daemon.HasExited, daemon.Error);
                try
                {
                    return (await RunningServer.AskAsync(new IPEndPoint(IPAddress.Loopback, port), "version\r\n", "\r\n")).Length > 0;
                }
                catch (System.Net.Sockets.SocketException)
                {
                    return false;
                }
            },
            "it listens where the flags say");
    }

    [Fact]
    public async Task The_unit_files_are_what_systemd_takes()
    {
        string analyze = Installed.Find("systemd-analyze", "systemd");
        string units = Path.Combine(Repository.Root, "src", "LivenessEngine.Daemon", "systemd");
        foreach (string unit in (string[])["liveness.socket", "liveness.service"])
        {
            // With a program that is there: the real one is where the operator puts it.
            string text = await File.ReadAllTextAsync(Path.Combine(units, unit), TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(_folder[unit], text.Replace("/usr/local/bin/liveness", "/bin/true", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        }

        ChildProcess verify = await ChildProcess.RunAsync(analyze, ["verify", "--man=no", "--recursive-errors=no", _folder["liveness.socket"], _folder["liveness.service"]]);

        Assert.True(verify.ExitCode == 0 && verify.Error.Length == 0, verify.Error + verify.Output);
    }

    private static string[][] Lines(ChildProcess process, string first)
        => [.. process.Output.Split('\n').Select(line => line.Split(' ')).Where(words => words[0] == first)];
}
