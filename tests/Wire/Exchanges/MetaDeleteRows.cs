using static LivenessEngine.Wire.Exchanges.Exchange;
using static LivenessEngine.Wire.Exchanges.Texts;

namespace LivenessEngine.Wire.Exchanges;

/// <summary>md &lt;key&gt; &lt;flags&gt;*</summary>
internal static class MetaDeleteRows
{
    private const string Version = "ms a 1 c\r\n1\r\n";
    private const string GotVersion = "HD c{n:version}\r\n";
    private const string Either = "CLIENT_ERROR invalid or duplicate flag\r\n";

    public static IEnumerable<Exchange> All =>
    [
        Row("md", SetA + "md a\r\nmg a\r\nmd a\r\n", Stored + "HD\r\nEN\r\nNF\r\n"),
        Row("md has key and opaque", SetA + "md a Ox k\r\nmd a k Ox\r\n", Stored + "HD Ox ka\r\nNF ka Ox\r\n"),
        Row("md in quiet", SetA + "md a C18446744073709551615 q\r\nmd a q k\r\nmd a q k\r\nmn\r\n", Stored + "EX\r\nNF ka\r\nMN\r\n"),
        Row("md with the right version", Version, GotVersion).Then("md a C{version}\r\nmg a\r\n", "HD\r\nEN\r\n"),
        Row("md with another version", Version + "md a C18446744073709551615 k\r\nmd a C0\r\nmg a\r\nmd nope C1\r\n", "HD c{n}\r\nEX ka\r\nEX\r\nHD\r\nNF\r\n"),
        Row("md that marks stale", SetA + "md a I\r\nmg a v\r\nmg a v\r\nget a\r\n", Stored + "HD\r\nVA 1 X W\r\n1\r\nVA 1 Z X\r\n1\r\n" + ValueA + End),
        Row("md that marks stale again lets another win", SetA + "md a I\r\nmg a\r\nmg a\r\nmd a I\r\nmg a\r\nmg a\r\n", Stored + "HD\r\nHD X W\r\nHD Z X\r\nHD\r\nHD X W\r\nHD Z X\r\n"),
        Row("md that marks stale gives a new version", Version, GotVersion).Then("md a I C{version}\r\nmd a I C{version}\r\nms a 1 C{version}\r\n2\r\n", "HD\r\nEX\r\nEX\r\n"),
        Row("md that marks stale with an exptime", "ms a 1 T90\r\n1\r\nmd a I T30\r\nmg a t u\r\nmd a I\r\nmg a t u\r\n", "HD\r\nHD\r\nHD t30 X W\r\nHD\r\nHD t30 X W\r\n"),
        Row("md with an exptime alone deletes", SetA + "md a T30\r\nmg a\r\n", Stored + "HD\r\nEN\r\n"),
        Row("md that marks a missing key stale", "md nope I\r\nmd nope I q k\r\n", "NF\r\nNF knope\r\n"),
        Row("md that marks stale in quiet", SetA + "md a I q\r\nmg a\r\n", Stored + "HD X W\r\n"),
        Row("md that marks a value of many blocks stale", $"ms a 900000\r\n{Bytes(900_000)}\r\nmd a I\r\nmg a v\r\nmg a s\r\n", $"HD\r\nHD\r\nVA 900000 X W\r\n{Bytes(900_000)}\r\nHD s900000 Z X\r\n"),
        Row("md that takes the value away", "ms a 3 F7 T30\r\nabc\r\nmd a x\r\nmg a v s f t\r\nget a\r\n", "HD\r\nHD\r\nVA 0 s0 f0 t-1\r\n\r\nVALUE a 0 0\r\n\r\nEND\r\n").Older("HD\r\n" + Either + "VA 3 s3 f7 t30\r\nabc\r\nVALUE a 7 3\r\nabc\r\nEND\r\n"),
        Row("md that takes the value away, with flags and exptime", "ms a 3\r\nabc\r\nmd a x F9 T60\r\nmg a v f t\r\n", "HD\r\nHD\r\nVA 0 f9 t60\r\n\r\n").Older("HD\r\n" + Either + "VA 3 f0 t-1\r\nabc\r\n"),
        Row("md that takes the value away keeps the version", Version, GotVersion).Then("md a x C{version}\r\nms a 1 C{version}\r\n2\r\n", "HD\r\nHD\r\n").Older(Either + "HD\r\n"),
        Row("md that takes the value away and marks stale", Version, GotVersion).Then("md a x I\r\nmg a v\r\nmg a v\r\nms a 1 C{version}\r\n2\r\n", "HD\r\nVA 0 X W\r\n\r\nVA 0 Z X\r\n\r\nEX\r\n").Older(Either + "VA 1\r\n1\r\nVA 1\r\n1\r\nHD\r\n"),
        Row("md that takes the value of a missing key away", "md nope x\r\n", "NF\r\n").Older(Either),
        Row("without versions md with one", SetA + "md a C1\r\nmd a C0\r\n", Stored + "EX\r\nHD\r\n").With("-C"),
    ];
}
