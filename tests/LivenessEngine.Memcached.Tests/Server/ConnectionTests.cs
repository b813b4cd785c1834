using System.Net;
using System.Net.Sockets;
using LivenessEngine.Memcached.Server;
using LivenessEngine.Memcached.Server.Text;
using LivenessEngine.Table;
using LivenessEngine.Testing;

namespace LivenessEngine.Memcached.Tests.Server;

public sealed class ConnectionTests : IAsyncDisposable
{
    private const string Version = "VERSION 1.6.45\r\n";

    private readonly MemoryServer _server = new();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("s")]
    [InlineData("set a 0 0 5")]
    [InlineData("set a 0 0 5\r")]
    [InlineData("set a 0 0 5\r\n")]
    [InlineData("set a 0 0 5\r\nab")]
    [InlineData("set a 0 0 5\r\nabcde")]
    [InlineData("set a 0 0 5\r\nabcde\r")]
    [InlineData("set compute:host 0 0 5\r\nabcde")]
    [InlineData("set a 0 0 50000\r\nabcde")]
    public void Half_a_request_does_nothing(string half)
    {
        MemoryConnection client = _server.Connect();
        Assert.Equal("", client.Ask(half));
        client.EndRequests();

        Assert.True(client.Served.IsCompletedSuccessfully);
        Assert.Equal("", Bytes.ToText(client.TakeReplies()));
        Assert.Equal("END\r\nEND\r\n", _server.Ask("get a compute:host\r\nstats liveness\r\n"));
        Assert.Equal("0", _server.Stat("curr_items"));
        Assert.Equal("0", _server.Stat("bytes"));
    }

    [Fact]
    public void Half_a_value_leaves_the_old_one()
    {
        _server.Ask("set a 7 0 3\r\nold\r\n");
        MemoryConnection client = _server.Connect();
        client.Ask("set a 0 0 3\r\nne");
        Assert.Equal("VALUE a 7 3\r\nold\r\nEND\r\n", _server.Ask("get a\r\n"));
        client.EndRequests();

        Assert.Equal("VALUE a 7 3\r\nold\r\nEND\r\n", _server.Ask("get a\r\n"));
    }

    [Theory]
    [InlineData(900_000)]
    [InlineData(5_000_000)]
    public async Task The_memory_of_half_values_is_given_back(int length)
    {
        await using var server = new MemoryServer(table: new TableOptions { MemoryLimit = 16 << 20, Evict = false });
        byte[] half = Bytes.Of($"set a 0 0 {length}\r\n{new string('x', 800_000)}");
        for (int i = 0; i < 100; i++)
        {
            MemoryConnection client = server.Connect();
            client.Send(half);
            client.EndRequests();
            Assert.True(client.Served.IsCompletedSuccessfully);
        }

        string value = new('y', 900_000);
        Assert.Equal($"STORED\r\nVALUE a 0 900000\r\n{value}\r\nEND\r\n", server.Ask($"set a 0 0 900000\r\n{value}\r\nget a\r\n"));
    }

    [Fact]
    public void Its_first_byte_is_one_like_another_later()
    {
        MemoryConnection client = _server.Connect();

        Assert.Equal(Version, client.Ask("version\r\n"));
        Assert.Equal("ERROR\r\n", client.Ask("\u0080abc\r\n"));
        Assert.Equal("STORED\r\nVALUE \u0080 0 1\r\n1\r\nEND\r\n", client.Ask("set \u0080 0 0 1\r\n1\r\nget \u0080\r\n"));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("\u0000")]
    [InlineData("\u00ff")]
    [InlineData("set ")]
    [InlineData("          ")]
    public void A_line_without_an_end_is_closed_and_nobody_else(string part)
    {
        MemoryConnection other = _server.Connect();
        other.Ask("set a 0 0 5\r\nab");
        MemoryConnection client = _server.Connect();
        for (int sent = 0; sent <= TextSession.MaxPartialLine; sent += part.Length)
        {
            Assert.False(client.Served.IsCompleted);
            client.Send(Bytes.Of(part));
        }

        Assert.True(client.Served.IsCompletedSuccessfully);
        Assert.Equal("STORED\r\nVALUE a 0 5\r\nabcde\r\nEND\r\n", other.Ask("cde\r\nget a\r\n"));
    }

    [Fact]
    public void A_get_without_an_end_goes_on_and_takes_no_memory()
    {
        MemoryConnection client = _server.Connect();
        client.Ask("set a 0 0 1\r\n1\r\nget");
        string keys = string.Concat(Enumerable.Repeat(" miss", 400)) + " a";
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(i == 0 ? "" : "VALUE a 0 1\r\n1\r\n", client.Ask(keys));
        }

        Assert.Equal("VALUE a 0 1\r\n1\r\nEND\r\n", client.Ask("\r\n"));
        Assert.Equal("40100", _server.Stat("cmd_get"));
    }

    [Fact]
    public void It_is_described_as_what_it_is()
    {
        MemoryConnection client = _server.Connect();
        _server.Pass(5);

        string reply = _server.Ask("stats conns\r\n");

        Assert.Contains("STAT 2:addr unknown\r\nSTAT 2:listen_addr unknown\r\nSTAT 2:state conn_new_cmd\r\nSTAT 2:secs_since_last_cmd 5\r\n", reply, StringComparison.Ordinal);
        Assert.Contains("STAT 3:secs_since_last_cmd 0\r\n", reply, StringComparison.Ordinal);
        Assert.False(client.Served.IsCompleted);
    }

    [Theory]
    [InlineData("tcp:127.0.0.1:11211", "127.0.0.1")]
    [InlineData("tcp6:[::1]:11211", "::1")]
    public void Addresses_are_named_as_memcached_names_them(string name, string address)
        => Assert.Equal(name, Connection.NameOf(new IPEndPoint(IPAddress.Parse(address), 11211), null));

    [Fact]
    public void A_client_of_a_unix_socket_has_the_name_of_the_socket()
        => Assert.Equal("unix:a.sock", Connection.NameOf(null, new UnixDomainSocketEndPoint("a.sock")));

    [Theory]
    [InlineData("set a 0 0 5\r\nab")]
    [InlineData("set a 0 0 50000\r\nab")]
    [InlineData("set a 0 0 5000000\r\nab")]
    [InlineData("get a a")]
    [InlineData("foo x\r\nbar")]
    [InlineData("\u0080")]
    [InlineData("quit\r\n")]
    [InlineData("watch liveness\r\n")]
    public async Task The_next_client_of_a_pooled_connection_finds_nothing_of_the_last(string left)
    {
        MemoryConnection last = _server.Connect();
        last.Ask(left);
        last.EndRequests();
        await Eventually.Done(last.Served, "the first client is gone");

        MemoryConnection next = _server.Connect();

        Assert.Equal(Version, next.Ask("version\r\n"));
        Assert.Contains("STAT 3:state conn_new_cmd\r\n", next.Ask("stats conns\r\n"), StringComparison.Ordinal);
        Assert.Equal("", next.Ask("set b 0 0 1\r\n1"));
        Assert.Equal("STORED\r\nVALUE b 0 1\r\n1\r\nEND\r\n", next.Ask("\r\nget b a\r\n"));
    }

    [Fact]
    public void Nor_what_of_a_large_value_was_not_sent()
    {
        _server.Ask($"set a 0 0 500000\r\n{new string('x', 500_000)}\r\n");
        MemoryConnection last = _server.Connect(new MemoryConnection(maxUnread: 1000));
        last.Send("get a\r\n"u8);
        last.Abort();
        Assert.True(last.Served.IsCompletedSuccessfully);

        Assert.Equal(Version, _server.Ask("version\r\n"));
    }

    [Fact]
    public async Task Requests_that_are_cut_by_segments_are_put_together()
    {
        // What lies in one segment after another is what the pipe never makes; the reader is scripted.
        var input = new ScriptedReader();
        MemoryConnection client = _server.Connect(new MemoryConnection(input: input));
        string value = new('v', 100);
        byte[] requests = Bytes.Of($"set a 0 0 100\r\n{value}\r\nget a b\r\nincr a 1\r\n");

        input.Feed([.. requests.Chunk(3)]);

        Assert.Equal(
            $"STORED\r\nVALUE a 0 100\r\n{value}\r\nEND\r\nCLIENT_ERROR cannot increment or decrement non-numeric value\r\n",
            Bytes.ToText(client.TakeReplies()));
        input.End();
        await Eventually.Done(client.Served, "the connection ends");
    }
}
