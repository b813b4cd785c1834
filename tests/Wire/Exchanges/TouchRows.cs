using static LivenessEngine.Wire.Exchanges.Exchange;
using static LivenessEngine.Wire.Exchanges.Texts;

namespace LivenessEngine.Wire.Exchanges;

/// <summary>touch &lt;key&gt; &lt;exptime&gt; [noreply]</summary>
internal static class TouchRows
{
    private const string Touched = "TOUCHED\r\n";

    public static IEnumerable<Exchange> All =>
    [
        Row("touch", SetA + "touch a 100\r\nget a\r\n", Stored + Touched + ValueA + End),
        Row("touch of a missing key", "touch nope 1\r\n", NotFound),
        Row("touch noreply", SetA + "touch a 100 noreply\r\ntouch b 100 noreply\r\nget a\r\n", Stored + ValueA + End),
        Row("touch with an exptime in the past", SetA + "touch a -1\r\nget a\r\n", Stored + Touched + End),
        Row("touch with a word behind", "touch a 10 x\r\n", NotFound),
        Row("white space before a number", "touch a \t0\r\ngat \r5 a\r\nincr a \v1\r\nms a 1 T\f9 F\t7\r\n1\r\nmg a f t\r\n", NotFound + End + NotFound + "HD\r\nHD f7 t9\r\n"),
        Row("touch without arguments", "touch\r\n", BadFormat).Older(Error),
        Row("touch without an exptime", "touch a\r\n", BadFormat).Older(Error),
        Row("touch with an exptime that is no number", "touch a x\r\n", InvalidExptime),
        Row("touch with an exptime of a digit and letters", "touch a 1x\r\n", InvalidExptime),
        Row("touch noreply with an exptime that is no number", "touch a x noreply\r\n", ""),
        Row("touch with noreply for an exptime", "touch a noreply\r\n", "")
            .Ours(InvalidExptime, "the word is where the exptime belongs; saying nothing would leave the client waiting"),
        Row("touch of the longest key", $"touch {LongestKey} 1\r\n", NotFound),
        Row("touch of a key that is too long", $"touch {TooLongKey} 1\r\n", BadFormat),
        Row("touch ended by a bare LF", SetA + "touch a 1\n", Stored + Touched),
    ];
}
