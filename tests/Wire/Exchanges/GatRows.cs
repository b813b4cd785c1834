using static LivenessEngine.Wire.Exchanges.Exchange;
using static LivenessEngine.Wire.Exchanges.Texts;

namespace LivenessEngine.Wire.Exchanges;

/// <summary>gat &lt;exptime&gt; &lt;key&gt;*, gats &lt;exptime&gt; &lt;key&gt;*</summary>
internal static class GatRows
{
    private static readonly string ManyMisses = string.Concat(Enumerable.Repeat(" miss", 1000));

    public static IEnumerable<Exchange> All =>
    [
        Row("gat of a missing key", "gat 10 a\r\n", End),
        Row("gat of a present key", SetA + "gat 10 a\r\n", Stored + ValueA + End),
        Row("gat of several keys, repeats and misses", SetA + "gat 0 b a c a\r\n", Stored + ValueA + ValueA + End),
        Row("gats shows a version", SetA + "gats 10 a b\r\n", Stored + "VALUE a 0 1 {n}\r\n1\r\n" + End),
        Row("gat leaves the version as it is", SetA + "gets a\r\n", Stored + "VALUE a 0 1 {n:version}\r\n1\r\n" + End)
            .Then("gat 100 a\r\ncas a 0 0 1 {version}\r\n2\r\n", ValueA + End + Stored),
        Row("gat with an exptime in the past shows the value for the last time", SetA + "gat -1 a\r\nget a\r\n", Stored + ValueA + End + End),
        Row("gats of a missing key", "gats 10 nope\r\n", End),
        Row("gat without arguments", "gat\r\n", BadFormat).Older(Error),
        Row("gats without arguments", "gats\r\n", BadFormat).Older(Error),
        Row("gat without a key", "gat 10\r\n", BadFormat).Older(End),
        Row("gats without a key", "gats 10\r\n", BadFormat).Older(End),
        Row("gat with an exptime that is no number", "gat x a\r\n", InvalidExptime),
        Row("gats with an exptime that is no number", "gats 1x a\r\n", InvalidExptime),
        Row("gat of the longest key", $"set {LongestKey} 0 0 1\r\n1\r\ngat 10 {LongestKey}\r\n", $"{Stored}VALUE {LongestKey} 0 1\r\n1\r\n{End}"),
        Row("gat of a key that is too long", $"gat 10 {TooLongKey}\r\n", BadFormat + "\r\n").Older(BadFormat),
        Row("gat ended by a bare LF", SetA + "gat 10 a\n", Stored + ValueA + End),
        Row("gat of a thousand keys", SetA + $"gat 10 a{ManyMisses} a\r\n", Stored + ValueA + ValueA + End)
            .InOnePiece("only get and gets may be longer than 2048 bytes before they end"),
    ];
}
