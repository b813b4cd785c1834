using System.Net;
using System.Net.Sockets;
using System.Text;
using LivenessEngine.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace LivenessEngine.Memcached.Tests.Transports.Tls;

/// <summary>Clients by TLS, beside others without.</summary>
public sealed class TlsTests : IAsyncDisposable
{
    private const string Version = "VERSION 1.6.45\r\n";
    private const int Slow = 20;

    private readonly TestCertificates _certificates = new();
    private readonly TestEngine _engine = new();
    private MemcachedServer? _server;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        await _engine.DisposeAsync();
        _certificates.Dispose();
    }

    [Theory]
    [InlineData(MemcachedTransport.Sockets), InlineData(MemcachedTransport.Auto)]
    public async Task A_client_is_served_and_one_without_beside_it(MemcachedTransport transport)
    {
        Start(options => options.Transport = transport);
        using TlsClient client = await TlsClient.ConnectAsync(Tls);
        string value = new('v', 1_000_000);
        Assert.Equal("STORED\r\n", await client.AskAsync($"set a 0 0 {value.Length}\r\n{value}\r\n"));
        Assert.Equal($"VALUE a 0 {value.Length}\r\n{value}\r\nEND\r\n", await client.AskAsync("get a\r\n", "END\r\n"));

        Assert.Equal(Version, await AskPlainAsync(Plain, "version\r\n"));
        Assert.Equal("", await client.AskAsync("quit\r\n"));
        await Eventually.True(() => _server!.Context.Connections.Count == 0, "all have gone");
    }

    [Fact]
    public async Task Without_a_handshake_there_is_no_answer_and_nothing_is_left()
    {
        Start();
        Assert.Equal("", await AskPlainAsync(Tls, "version\r\nset a 0 0 1\r\n1\r\n"));

        await Eventually.True(() => _server!.Context.Connections.Count == 0 && _server.Context.Tls!.Errors == 1, "it is closed");
        using TlsClient client = await TlsClient.ConnectAsync(Tls);
        Assert.Contains("STAT ssl_handshake_errors 1\r\n", await client.AskAsync("stats\r\n", "END\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_mutual_tls_only_who_has_a_certificate_of_a_known_root_is_served()
    {
        Start();
        using TlsClient client = await TlsClient.ConnectAsync(Mutual, _certificates.Client);
        Assert.Equal(Version, await client.AskAsync("version\r\n"));
        await RefusedAsync(null);
        await RefusedAsync(_certificates.Stranger);

        await Eventually.True(() => _server!.Context.Tls!.Errors == 2, "both are errors");
        await Eventually.True(() => _server!.Context.Connections.Count == 1, "those who were refused are gone");

        async Task RefusedAsync(System.Security.Cryptography.X509Certificates.X509Certificate2? certificate)
            => await Assert.ThrowsAnyAsync<IOException>(async () =>
            {
                // The client of TLS 1.3 is done before the server has seen the certificate.
                using TlsClient refused = await TlsClient.ConnectAsync(Mutual, certificate);
                Assert.NotEqual(Version, await refused.AskAsync("version\r\n"));
                throw new IOException("closed");
            });
    }

    [Fact]
    public async Task Certificates_are_read_again_for_those_who_come_later()
    {
        Start();
        using TlsClient before = await TlsClient.ConnectAsync(Tls);
        _certificates.Renew("renewed");
        Assert.Equal("OK\r\n", await before.AskAsync("refresh_certs\r\n"));
        using TlsClient after = await TlsClient.ConnectAsync(Tls);
        Assert.Equal("CN=server", before.Server!.Subject);
        Assert.Equal("CN=renewed", after.Server!.Subject);

        File.WriteAllText(_certificates.Key, "nonsense");
        Assert.StartsWith($"Error loading the key: {_certificates.Key} : ", await after.AskAsync("refresh_certs\r\n"), StringComparison.Ordinal);
        File.Delete(_certificates.Chain);
        Assert.StartsWith($"Error loading the certificate chain: {_certificates.Chain} : ", await before.AskAsync("refresh_certs\r\n"), StringComparison.Ordinal);
        using TlsClient still = await TlsClient.ConnectAsync(Tls);
        Assert.Equal("CN=renewed", still.Server!.Subject);
    }

    [Fact]
    public async Task Slow_handshakes_count_and_hold_up_nobody()
    {
        Start(options => options.MaxConnections = Slow + 1);
        Socket[] sockets = await BeginSlowlyAsync();
        await Eventually.True(() => _server!.Context.Connections.Count == Slow, "all are counted");
        using (TlsClient client = await TlsClient.ConnectAsync(Tls))
        {
            Assert.Equal(Version, await client.AskAsync("version\r\n"));
            Assert.Equal("", await AskPlainAsync(Tls, "x"));
        }

        Array.ForEach(sockets, socket => socket.Dispose());
        await Eventually.True(() => _server!.Context.Connections.Count == 0, "all have gone");
    }

    [Fact]
    public async Task Slow_handshakes_are_cut_off()
    {
        Start(handshakeTimeout: TimeSpan.FromMilliseconds(200));
        Socket[] sockets = await BeginSlowlyAsync();
        await Eventually.Done(Task.WhenAll(sockets.Select(EndOfAsync)), "all are cut off");
        await Eventually.True(() => _server!.Context.Connections.Count == 0 && _server.Context.Tls!.Errors == Slow, "all are counted as errors");
        Array.ForEach(sockets, socket => socket.Dispose());

        // A slow machine may cut off before the whole greeting has come, and then there is a reset.
        static async Task EndOfAsync(Socket socket)
        {
            try
            {
                while (await socket.ReceiveAsync(new byte[100], TestContext.Current.CancellationToken) > 0)
                {
                }
            }
            catch (SocketException)
            {
            }
        }
    }

    [Fact]
    public void What_tls_needs_is_told_when_it_is_missing()
    {
        _certificates.Renew("server");
        var error = Assert.Throws<FormatException>(() => Start(chain: "/nonexistent"));
        Assert.StartsWith("Error loading the certificate chain: /nonexistent : ", error.Message);
        Assert.Throws<ArgumentException>(() => Start(authorities: false));
        Assert.Contains("'foo' is not known", Assert.Throws<FormatException>(() => Start(ciphers: "foo")).Message, StringComparison.Ordinal);
    }

    private EndPoint Tls => _server!.EndPoints[0];

    private EndPoint Plain => _server!.EndPoints[1];

    private EndPoint Mutual => _server!.EndPoints[2];

    private void Start(
        Action<MemcachedServerOptions>? change = null, TimeSpan? handshakeTimeout = null, string? chain = null, bool authorities = true, string? ciphers = null)
    {
        var anywhere = new IPEndPoint(IPAddress.Loopback, 0);
        var options = new MemcachedServerOptions
        {
            Listeners = { anywhere, new MemcachedListener(anywhere) { Tls = MemcachedTls.Off }, new MemcachedListener(anywhere) { Tls = MemcachedTls.Mutual } },
            Tls = new MemcachedTlsOptions
            {
                CertificateChain = chain ?? _certificates.Chain,
                Key = _certificates.Key,
                ClientAuthorities = authorities ? _certificates.Authorities : null,
                Ciphers = ciphers,
                HandshakeTimeout = handshakeTimeout ?? Eventually.Deadline,
            },
        };
        change?.Invoke(options);
        _server = new MemcachedServer(_engine.Engine, options, NullLogger.Instance);
        _server.Start();
    }

    private async Task<Socket[]> BeginSlowlyAsync()
    {
        Socket[] sockets = await Task.WhenAll(Enumerable.Range(0, Slow).Select(_ => ClientSocket.OpenAsync(Tls)));
        foreach (Socket socket in sockets)
        {
            try
            {
                // The beginning of a client's greeting of 512 bytes.
                await socket.SendAsync(new byte[] { 0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00 }, TestContext.Current.CancellationToken);
            }
            catch (SocketException)
            {
                // It was cut off before.
            }
        }

        return sockets;
    }

    private static async Task<string> AskPlainAsync(EndPoint endPoint, string request)
    {
        using Socket socket = await ClientSocket.OpenAsync(endPoint);
        byte[] buffer = new byte[1000];
        try
        {
            await socket.SendAsync(Encoding.Latin1.GetBytes(request), TestContext.Current.CancellationToken);
            int length = await Eventually.Of(socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken).AsTask(), "an answer or the end");

            // An alert of TLS is no answer.
            return length > 0 && buffer[0] == 0x15 ? "" : Encoding.Latin1.GetString(buffer, 0, length);
        }
        catch (SocketException)
        {
            return "";
        }
    }
}
