using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LivenessEngine.Interop.Servers;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop.CommandLine;

/// <summary>Flags whose effect is more than a line of "stats settings".</summary>
public sealed class EffectTests
{
    [Theory, InlineData("-h"), InlineData("--help"), InlineData("serve", "-h")]
    public async Task Help_names_every_flag_and_what_differs(params string[] arguments)
    {
        ChildProcess run = await ChildProcess.RunAsync(Repository.Daemon, arguments);
        Assert.Equal(0, run.ExitCode);
        Assert.All("plsacUtmMIvhVAdPuFRBbCDkLo", letter => Assert.Contains($"-{letter}, --", run.Output.Replace("-?, ", "", StringComparison.Ordinal), StringComparison.Ordinal));
        Assert.Contains("(default: 127.0.0.1; memcached's own default is every address)", run.Output, StringComparison.Ordinal);
    }

    [Theory, InlineData("-V"), InlineData("--version"), InlineData("serve", "-V")]
    public async Task Version_is_a_number(params string[] arguments)
    {
        ChildProcess run = await ChildProcess.RunAsync(Repository.Daemon, arguments);
        Assert.Equal(0, run.ExitCode);
        Assert.True(Version.TryParse(run.Output, out _), run.Output);
    }

    [Fact]
    public async Task Connections_past_the_limit_are_told_so()
    {
        await using RunningServer server = await RunningServer.DaemonAsync("-c", "2");
        var endPoint = new IPEndPoint(IPAddress.Loopback, server.Port);

        // Those that asked whether it answers may be counted for a moment yet.
        using Socket first = await ConnectedAsync(endPoint);
        await Eventually.True(async () => (await StatsAsync(first)).Contains("curr_connections 1\r\n", StringComparison.Ordinal), "only one is connected");
        using Socket second = await ConnectedAsync(endPoint);
        using Socket third = await RunningServer.ConnectAsync(endPoint);
        Assert.Equal("ERROR Too many open connections\r\n", await RunningServer.ReadAsync(third, end: null));
    }

    [Fact]
    public async Task Several_addresses_as_a_list_and_repeated()
    {
        (int one, int two) = (FreePort.Next(), FreePort.Next());
        await using RunningServer server = await RunningServer.DaemonAsync("-l", $"127.0.0.1:{one},127.0.0.2", "-l", $"127.0.0.1:{two}");
        foreach (IPEndPoint endPoint in new[] { new IPEndPoint(IPAddress.Loopback, one), new(IPAddress.Loopback, two), new(IPAddress.Parse("127.0.0.2"), server.Port) })
        {
            Assert.StartsWith("VERSION", await RunningServer.AskAsync(endPoint, "version\r\n", "\r\n"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Port_minus_one_is_a_free_one()
    {
        await using ChildProcess serve = ChildProcess.Start(Repository.Daemon, ["serve", .. RunningServer.Stateless, "-p", "-1"]);
        const string start = "liveness listens on ";
        await Eventually.True(() => serve.Output.Contains(';', StringComparison.Ordinal), "serve says where it listens");
        IPEndPoint endPoint = IPEndPoint.Parse(serve.Output[start.Length..serve.Output.IndexOf(';', StringComparison.Ordinal)]);
        Assert.StartsWith("VERSION", await RunningServer.AskAsync(endPoint, "version\r\n", "\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flush_all_and_shutdown_are_as_allowed()
    {
        await using ServerPair servers = await ServerPair.StartAsync("-F");
        foreach (RunningServer server in new[] { servers.Stock, servers.Ours })
        {
            Assert.Equal("CLIENT_ERROR flush_all not allowed\r\n", await server.AskAsync("flush_all\r\n", "\r\n"));
            Assert.EndsWith("shutdown not enabled\r\n", await server.AskAsync("shutdown\r\n", "\r\n"), StringComparison.Ordinal);
        }

        await using ServerPair others = await ServerPair.StartAsync("-A");
        foreach (RunningServer server in new[] { others.Stock, others.Ours })
        {
            await server.AskAsync("shutdown\r\n", "\r\n");
            Assert.Equal(0, await server.Process.EndAsync());
        }
    }

    [Fact]
    public async Task Verbose_says_what_comes()
    {
        await using RunningServer quiet = await RunningServer.DaemonAsync();
        await using RunningServer verbose = await RunningServer.DaemonAsync("-vv");
        await quiet.AskAsync("get some-key\r\n");
        await verbose.AskAsync("get some-key\r\n");
        await Eventually.True(() => verbose.Process.Error.Contains("get some-key", StringComparison.Ordinal), "the request is logged");
        Assert.Equal("", quiet.Process.Error);
        Assert.Equal("", verbose.Process.Output);
    }

    [Fact]
    public async Task Root_becomes_the_user_and_ends_well_without_roots_rights()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Skip("-u counts for root only");
        }

        using var folder = new TemporaryFolder();
        await using RunningServer server = await RunningServer.DaemonAsync("-u", "nobody", "-P", folder["pid"]);
        string status = await File.ReadAllTextAsync($"/proc/{server.Process.Id}/status", TestContext.Current.CancellationToken);
        Assert.Contains("\nUid:\t65534\t65534\t65534\t65534\n", status, StringComparison.Ordinal);
        Assert.Contains("\nGroups:\t \n", status, StringComparison.Ordinal);

        // The folder is root's, so that nobody may remove the file.
        server.Process.Signal(ChildProcess.Terminate);
        Assert.Equal(0, await server.Process.EndAsync());
        Assert.StartsWith($"Could not remove the pid file {folder["pid"]}", server.Process.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Memory_that_the_user_may_not_lock_is_a_warning()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Skip("-u counts for root only");
        }

        var endPoint = new IPEndPoint(IPAddress.Loopback, FreePort.Next());
        await using ChildProcess daemon = ChildProcess.Start(
            Installed.Find("prlimit", "util-linux"),
            ["--memlock=8388608:8388608", Repository.Daemon, .. RunningServer.Usual(endPoint.Port), .. RunningServer.Stateless, "-k", "-u", "nobody"]);
        await Eventually.True(() => daemon.Error.Length > 0, "it warns");
        Assert.Equal("warning: -k invalid, mlockall() failed; is there a limit (ulimit -l)?", daemon.Error);
        Assert.StartsWith("VERSION ", await RunningServer.AskAsync(endPoint, "version\r\n", "\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Idle_connections_are_closed()
    {
        await using RunningServer server = await RunningServer.DaemonAsync("-o", "idle_timeout=1");
        using Socket socket = await RunningServer.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Port));
        Assert.Equal("", await RunningServer.ReadAsync(socket, end: null));
        Assert.Equal(1, int.Parse((await server.StatsAsync())["idle_kicks"], CultureInfo.InvariantCulture));
    }

    private static async Task<string> StatsAsync(Socket socket)
    {
        await socket.SendAsync("stats\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        return await RunningServer.ReadAsync(socket, "END\r\n");
    }

    private static async Task<Socket> ConnectedAsync(EndPoint endPoint)
    {
        Socket socket = await RunningServer.ConnectAsync(endPoint);
        await socket.SendAsync("version\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.StartsWith("VERSION", await RunningServer.ReadAsync(socket, "\r\n"), StringComparison.Ordinal);
        return socket;
    }
}
