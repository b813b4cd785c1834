using System.Text;

namespace LivenessEngine.Fuzz;

/// <summary>The judge is judged first.</summary>
public sealed class ReplyReaderTests
{
    [Theory]
    [InlineData("")]
    [InlineData("STORED\r\nEND\r\n5\r\n")]
    [InlineData("VALUE a 0 3\r\na\r\n\r\nVALUE b 1 0 77\r\n\r\nEND\r\n")]
    [InlineData("CLIENT_ERROR bad command line format\r\n\r\nOK\r\n")]
    [InlineData("key=a exp=-1 la=1 cas=2 fetch=no cls=1 size=50\nEND\r\n")]
    public void These_are_replies(string replies) => Assert.Equal(-1, ReplyReader.FirstError(Encoding.Latin1.GetBytes(replies)));

    [Theory]
    [InlineData("STORED\r\nVALUE a 0 1\r\n1\r\nVALUE b 0 1\r\n1\r\nEND\r\n5\r\n", 3)]
    [InlineData("VA 1 s1\r\n1\r\nMN\r\nSTAT a 1\r\nSTAT b 1\r\nEND\r\nCLIENT_ERROR bad command line format\r\n\r\n", 4)]
    public void So_many_requests_are_answered(string replies, int answered)
    {
        ReplyReader.FirstError(Encoding.Latin1.GetBytes(replies), out int counted);
        Assert.Equal(answered, counted);
    }

    [Theory]
    [InlineData("STORED", 0)]
    [InlineData("STORED\n", 0)]
    [InlineData("END\r\nSTORE\r\n", 5)]
    [InlineData("VALUE a 0 3\r\nab\r\nEND\r\n", 0)]
    [InlineData("VALUE a 0 3\r\nabcd\r\nEND\r\n", 0)]
    [InlineData("VALUE a 0 3\r\nabc", 0)]
    [InlineData("VALUE  0 3\r\nabc\r\n", 0)]
    [InlineData("CLIENT_ERROR \0\r\n", 0)]
    public void These_are_none(string replies, int at) => Assert.Equal(at, ReplyReader.FirstError(Encoding.Latin1.GetBytes(replies)));
}
