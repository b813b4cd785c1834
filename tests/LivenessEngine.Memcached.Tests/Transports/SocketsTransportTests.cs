using System.Net;
using System.Net.Sockets;
using LivenessEngine.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace LivenessEngine.Memcached.Tests.Transports;

/// <summary>What only real sockets have: addresses, files, rights, and clients that are not on our thread.</summary>
public sealed class SocketsTransportTests : IAsyncDisposable
{
    private readonly TestEngine _engine = new();
    private readonly TemporaryFolder _folder = new();
    private readonly List<MemcachedServer> _servers = [];

    public async ValueTask DisposeAsync()
    {
        foreach (MemcachedServer server in _servers)
        {
            await server.DisposeAsync();
        }

        await _engine.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Port_0_is_told_as_the_port_that_it_became()
    {
        MemcachedServer server = Start(new IPEndPoint(IPAddress.Loopback, 0), new IPEndPoint(IPAddress.IPv6Loopback, 0));

        Assert.Equal(2, server.EndPoints.Count);
        foreach (IPEndPoint endPoint in server.EndPoints.Cast<IPEndPoint>())
        {
            Assert.NotEqual(0, endPoint.Port);
            Assert.Equal("VERSION 1.6.45", await AskAsync(endPoint, "version"));
        }
    }

    [Fact]
    public void A_port_that_is_taken_is_an_error()
    {
        EndPoint taken = Start(new IPEndPoint(IPAddress.Loopback, 0)).EndPoints[0];

        var error = Assert.Throws<SocketException>(() => Start(taken));

        Assert.Equal(SocketError.AddressAlreadyInUse, error.SocketErrorCode);
    }

    [Fact]
    public void An_address_that_is_not_ours_is_an_error()
        => Assert.Throws<SocketException>(() => Start(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0)));

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)]
    public async Task A_unix_socket_has_the_rights_that_were_asked_for(UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("a socket has no such rights on Windows");
            return;
        }

        var endPoint = new UnixDomainSocketEndPoint(_folder["socket"]);

        Start(new MemcachedServerOptions { UnixSocketMode = mode, Listeners = { endPoint } });

        Assert.Equal(mode, File.GetUnixFileMode(_folder["socket"]));
        Assert.Equal("VERSION 1.6.45", await AskAsync(endPoint, "version"));
    }

    [Fact]
    public async Task A_unix_socket_goes_with_the_server()
    {
        MemcachedServer server = Start(new UnixDomainSocketEndPoint(_folder["socket"]));
        Assert.True(File.Exists(_folder["socket"]));

        await server.StopAsync(TestContext.Current.CancellationToken);

        Assert.False(File.Exists(_folder["socket"]));
    }

    [Fact]
    public async Task A_unix_socket_that_somebody_listens_on_is_an_error_and_stays_theirs()
    {
        var endPoint = new UnixDomainSocketEndPoint(_folder["socket"]);
        Start(endPoint);

        var error = Assert.Throws<SocketException>(() => Start(endPoint));

        Assert.Equal(SocketError.AddressAlreadyInUse, error.SocketErrorCode);
        Assert.Equal("VERSION 1.6.45", await AskAsync(endPoint, "version"));
    }

    [Fact]
    public async Task A_unix_socket_that_was_left_over_is_replaced()
    {
        LeaveSocket("socket");
        var endPoint = new UnixDomainSocketEndPoint(_folder["socket"]);

        Start(endPoint);

        Assert.Equal("VERSION 1.6.45", await AskAsync(endPoint, "version"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("precious")]
    public void A_file_that_is_no_socket_is_an_error_and_stays(string content)
    {
        File.WriteAllText(_folder["file"], content);

        var error = Assert.Throws<SocketException>(() => Start(new UnixDomainSocketEndPoint(_folder["file"])));

        Assert.Equal(SocketError.AddressAlreadyInUse, error.SocketErrorCode);
        Assert.Equal(content, File.ReadAllText(_folder["file"]));
    }

    [Fact]
    public void A_folder_in_place_of_a_socket_is_an_error()
    {
        Directory.CreateDirectory(_folder["folder"]);

        var error = Assert.Throws<SocketException>(() => Start(new UnixDomainSocketEndPoint(_folder["folder"])));

        Assert.Equal(SocketError.AddressAlreadyInUse, error.SocketErrorCode);
    }

    [Fact]
    public void A_path_that_cannot_be_is_named()
    {
        string path = _folder["nowhere/socket"];

        var error = Assert.Throws<DirectoryNotFoundException>(() => Start(new UnixDomainSocketEndPoint(path)));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replies_of_any_size_arrive_over_a_socket_without_a_further_request()
    {
        const int Members = 20_000;
        EndPoint endPoint = Start(new IPEndPoint(IPAddress.Loopback, 0)).EndPoints[0];
        using Socket socket = await ConnectAsync(endPoint);
        string beats = string.Concat(Enumerable.Range(0, Members).Select(i => $"set compute:host{i} 0 0 1 noreply\r\n1\r\n"));
        await socket.SendAsync(Bytes.Of(beats + "stats liveness\r\n"), TestContext.Current.CancellationToken);

        using var reader = new StreamReader(new NetworkStream(socket));
        int lines = 0;
        while (await Eventually.Of(reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask(), "a line") is { } line && line != "END")
        {
            lines++;
        }

        Assert.Equal(Members, lines);
    }

    [Fact]
    public async Task A_stop_closes_the_clients()
    {
        MemcachedServer server = Start(new IPEndPoint(IPAddress.Loopback, 0));
        using Socket socket = await ConnectAsync(server.EndPoints[0]);
        await socket.SendAsync("version\r\nset a 0 0 5\r\nab"u8.ToArray(), TestContext.Current.CancellationToken);
        byte[] reply = new byte[100];
        await Eventually.Of(socket.ReceiveAsync(reply, SocketFlags.None), "an answer");

        await Eventually.Done(server.StopAsync(TestContext.Current.CancellationToken), "the server stops");

        Assert.Equal(0, await Eventually.Of(socket.ReceiveAsync(reply, SocketFlags.None), "the end"));
        await Assert.ThrowsAsync<SocketException>(async () => (await ConnectAsync(server.EndPoints[0])).Dispose());
    }

    private MemcachedServer Start(params ReadOnlySpan<EndPoint> endPoints)
    {
        var options = new MemcachedServerOptions();
        foreach (EndPoint endPoint in endPoints)
        {
            options.Listeners.Add(endPoint);
        }

        return Start(options);
    }

    private MemcachedServer Start(MemcachedServerOptions options)
    {
        var server = new MemcachedServer(_engine.Engine, options, NullLogger.Instance);
        _servers.Add(server);
        server.Start();
        return server;
    }

    // As a process leaves it that was killed. Under its own name the runtime would take it away.
    private void LeaveSocket(string name)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_folder["bound"]));
        socket.Listen();
        File.Move(_folder["bound"], _folder[name]);
    }

    private static async Task<Socket> ConnectAsync(EndPoint endPoint)
    {
        var socket = new Socket(
            endPoint.AddressFamily, SocketType.Stream, endPoint is UnixDomainSocketEndPoint ? ProtocolType.Unspecified : ProtocolType.Tcp);
        await Eventually.Done(socket.ConnectAsync(endPoint), "a connection");
        return socket;
    }

    private static async Task<string> AskAsync(EndPoint endPoint, string request)
    {
        using Socket socket = await ConnectAsync(endPoint);
        await socket.SendAsync(Bytes.Of(request + "\r\n"), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(new NetworkStream(socket));
        return await Eventually.Of(reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask(), "an answer") ?? "";
    }
}
