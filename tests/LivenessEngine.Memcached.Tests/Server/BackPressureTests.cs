using System.IO.Pipelines;
using System.Text;
using LivenessEngine.Memcached.Server;
using LivenessEngine.Testing;

namespace LivenessEngine.Memcached.Tests.Server;

/// <summary>A client that sends and does not read holds up itself, and neither memory nor anybody else.</summary>
public sealed class BackPressureTests : IAsyncDisposable
{
    private const int MaxUnread = 64 << 10;
    private const int LargestReply = 33 << 10;

    // What waits in the pipe, and what a session writes before it looks whether the pipe is full.
    private const int Bound = MaxUnread + Session.FlushThreshold + LargestReply;

    private static readonly string Large = string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{i:D6}."));

    private readonly MemoryServer _server = new();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public void A_million_gets_of_a_client_that_never_reads_wait_in_its_own_pipe()
    {
        _server.Ask("set a 0 0 3\r\none\r\n");
        MemoryConnection client = _server.Connect(new MemoryConnection(MaxUnread));
        byte[] thousand = Bytes.Of(string.Concat(Enumerable.Repeat("get a\r\n", 1000)));
        for (int i = 0; i < 1000; i++)
        {
            client.Send(thousand);
        }

        Assert.InRange(Unread(client), MaxUnread, Bound);
        Assert.True(Number("get_hits") < Bound / "VALUE a 0 3\r\none\r\nEND\r\n".Length);
        Assert.Equal("STORED\r\n", _server.Ask("set b 0 0 3\r\ntwo\r\n"));

        client.Abort();
        Assert.True(client.Served.IsCompletedSuccessfully);
        Assert.Equal(0, _server.Server.Context.Connections.Count);
    }

    [Fact]
    public void What_it_did_not_read_arrives_whole_and_in_order_when_it_reads_again()
    {
        const int Count = 50_000;
        _server.Ask("set n 0 0 1\r\n0\r\nset a 0 0 3\r\none\r\n");
        MemoryConnection client = _server.Connect(new MemoryConnection(MaxUnread));
        client.Send(Bytes.Of(string.Concat(Enumerable.Repeat("incr n 1\r\nget a\r\n", Count))));
        Assert.InRange(Unread(client), MaxUnread, Bound);
        Assert.Equal("STORED\r\n", _server.Ask("set a 0 0 3\r\ntwo\r\n"));

        var expected = new StringBuilder();
        string replies = Bytes.ToText(client.TakeReplies());
        int changed = replies.IndexOf("two", StringComparison.Ordinal);
        for (int i = 1; i <= Count; i++)
        {
            expected.Append(i).Append("\r\nVALUE a 0 3\r\n").Append(expected.Length < changed ? "one" : "two").Append("\r\nEND\r\n");
        }

        Assert.True(changed > 0, "requests were answered before their replies had room");
        Assert.True(expected.ToString() == replies, "the replies differ");
    }

    [Fact]
    public void A_large_value_that_is_read_slowly_stays_what_it_was_and_waits_in_the_table()
    {
        _server.Ask($"set a 0 0 {Large.Length}\r\n{Large}\r\n");
        MemoryConnection client = _server.Connect(new MemoryConnection(MaxUnread));
        client.Send(Bytes.Of("get a\r\nget a\r\n"));
        Assert.InRange(Unread(client), MaxUnread, Bound);

        Assert.Equal("STORED\r\nDELETED\r\nSTORED\r\n", _server.Ask("set a 0 0 3\r\none\r\ndelete a\r\nset a 0 0 3\r\ntwo\r\n"));

        Assert.Equal($"VALUE a 0 {Large.Length}\r\n{Large}\r\nEND\r\nVALUE a 0 3\r\ntwo\r\nEND\r\n", Bytes.ToText(client.TakeReplies()));
    }

    [Fact]
    public void A_get_of_many_large_values_is_bounded_too()
    {
        _server.Ask($"set a 0 0 {Large.Length}\r\n{Large}\r\nset b 0 0 3\r\none\r\n");
        MemoryConnection client = _server.Connect(new MemoryConnection(MaxUnread));
        client.Send(Bytes.Of($"get{string.Concat(Enumerable.Repeat(" a b", 100))}\r\n"));

        Assert.InRange(Unread(client), MaxUnread, Bound);

        string one = $"VALUE a 0 {Large.Length}\r\n{Large}\r\nVALUE b 0 3\r\none\r\n";
        string replies = Bytes.ToText(client.TakeReplies());
        Assert.Equal((100 * one.Length) + 5, replies.Length);
        Assert.True(Enumerable.Range(0, 100).All(i => replies.AsSpan(i * one.Length, one.Length).SequenceEqual(one)));
    }

    [Theory]
    [InlineData("stats liveness\r\n")]
    [InlineData("lru_crawler metadump all\r\n")]
    public void A_long_list_is_bounded_too(string request)
    {
        const int Members = 20_000;
        _server.Connect().Send(Bytes.Of(string.Concat(Enumerable.Range(0, Members).Select(i => $"set compute:host{i} 0 0 1 noreply\r\n1\r\n"))));
        MemoryConnection client = _server.Connect(new MemoryConnection(MaxUnread));
        client.Send(Bytes.Of(request));
        Assert.InRange(Unread(client), MaxUnread, Bound);
        Assert.Equal("STORED\r\n", _server.Ask("set compute:another 0 0 1\r\n1\r\n"));

        string[] lines = Bytes.ToText(client.TakeReplies()).Split('\n');
        Assert.Equal(Members, lines.Count(line => line.Replace("%3A", ":", StringComparison.Ordinal).Contains("compute:host", StringComparison.Ordinal)));
        Assert.Equal("END\r", lines[^2]);
    }

    [Fact]
    public void A_value_that_is_held_by_a_client_who_goes_is_given_back()
    {
        _server.Ask($"set a 0 0 {Large.Length}\r\n{Large}\r\n");
        for (int i = 0; i < 200; i++)
        {
            MemoryConnection client = _server.Connect(new MemoryConnection(MaxUnread));
            client.Send(Bytes.Of("get a\r\n"));
            Assert.Equal("STORED\r\n", _server.Ask($"set a 0 0 {Large.Length}\r\n{Large}\r\n"));
            client.Abort();
            Assert.True(client.Served.IsCompletedSuccessfully);
        }

        Assert.Equal("0", _server.Stat("evictions"));
        Assert.Equal("1", _server.Stat("curr_items"));
    }

    // What waits for the client, without taking it.
    private static long Unread(MemoryConnection client)
    {
        Assert.True(client.Replies.TryRead(out ReadResult read));
        long length = read.Buffer.Length;
        client.Replies.AdvanceTo(read.Buffer.Start, read.Buffer.Start);
        return length;
    }

    private long Number(string stat) => long.Parse(_server.Stat(stat)!, System.Globalization.CultureInfo.InvariantCulture);
}
