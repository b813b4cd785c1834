using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using LivenessEngine.Interop.Servers;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop.Security;

/// <summary>The daemon with -Z, -Y and -S, as clients find it.</summary>
public sealed class SecureDaemonTests : IDisposable
{
    private const string Unauthenticated = "CLIENT_ERROR unauthenticated\r\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Pymemcache_by_TLS_and_with_a_certificate_where_one_is_wanted()
    {
        await DebianPython.RequireAsync("pymemcache", "python3-pymemcache");
        using var certificates = new TestCertificates();
        (int port, int strict, int plain) = (FreePort.Next(), FreePort.Next(), FreePort.Next());
        await using ChildProcess daemon = ChildProcess.Start(
            Repository.Daemon,
            [
                "-l", $"127.0.0.1:{port},mtls:127.0.0.1:{strict},notls:127.0.0.1:{plain}", "-u", Environment.UserName, .. RunningServer.Stateless,
                "-Z", "-o", $"ssl_chain_cert={certificates.Chain},ssl_key={certificates.Key},ssl_ca_cert={certificates.Authorities}",
            ]);
        await ListensAsync(daemon, plain);

        string printed = await Python.RunAsync(
            "tls_client.py", certificates.Authorities, certificates.ClientChain, $"{port}", $"{strict}");

        Assert.Equal(["set True", "get with a certificate 100000", "get without is refused"], printed.Trim().Split('\n'));
        Assert.StartsWith("VALUE a 0 100000\r\n", await AskAsync(plain, "get a\r\n", "END\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_use_it_is_read_again_by_a_signal_and_a_file_that_is_wrong_changes_nothing()
    {
        await WriteAsync("anna:first\n");
        await using RunningServer server = await RunningServer.DaemonAsync("-Y", _folder["users"]);
        using Socket before = await RunningServer.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Port));
        Assert.Equal("STORED\r\n", await LoginAsync(before, "anna first"));
        Assert.Equal("CLIENT_ERROR authentication failure\r\n", await server.AskAsync(Login("anna second"), "\r\n"));
        Assert.Equal(Unauthenticated, await server.AskAsync("get compute:host\r\n", "\r\n"));

        await WriteAsync("nonsense\n");
        server.Process.Signal(ChildProcess.HangUp);
        await Eventually.True(() => server.Process.Error.Contains("users", StringComparison.Ordinal), "the daemon says what is wrong");
        Assert.Equal("STORED\r\n", await server.AskAsync(Login("anna first"), "\r\n"));

        await WriteAsync("anna:second\n");
        server.Process.Signal(ChildProcess.HangUp);
        await Eventually.True(async () => await server.AskAsync(Login("anna second"), "\r\n") == "STORED\r\n", "the new word is good");
        Assert.Equal("CLIENT_ERROR authentication failure\r\n", await server.AskAsync(Login("anna first"), "\r\n"));
        await before.SendAsync("mn\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal("MN\r\n", await RunningServer.ReadAsync(before, "\r\n"));
    }

    [Fact]
    public async Task Bmemcached_says_who_it_is()
    {
        await DebianPython.RequireAsync("bmemcached", "python3-binary-memcached");
        await WriteAsync("anna:first\n");
        int port = FreePort.Next();
        await using ChildProcess daemon = ChildProcess.Start(
            Repository.Daemon, [.. RunningServer.Usual(port), .. RunningServer.Stateless, "-S"], environment: [new("MEMCACHED_SASL_PWDB", _folder["users"])]);
        await ListensAsync(daemon, port);

        Assert.Equal("set True get text", (await Python.RunAsync("sasl_client.py", $"{port}", "anna", "first")).Trim());
        Assert.StartsWith("refused", (await Python.RunAsync("sasl_client.py", $"{port}", "anna", "second")).Trim(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-l mtls: needs the roots of the clients' certificates: -o ssl_ca_cert=FILE", false, "mtls:127.0.0.1:1")]
    [InlineData("-l 127.0.0.1:1: asks for a protocol or TLS of its own, and is none of the sockets that were given (LISTEN_FDS): 127.0.0.1:", true, "mtls:127.0.0.1:1")]
    [InlineData("-l 127.0.0.1:1: asks for a protocol or TLS of its own, and is none of the sockets that were given (LISTEN_FDS): 127.0.0.1:", true, "proto[binary]:127.0.0.1:1")]
    public async Task A_listener_that_cannot_be_as_it_was_asked_for_is_none(string error, bool isGiven, string listener)
    {
        using var certificates = new TestCertificates();
        string[] flags =
        [
            "-l", listener, "-u", Environment.UserName, .. RunningServer.Stateless, "-Z",
            "-o", $"ssl_chain_cert={certificates.Chain},ssl_key={certificates.Key}" + (isGiven ? $",ssl_ca_cert={certificates.Authorities}" : ""),
        ];
        await using ChildProcess daemon = isGiven
            ? Python.Start("activator.py", [_folder.Path, Repository.Daemon, .. flags])
            : ChildProcess.Start(Repository.Daemon, flags);

        await Eventually.True(() => daemon.Error.Contains(error, StringComparison.Ordinal), error);
    }

    private static string Login(string words) => $"set auth 0 0 {words.Length.ToString(CultureInfo.InvariantCulture)}\r\n{words}\r\n";

    private static async Task<string> LoginAsync(Socket socket, string words)
    {
        await socket.SendAsync(Encoding.ASCII.GetBytes(Login(words)), TestContext.Current.CancellationToken);
        return await RunningServer.ReadAsync(socket, "\r\n");
    }

    private static Task<string> AskAsync(int port, string request, string end)
        => RunningServer.AskAsync(new IPEndPoint(IPAddress.Loopback, port), request, end);

    private static Task ListensAsync(ChildProcess daemon, int port) => Eventually.True(
        async () =>
        {
            Assert.False(daemon.HasExited, daemon.Error);
            try
            {
                using Socket socket = await RunningServer.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        },
        "it listens");

    private Task WriteAsync(string users) => File.WriteAllTextAsync(_folder["users"], users, TestContext.Current.CancellationToken);
}
