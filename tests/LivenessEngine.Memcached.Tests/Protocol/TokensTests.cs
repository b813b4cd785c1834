using LivenessEngine.Memcached.Protocol;

namespace LivenessEngine.Memcached.Tests.Protocol;

public sealed class TokensTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData(" ", 0)]
    [InlineData("a", 1)]
    [InlineData("  a  ", 1)]
    [InlineData("a b", 2)]
    [InlineData("a  b   c ", 3)]
    [InlineData("a\tb", 1)]
    public void Words_stand_between_spaces_and_nothing_else(string line, int count)
    {
        var words = new Tokens(Bytes.Of(line));

        Assert.Equal(count, words.Count());
        foreach (string word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.Equal(word, Bytes.ToText(words.Next()));
        }

        Assert.True(words.Next().IsEmpty);
        Assert.True(words.Next().IsEmpty);
    }

    [Fact]
    public void The_rest_begins_behind_the_space_that_ended_a_word()
    {
        var words = new Tokens("a  b c"u8);
        words.Next();

        Assert.Equal(" b c", Bytes.ToText(words.Rest));
    }

    [Fact]
    public void Counting_takes_no_word()
    {
        var words = new Tokens("a b"u8);
        words.Count();

        Assert.Equal("a", Bytes.ToText(words.Next()));
    }
}
