using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LivenessEngine.Interop.Servers;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop.CommandLine;

/// <summary>status, watch and join, where there is nobody to ask or what is asked makes no sense.</summary>
public sealed class AskingTests
{
    [Theory, InlineData("status"), InlineData("status", "--json"), InlineData("watch")]
    public async Task Nobody_at_the_address_is_one_line_and_a_failure(params string[] command)
    {
        string server = $"127.0.0.1:{FreePort.Next().ToString(CultureInfo.InvariantCulture)}";
        ChildProcess run = await ChildProcess.RunAsync(Repository.Daemon, [.. command, "--server", server]);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal($"liveness: cannot reach {server}: Connection refused", run.Error);
        Assert.Equal("", run.Output);
    }

    [Fact]
    public async Task Join_says_once_that_nobody_is_there_and_tries_on()
    {
        string server = $"127.0.0.1:{FreePort.Next().ToString(CultureInfo.InvariantCulture)}";
        await using ChildProcess join = ChildProcess.Start(Repository.Daemon, ["join", "compute", "x", "--report-interval", "2", "--server", server]);
        await Eventually.True(() => join.Error.Length > 0, "join says that nobody is there");
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        join.Signal(ChildProcess.Interrupt);
        Assert.Equal(0, await join.EndAsync());
        Assert.Equal($"reports do not arrive: memcached at {server} cannot be reached: Connection refused; trying on", join.Error);
    }

    [Fact]
    public async Task Join_says_that_a_server_does_not_answer()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using ChildProcess join = ChildProcess.Start(
            Repository.Daemon, ["join", "compute", "x", "--report-interval", "0.5", "--server", $"{silent.LocalEndpoint}"]);
        await Eventually.True(() => join.Error.Length > 0, "join says that nobody answers");
        Assert.Equal($"reports do not arrive: {silent.LocalEndpoint}: no answer within 0.5 s; trying on", join.Error);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("watch")]
    public async Task A_server_that_says_nothing_is_not_waited_for_for_ever(string command)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        ChildProcess asking = await ChildProcess.RunAsync(Repository.Daemon, [command, "--server", $"{silent.LocalEndpoint}"]);
        Assert.Equal(1, asking.ExitCode);
        Assert.Equal($"liveness: {silent.LocalEndpoint} did not answer within 5 s", asking.Error);
    }

    [Theory]
    [InlineData(1, "status", "--server", "127.0.0.1:port")]
    [InlineData(1, "status", "--server")]
    [InlineData(1, "status", "compute", "and", "more")]
    [InlineData(64, "status", "two words")]
    [InlineData(64, "watch", "com:pute")]
    [InlineData(1, "join", "compute")]
    [InlineData(64, "join", "com:pute", "x")]
    [InlineData(64, "join", "compute", "two words")]
    [InlineData(64, "join", "compute", "x", "--report-interval", "0")]
    [InlineData(64, "join", "compute", "x", "--report-interval", "0.0001")]
    [InlineData(1, "join", "compute", "x", "--report-interval", "often")]
    [InlineData(1, "join", "compute", "x", "--server", "127.0.0.1:port")]
    public async Task What_makes_no_sense_is_one_line_and_a_failure(int exitCode, params string[] command)
    {
        ChildProcess run = await ChildProcess.RunAsync(Repository.Daemon, command);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Single(run.Error.Split('\n'));
        Assert.NotEqual("", run.Error);
        Assert.Equal("", run.Output);
    }

    [Fact]
    public async Task Names_do_not_steer_the_terminal()
    {
        await using RunningServer server = await RunningServer.DaemonAsync();
        await server.AskAsync("set compute:\u001b[31mred\ax 0 0 1\r\n1\r\n", "STORED\r\n");
        ChildProcess status = await ChildProcess.RunAsync(
            Repository.Daemon, ["status", "--server", $"127.0.0.1:{server.Port.ToString(CultureInfo.InvariantCulture)}"]);
        Assert.Contains(@"\u001b[31mred\u0007x", status.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', status.Output);
    }

    [Fact]
    public async Task A_daemon_with_an_authentication_file_answers_whom_it_names()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["users"], "operator:a secret\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder["strangers"], "operator:no secret\n", TestContext.Current.CancellationToken);
        await using RunningServer server = await RunningServer.DaemonAsync("-Y", folder["users"]);
        string address = $"127.0.0.1:{server.Port.ToString(CultureInfo.InvariantCulture)}";
        async Task<ChildProcess> AskAsync(params string[] who) => await ChildProcess.RunAsync(Repository.Daemon, ["status", "--server", address, .. who]);

        ChildProcess known = await AskAsync("--auth-file", folder["users"]);
        Assert.Equal((0, "No member has reported yet."), (known.ExitCode, known.Output));
        ChildProcess stranger = await AskAsync("--auth-file", folder["strangers"]);
        Assert.Equal((1, $"liveness: {address} does not take the first user of {folder["strangers"]}"), (stranger.ExitCode, stranger.Error));
        ChildProcess nobody = await AskAsync();
        Assert.Equal(1, nobody.ExitCode);
        Assert.Contains("unauthenticated", nobody.Error, StringComparison.Ordinal);
    }
}
