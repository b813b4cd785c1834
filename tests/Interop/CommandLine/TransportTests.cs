using System.Net;
using LivenessEngine.Interop.Servers;
using LivenessEngine.Memcached.Transports.Uring;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop.CommandLine;

/// <summary>A daemon to which the system grants some io_urings, but not as many as it has loops.</summary>
public sealed class TransportTests
{
    private const string Loops = "32";

    // Each ring takes more than a 32nd of it. Who may lock memory without limit (root) must not here.
    private static readonly string[] FewRings = ["--memlock=2097152", .. Environment.IsPrivilegedProcess ? (string[])["setpriv", "--bounding-set=-ipc_lock"] : [], Repository.Daemon];

    private static string Prlimit
    {
        get
        {
            Assert.SkipUnless(UringTransport.IsSupported, $"io_uring: {UringTransport.Obstacle}");
            return Installed.Find("prlimit", "util-linux");
        }
    }

    [Fact]
    public async Task The_fastest_that_can_be_had_is_epoll_then()
    {
        int port = FreePort.Next();
        await using ChildProcess daemon = ChildProcess.Start(Prlimit, [.. FewRings, .. RunningServer.Usual(port), .. RunningServer.Stateless, "-t", Loops, "-v"]);
        await Eventually.True(() => daemon.Error.Contains("Listening", StringComparison.Ordinal), "it listens");
        string settings = await RunningServer.AskAsync(new IPEndPoint(IPAddress.Loopback, port), "stats settings\r\n", "END\r\n");
        Assert.Contains("STAT transport epoll\r\n", settings, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Io_uring_that_was_asked_for_is_an_error_that_says_what_was_refused()
    {
        ChildProcess daemon = await ChildProcess.RunAsync(
            Prlimit, [.. FewRings, .. RunningServer.Usual(FreePort.Next()), .. RunningServer.Stateless, "-t", Loops, "--transport", "io_uring"]);
        Assert.NotEqual(0, daemon.ExitCode);
        Assert.Contains("io_uring_setup: Cannot allocate memory", daemon.Error, StringComparison.Ordinal);
    }
}
