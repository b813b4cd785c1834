using System.Net;
using System.Net.Sockets;
using LivenessEngine.Memcached.Transports.Epoll;
using LivenessEngine.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace LivenessEngine.Memcached.Tests.Server.Authentication;

/// <summary>Who said who they are goes on nowhere else: the next process would not know it. Strangers go on as strangers.</summary>
public sealed class AuthenticatedHandOverTests : IAsyncDisposable
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
    public async Task One_that_has_authenticated_is_closed_and_a_stranger_stays_one()
    {
        Assert.SkipUnless(EpollTransport.IsSupported, "only Linux has epoll");
        await File.WriteAllTextAsync(_folder["users"], "user:password\n", TestContext.Current.CancellationToken);
        MemcachedServer first = Serve();
        first.Start();
        using Socket known = await ClientSocket.OpenAsync(first.EndPoints[0]);
        using Socket stranger = await ClientSocket.OpenAsync(first.EndPoints[0]);
        Assert.Equal("STORED\r\n", await AskAsync(known, "set auth 0 0 13\r\nuser password\r\n"));
        Assert.Equal("CLIENT_ERROR unauthenticated\r\n", await AskAsync(stranger, "get a\r\n"));

        IReadOnlyCollection<SafeSocketHandle> handles = await first.HandOverAsync(Eventually.Deadline, Eventually.Deadline);
        MemcachedServer second = Serve();
        second.Adopt(new Socket(Assert.Single(handles)));

        Assert.Equal("", await AskAsync(known, ""));
        Assert.Equal("CLIENT_ERROR unauthenticated\r\n", await AskAsync(stranger, "get a\r\n"));
        Assert.Equal("STORED\r\n", await AskAsync(stranger, "set auth 0 0 13\r\nuser password\r\n"));
    }

    private MemcachedServer Serve()
    {
        var options = new MemcachedServerOptions
        {
            Transport = MemcachedTransport.Epoll,
            AuthenticationFile = _folder["users"],
            Listeners = { new IPEndPoint(IPAddress.Loopback, 0) },
        };
        var server = new MemcachedServer(_engine.Engine, options, NullLogger.Instance);
        _servers.Add(server);
        return server;
    }

    // Empty at the end of the stream.
    private static async Task<string> AskAsync(Socket client, string request)
    {
        client.Send(Bytes.Of(request));
        byte[] reply = new byte[100];
        int length = await Eventually.Of(client.ReceiveAsync(reply, TestContext.Current.CancellationToken).AsTask(), "a reply");
        return System.Text.Encoding.ASCII.GetString(reply, 0, length);
    }
}
