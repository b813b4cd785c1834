using LivenessEngine.Testing;

namespace LivenessEngine.Memcached.Tests.Server.Authentication;

/// <summary>Whose the authenticated state is. What is answered stands in the table of exchanges.</summary>
public sealed class HandshakeSessionTests : IAsyncDisposable
{
    private const string User = "set x 0 0 9\r\nuser pass\r\n";
    private const string Stranger = "CLIENT_ERROR unauthenticated\r\n";

    private readonly TemporaryFolder _folder = new();
    private readonly MemoryServer _server;

    public HandshakeSessionTests()
    {
        File.WriteAllText(_folder["users"], "user:pass\n");
        _server = new MemoryServer(new MemcachedServerOptions { AuthenticationFile = _folder["users"] });
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public void It_ends_with_the_connection_and_is_nobody_elses()
    {
        MemoryConnection other = _server.Connect();
        for (int i = 0; i < 5; i++)
        {
            MemoryConnection client = _server.Connect();
            Assert.Equal(Stranger, client.Ask("get compute:host\r\n"));
            Assert.Equal("STORED\r\n", client.Ask(User));
            Assert.Equal("END\r\n", client.Ask("get compute:host\r\n"));
            Assert.Equal(Stranger, other.Ask("get compute:host\r\n"));
            client.EndRequests();
            Assert.True(client.Served.IsCompletedSuccessfully);
        }
    }

    [Theory]
    [InlineData("set x 0 0 9\r\nuser pas")]
    [InlineData("set x 0 0 100000\r\nuser pass\r\n")]
    public void Half_a_handshake_is_nobody_elses(string half)
    {
        MemoryConnection client = _server.Connect();
        Assert.Equal("", client.Ask(half));
        client.EndRequests();
        Assert.True(client.Served.IsCompletedSuccessfully);

        Assert.Equal(Stranger, _server.Connect().Ask("s\r\n"));
    }

    [Fact]
    public void A_strangers_heartbeats_are_not_heard()
    {
        Assert.Equal(Stranger + Stranger, _server.Connect().Ask("add compute:host 0 0 1\r\n1\r\n"));
        Assert.Empty(_server.Engine.Members(null));
    }

    [Fact]
    public void The_file_is_read_again_by_command_and_those_who_are_in_stay_in()
    {
        MemoryConnection client = _server.Connect();
        client.Ask(User);
        File.WriteAllText(_folder["users"], "user:next\n");
        Assert.Equal("OK\r\n", client.Ask("refresh_certs\r\n"));
        Assert.Equal("CLIENT_ERROR authentication failure\r\n", _server.Connect().Ask(User));
        Assert.Equal("STORED\r\n", _server.Connect().Ask("set x 0 0 9\r\nuser next\r\n"));
        File.WriteAllText(_folder["users"], "nonsense");

        Assert.Equal($"authentication file {_folder["users"]}, line 1: there is no ':'; it takes user:password\r\n", client.Ask("refresh_certs\r\n"));
        Assert.Equal("STORED\r\n", _server.Connect().Ask("set x 0 0 9\r\nuser next\r\n"));
    }

    [Fact]
    public void A_long_line_is_not_held_until_its_block_comes()
    {
        MemoryConnection client = _server.Connect();
        client.Send(Bytes.Of($"set x 0 0 9 {new string('x', 2100)}\r\n"));
        Assert.True(client.Served.IsCompletedSuccessfully);
    }
}
