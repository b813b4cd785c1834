using System.Text;
using LivenessEngine.Memcached.Server.Text;
using LivenessEngine.Table;

namespace LivenessEngine.Memcached.Tests.Server.Text;

/// <summary>What it looks at can only be told by how far it has come; that what it finds is right is the wire table's.</summary>
public sealed class LookaheadTests
{
    private readonly Lookahead _lookahead = new(new LivenessTable(new TableOptions { MemoryLimit = 1 << 20 }));

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    [Theory]
    [InlineData("get a\r\nget b c\r\nget d\n", 22)]
    [InlineData("set a 1 0 3\r\nabc\r\nget b\r\n", 25)]
    [InlineData("set a 1 0 3 noreply\r\nabc\r\nset b", 26)]
    [InlineData("get a\r\ndelete b\r\nget c\r\n", 7)]
    [InlineData("get a\r\nget b", 7)]
    [InlineData("mg a\r\nmg b v k\r\nget c\r\nmg d\n", 28)]
    public void It_sees_the_gets_and_sets_that_are_whole(string input, int seen) => Assert.Equal(seen, _lookahead.AtRequests(Bytes(input)));

    [Theory]
    [InlineData("")]
    [InlineData("\r\n")]
    [InlineData("get \r\n")]
    [InlineData("get")]
    [InlineData("mg \r\n")]
    [InlineData("mn\r\n")]
    [InlineData("touch a 0\r\n")]
    [InlineData("set a 1 0 3")]
    public void Where_there_is_nothing_it_goes_on_all_the_same(string input) => Assert.Equal(1, _lookahead.AtRequests(Bytes(input)));

    [Theory]
    [InlineData("set a\r\n")]
    [InlineData("set a 1 0\r\n")]
    [InlineData("set a 1 0 99999999999999999999\r\nx")]
    [InlineData("set a 1 0 -1\r\nx")]
    [InlineData("set a 4294967295 0 2147483647\r\n")]
    public void Whatever_stands_in_a_line_it_comes_to_an_end(string input) => Assert.InRange(_lookahead.AtRequests(Bytes(input)), 1, int.MaxValue);

    [Fact]
    public void It_sees_16_requests_at_once()
    {
        const string Request = "get a\r\n";
        Assert.Equal(16 * Request.Length, _lookahead.AtRequests(Bytes(string.Concat(Enumerable.Repeat(Request, 40)))));
    }

    [Theory]
    [InlineData("a b c\r\n", 6)]
    [InlineData("a b c", 4)]
    [InlineData("a\n", 1)]
    [InlineData("", 1)]
    [InlineData("\r\n", 1)]
    [InlineData("a  b", 2)]
    public void It_sees_the_keys_that_are_whole(string keys, int seen) => Assert.Equal(seen, _lookahead.AtKeys(Bytes(keys)));

    [Fact]
    public void It_sees_16_keys_at_once()
        => Assert.Equal(32, _lookahead.AtKeys(Bytes(string.Concat(Enumerable.Repeat("a ", 40)))));
}
