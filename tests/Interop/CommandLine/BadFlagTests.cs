using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LivenessEngine.Interop.Servers;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop.CommandLine;

/// <summary>Flags that cannot be: how the process ends, and what it says.</summary>
public sealed class BadFlagTests
{
    private const string NoSuchFolder = "/nonexistent/folder/file";

    [Theory]
    [InlineData("-c", "0"), InlineData("-c", "-1"), InlineData("-t", "0"), InlineData("-t", "-3"), InlineData("-R", "0")]
    [InlineData("-I", "10"), InlineData("-I", "1023"), InlineData("-I", "60m"), InlineData("-B", "nope"), InlineData("-D", "")]
    [InlineData("-o", "nope"), InlineData("-o", "nope=3"), InlineData("-o", "idle_timeout"), InlineData("-p", "99999")]
    [InlineData("-o", "modern,,no_modern"), InlineData("-o", "slab_automove=7"), InlineData("-o", "hot_lru_pct"), InlineData("-o", "hot_lru_pct=90")]
    [InlineData("-o", "hash_algorithm=md5"), InlineData("-f", "1"), InlineData("-n", "none"), InlineData("-N", "0")]
    public async Task Ends_and_says_what_memcached_says_first(params string[] flags)
    {
        (ChildProcess stock, ChildProcess ours) = await BothAsync(flags);
        Assert.Equal(stock.ExitCode, ours.ExitCode);
        Assert.NotEqual(0, ours.ExitCode);
        Assert.NotEqual("", stock.Error);
        Assert.StartsWith(stock.Error, ours.Error, StringComparison.Ordinal);
        Assert.Equal(stock.Error.Count(c => c == '\n'), ours.Error.Count(c => c == '\n'));
    }

    // memcached names the option's letter or its own function there; we name the value and what is allowed.
    [Theory]
    [InlineData("-c", "abc"), InlineData("-t", "abc"), InlineData("-R", "abc"), InlineData("-m", "0"), InlineData("-I", "abc")]
    [InlineData("-I", "2000m"), InlineData("-I", "1g"), InlineData("-I", ""), InlineData("-s", NoSuchFolder), InlineData("-s", "/")]
    [InlineData("-l", "192.0.2.1"), InlineData("-z"), InlineData("--nope"), InlineData("--nope=3"), InlineData("-vz")]
    [InlineData("-p"), InlineData("-l"), InlineData("-s"), InlineData("-a"), InlineData("-U"), InlineData("-c"), InlineData("-t")]
    [InlineData("-m"), InlineData("-I"), InlineData("-P"), InlineData("-u"), InlineData("-R"), InlineData("-B"), InlineData("-b")]
    [InlineData("-D"), InlineData("-o"), InlineData("--port"), InlineData("--p", "1"), InlineData("-l", "notls:127.0.0.1")]
    public async Task Ends_the_same_as_memcached(params string[] flags)
    {
        (ChildProcess stock, ChildProcess ours) = await BothAsync(flags);
        Assert.Equal(stock.ExitCode, ours.ExitCode);
        Assert.NotEqual(0, ours.ExitCode);
        Assert.Single(ours.Error.Split('\n'));
        Assert.NotEqual("", ours.Error);
    }

    // memcached starts with these: it takes what is no number for 0, and what is too large for something else. Or it can
    // do what this release cannot.
    [Theory]
    [InlineData(1, "-b", "0"), InlineData(1, "-b", "abc"), InlineData(1, "-p", "abc"), InlineData(64, "-p", "0"), InlineData(1, "-m", "abc")]
    [InlineData(71, "-l", "proto[http]:127.0.0.1"), InlineData(64, "-o", "ext_path=/tmp/file:1g"), InlineData(64, "-Z", "-U", "11211")]
    [InlineData(64, "-U", "70000"), InlineData(64, "-p", "0", "-U", "11211", "--take-over"), InlineData(64, "-m", "-5"), InlineData(64, "-m", "99999999"), InlineData(64, "-a", "9"), InlineData(64, "-a", "7777")]
    [InlineData(64, "-l", "127.0.0.1:99999"), InlineData(71, "-s", "")]
    [InlineData(71, "-P", NoSuchFolder), InlineData(1, "-o", "idle_timeout=abc"), InlineData(1, "words")]
    [InlineData(64, "--service-down-time", "0"), InlineData(1, "--service-down-time", "x"), InlineData(64, "--report-interval", "-1")]
    [InlineData(64, "--report-interval", "0.0001", "--database", "sqlite:////nonexistent/folder/file")]
    [InlineData(64, "--groups", "a:b"), InlineData(64, "--verdict", "maybe"), InlineData(1, "--verdict")]
    [InlineData(64, "--transport", "io"), InlineData(64, "--transport", ""), InlineData(1, "--transport")]
    [InlineData(64, "--bridge-interval", "0.05"), InlineData(64, "--bridge-interval", "61")]
    [InlineData(64, "--brake-share", "1.5"), InlineData(64, "--brake-share", "-0.1"), InlineData(1, "--brake-share", "half")]
    [InlineData(64, "--brake-size", "-1"), InlineData(1, "--brake-size", "2.5")]
    [InlineData(64, "--state-file", ""), InlineData(64, "--state-file", "."), InlineData(64, "--state-file", "./")]
    public async Task Ends_where_memcached_would_go_on(int exitCode, params string[] flags)
    {
        ChildProcess ours = await OursAsync(flags);
        Assert.Equal(exitCode, ours.ExitCode);
        Assert.Single(ours.Error.Split('\n'));
        Assert.NotEqual("", ours.Error);
    }

    [Theory]
    [InlineData("(--conn-limit -1)", "-c", "-1"), InlineData("(--memory-limit -5)", "-m", "-5"), InlineData("(--slab-growth-factor 1)", "-f", "1")]
    [InlineData("99999. --port takes 0 (none) to 65535, or -1 for a free one", "-p", "99999")]
    [InlineData("'-5' is not allowed; it takes seconds, 0 (for ever) to 2147483647", "-o", "idle_timeout=-5")]
    [InlineData("worker_logbuf_size; it takes a number, 0 or more (-o worker_logbuf_size=-1)", "-o", "worker_logbuf_size=-1")]
    public async Task Names_the_value_and_what_is_allowed(string end, params string[] flags)
        => Assert.EndsWith(end, (await OursAsync(flags)).Error, StringComparison.Ordinal);

    [Fact]
    public async Task A_port_that_is_taken_ends_the_same_as_in_memcached()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        string port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        (ChildProcess stock, ChildProcess ours) = await BothAsync(["-p", port]);
        Assert.Equal(stock.ExitCode, ours.ExitCode);
        Assert.Equal($"failed to listen on TCP port {port} of 127.0.0.1: Address already in use", ours.Error);
    }

    [Fact]
    public async Task A_user_that_is_not_there_ends_the_same_as_in_memcached()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Skip("-u counts for root only");
        }

        (ChildProcess stock, ChildProcess ours) = await BothAsync(["-u", "nobody-by-this-name"]);
        Assert.Equal(67, stock.ExitCode);
        Assert.Equal(stock.ExitCode, ours.ExitCode);
        Assert.Equal(stock.Error, ours.Error);
    }

    [Fact]
    public async Task A_plain_file_is_no_socket_and_stays()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["file"], "precious", TestContext.Current.CancellationToken);
        (ChildProcess stock, ChildProcess ours) = await BothAsync(["-s", folder["file"]]);
        Assert.Equal(stock.ExitCode, ours.ExitCode);
        Assert.Equal($"failed to listen on UNIX socket: {folder["file"]}: Address already in use", ours.Error);
        Assert.Equal("precious", await File.ReadAllTextAsync(folder["file"], TestContext.Current.CancellationToken));
    }

    private static async Task<(ChildProcess Stock, ChildProcess Ours)> BothAsync(string[] flags)
        => (await RunAsync(RunningServer.Memcached, flags), await OursAsync(flags));

    private static Task<ChildProcess> OursAsync(string[] flags) => RunAsync(Repository.Daemon, [.. RunningServer.Stateless, .. flags]);

    // The flag comes last, so that it counts. A unix socket wants no port, and ours says so.
    private static Task<ChildProcess> RunAsync(string program, string[] flags)
        => ChildProcess.RunAsync(program, [.. flags.Contains("-s") ? ["-u", Environment.UserName] : RunningServer.Usual(FreePort.Next()), .. flags]);
}
