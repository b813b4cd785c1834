using static LivenessEngine.Wire.Exchanges.Exchange;
using static LivenessEngine.Wire.Exchanges.Texts;

namespace LivenessEngine.Wire.Exchanges;

/// <summary>Lines that are no command, and lines that do not end.</summary>
internal static class LineRows
{
    private const string AnswersFirst = "memcached throws away the replies to the requests that came in the same read";
    private const string Version = "VERSION {word}\r\n";

    public static IEnumerable<Exchange> All =>
    [
        Row("an empty line", "\r\n", BadFormat).Older(Error),
        Row("a bare LF", "\n", BadFormat).Older(Error),
        Row("two bare LFs", "\n\n", BadFormat + BadFormat).Older(Error + Error),
        Row("a line of one space", " \r\n", BadFormat).Older(Error),
        Row("a line of one letter", "a\r\n", BadFormat).Older(Error),
        Row("a line of one zero byte", "\u0000\r\n", BadFormat).Older(Error),
        Row("a line of two letters", "ab\r\n", Error),
        Row("an unknown command", "foo\r\n", Error),
        Row("an unknown command with arguments", "foo bar baz\r\n", Error),
        Row("an unknown command, and it goes on", "foo\r\nversion\r\nbar\r\nversion\r\n", Error + Version + Error + Version),
        Row("the beginning of a command", "se a 0 0 1\r\n", Error),
        Row("more than a command", "sets a 0 0 1\r\n", Error),
        Row("a command in capitals", "SET a 0 0 1\r\n", Error),
        Row("a line of zero bytes", "\u0000\u0000\u0000\u0000\r\n", Error),
        Row("a line of 8-bit characters", "\u00ff\u00fe\u00fd\u00fc\r\n", Error),
        Row("debugtime", "debugtime 1\r\n", Error),
        Row("misbehave", "misbehave\r\n", Error),
        Row("lru alone", "lru\r\n", Error),
        Row("lru mode of another kind", "lru mode foo\r\n", Error),
        Row("slabs alone", "slabs\r\n", Error),
        Row("watch of another kind", "watch foo\r\n", Error),
        Row("a line of 0x80 that is not the first", "version\r\n\u0080abc\r\n", Version + Error)
            .InOnePiece("a connection is what its first read begins with, at memcached too"),

        Row("a request of HTTP", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "").Closed()
            .InOnePiece("nobody reads a second piece"),
        Row("a request of HTTP behind a request", "version\r\nPOST /x HTTP/1.0\r\n", "").Ours(Version, AnswersFirst).Closed(),
        Row("a get of a key that is called HTTP", "get HTTP/1.1\r\n", End),
        Row("HTTP that is not the last word", "foo HTTP/1.1 bar\r\n", Error),

        Row("a line of two thousand bytes", new string('x', 2000) + "\r\n", Error),
        Row("a line of two thousand bytes that has not ended", new string('x', 2048), "").Unfinished(),
        Row("a line that does not end", new string('x', 2049), "").Closed().InOnePiece("one byte less is still waited for"),
        Row("a request behind which a line does not end", "version\r\n" + new string('x', 3000), "").Ours(Version, AnswersFirst).Closed().InOnePiece("one byte less is still waited for"),
        Row("a set line that does not end", "set " + new string('x', 3000), "").Closed().InOnePiece("one byte less is still waited for"),
        Row("a gat line that does not end", "gat 10" + string.Concat(Enumerable.Repeat(" miss", 1000)), "").Closed().InOnePiece("one byte less is still waited for"),
        Row("a get behind more than a hundred spaces that does not end", new string(' ', 101) + "get" + string.Concat(Enumerable.Repeat(" miss", 1000)), "").Closed().InOnePiece("one byte less is still waited for"),
        Row("a long line that comes with its end", new string('x', 5000) + "\r\n", Error).InOnePiece("without its end it would be one that does not end"),
    ];
}
