using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LivenessEngine.Interop.Servers;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop.Restarts;

/// <summary>Where the daemon keeps its state, and what it says when it cannot.</summary>
public sealed class StateFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_usual_place_is_one_file_a_port_and_its_folder_is_nobody_elses()
    {
        int port = FreePort.Next();
        await using ChildProcess daemon = await StartAsync(port, [], new("STATE_DIRECTORY", ""), new("XDG_STATE_HOME", _folder["home"]));
        string file = Path.Combine(_folder["home"], "liveness", $"liveness-{port.ToString(CultureInfo.InvariantCulture)}.state");
        Assert.True(File.Exists(file));
        Assert.Equal("700", Convert.ToString((int)File.GetUnixFileMode(Path.GetDirectoryName(file)!), 8));
        Assert.Equal("", daemon.Error);
    }

    [Fact]
    public async Task Daemons_on_one_port_of_two_addresses_have_a_file_each()
    {
        int port = FreePort.Next();
        string digits = port.ToString(CultureInfo.InvariantCulture);
        var state = new KeyValuePair<string, string>("STATE_DIRECTORY", _folder["state"]);
        await using ChildProcess one = await StartAsync(port, [], state);
        await using ChildProcess other = ChildProcess.Start(
            Repository.Daemon, ["-l", "127.0.0.2", "-p", digits, "-u", Environment.UserName], environment: [state]);
        string[] files = [$"liveness-127.0.0.2-{digits}.state", $"liveness-{digits}.state"];
        await Eventually.True(() => Array.TrueForAll(files, name => File.Exists(Path.Combine(_folder["state"], name))), "both have a file");
        Assert.Equal(("", ""), (one.Error, other.Error));
    }

    [Fact]
    public async Task The_state_directory_of_a_service_comes_first()
    {
        int port = FreePort.Next();
        await using ChildProcess daemon = await StartAsync(port, [], new("STATE_DIRECTORY", $"{_folder["one"]}:{_folder["two"]}"), new("XDG_STATE_HOME", _folder["home"]));
        Assert.Single(Directory.GetFiles(_folder["one"], "liveness-*.state"));
        Assert.False(Directory.Exists(_folder["home"]));
    }

    [Fact]
    public async Task A_usual_place_that_cannot_be_is_a_warning()
    {
        await File.WriteAllTextAsync(_folder["file"], "", TestContext.Current.CancellationToken);
        await using ChildProcess daemon = await StartAsync(FreePort.Next(), [], new KeyValuePair<string, string>("STATE_DIRECTORY", _folder["file"]));
        Assert.StartsWith("warning: nothing is kept over a restart: ", daemon.Error, StringComparison.Ordinal);
        Assert.Single(daemon.Error.Split('\n'));
    }

    [Fact]
    public async Task A_place_that_was_asked_for_and_cannot_be_ends_the_start()
    {
        ChildProcess daemon = await ChildProcess.RunAsync(Repository.Daemon, [.. RunningServer.Usual(FreePort.Next()), "--state-file", _folder["no/such/file"]]);
        Assert.Equal(71, daemon.ExitCode);
        Assert.StartsWith("--state-file: ", daemon.Error, StringComparison.Ordinal);
        Assert.Contains(_folder["no/such/file"], daemon.Error, StringComparison.Ordinal);
        Assert.Single(daemon.Error.Split('\n'));
    }

    [Fact]
    public async Task Roots_state_becomes_the_users()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "-u counts for root only");
        int port = FreePort.Next();
        await using ChildProcess daemon = await StartAsync(port, ["-u", "nobody"], new KeyValuePair<string, string>("STATE_DIRECTORY", _folder["state"]));
        foreach (string path in (string[])[_folder["state"], Path.Combine(_folder["state"], $"liveness-{port.ToString(CultureInfo.InvariantCulture)}.state")])
        {
            ChildProcess owner = await ChildProcess.RunAsync("/usr/bin/stat", ["-c", "%U", path]);
            Assert.Equal("nobody", owner.Output);
        }
    }

    [Fact]
    public async Task Status_says_what_an_engine_without_a_state_does_not_know_yet()
    {
        await using RunningServer server = await RunningServer.DaemonAsync("--service-down-time", "3600");
        ChildProcess status = await ChildProcess.RunAsync(Repository.Daemon, ["status", "--json", "--server", server.Address]);
        Assert.Matches(@"^started \d+ s ago with no saved state; who has not reported yet is unknown for another 3\d{3} s$", status.Error);
        Assert.Equal("[]", status.Output);
    }

    private static async Task<ChildProcess> StartAsync(int port, string[] flags, params KeyValuePair<string, string>[] environment)
    {
        ChildProcess daemon = ChildProcess.Start(Repository.Daemon, [.. RunningServer.Usual(port), .. flags], environment: environment);
        await Eventually.True(
            async () =>
            {
                Assert.False(daemon.HasExited, daemon.Error);
                try
                {
                    return (await RunningServer.AskAsync(new IPEndPoint(IPAddress.Loopback, port), "version\r\n", "\r\n")).Length > 0;
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
