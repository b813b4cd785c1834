using static LivenessEngine.Wire.Exchanges.Exchange;
using static LivenessEngine.Wire.Exchanges.Texts;

namespace LivenessEngine.Wire.Exchanges;

/// <summary>Versions that the client gives (E), which memcached 1.6.18 did not take.</summary>
internal static class MetaVersionRows
{
    private const string Invalid = "CLIENT_ERROR invalid flag\r\n";
    private const string Why = "memcached has it since 1.6.22";
    private const string Largest = "18446744073709551615";

    public static IEnumerable<Exchange> All =>
    [
        Row("ms with a version of its own", "ms a 1 E5 c\r\n1\r\nmg a c v\r\ngets a\r\n", "HD c5\r\nVA 1 c5\r\n1\r\nVALUE a 0 1 5\r\n1\r\nEND\r\n").Older(Invalid + "EN\r\n" + End),
        Row("cas by a version of its own", "ms a 1 E5\r\n1\r\ncas a 0 0 1 5\r\n2\r\ncas a 0 0 1 5\r\n3\r\nmg a v\r\n", "HD\r\n" + Stored + "EXISTS\r\nVA 1\r\n2\r\n").OnlyOurs(Why),
        Row("C and E", "ms a 1 E5\r\n1\r\nms a 1 C5 E7 c\r\n2\r\nms a 1 C5 E8 c\r\n3\r\nmg a c v\r\n", "HD\r\nHD c7\r\nEX c0\r\nVA 1 c7\r\n2\r\n").OnlyOurs(Why),
        Row("the largest and the least version", $"ms a 1 E{Largest} c\r\n1\r\nms a 1 C{Largest} E1 c\r\n2\r\nmd a I E0\r\nmg a c v\r\nms a 1 C0\r\n3\r\nmg a v\r\n", $"HD c{Largest}\r\nHD c1\r\nHD\r\nVA 1 c0 X W\r\n2\r\nHD\r\nVA 1\r\n3\r\n").OnlyOurs(Why),
        Row("version 0 of ms is a new one", "ms a 1 E0 c\r\n1\r\n", "HD c{n:version}\r\n").Then("ms a 1 C0\r\n2\r\nms a 1 C{version} E0\r\n3\r\nmg a v\r\n", "EX\r\nHD\r\nVA 1\r\n3\r\n").OnlyOurs(Why),
        Row("a version of its own is kept by touch", "ms a 1 E5\r\n1\r\ntouch a 100\r\ngat 200 a\r\nmg a T300\r\nmg a c\r\n", "HD\r\nTOUCHED\r\n" + ValueA + End + "HD\r\nHD c5\r\n").OnlyOurs(Why),
        Row("a version of its own is lost by incr and append", "ms a 1 E5\r\n1\r\nincr a 1\r\ncas a 0 0 1 5\r\n3\r\nms a 1 E5\r\n1\r\nappend a 0 0 1\r\n2\r\ncas a 0 0 1 5\r\n3\r\n", "HD\r\n2\r\nEXISTS\r\nHD\r\n" + Stored + "EXISTS\r\n").OnlyOurs(Why),
        Row("append with a version of its own", "ms a 1\r\n1\r\nms a 1 MA E5 c\r\n2\r\nms a 1 MP C5 E6 c\r\n0\r\nmg a c v\r\nms b 1 MA N0 E7 c\r\n1\r\nmg b c\r\n", "HD\r\nHD c5\r\nHD c6\r\nVA 3 c6\r\n012\r\nHD c7\r\nHD c7\r\n").OnlyOurs(Why),
        Row("ma with a version of its own", "ma n N0 E5 c\r\nma n E9 c v\r\nma n C9 E10 c\r\nma n C9\r\nmg n c v\r\n", "HD c5\r\nVA 1 c9\r\n1\r\nHD c10\r\nEX\r\nVA 1 c10\r\n2\r\n").OnlyOurs(Why),
        Row("md that marks stale with a version of its own", SetA + "md a I E5\r\nmg a c\r\nmd a I C5 E6\r\nmg a c\r\n", Stored + "HD\r\nHD c5 X W\r\nHD\r\nHD c6 X W\r\n").OnlyOurs(Why),
        Row("md that takes the value away with a version of its own", SetA + "md a x E5\r\nmg a c v\r\nmd a x\r\nmg a c\r\nmd a x I E4\r\nmg a c\r\n", Stored + "HD\r\nVA 0 c5\r\n\r\nHD\r\nHD c5\r\nHD\r\nHD c4 X W\r\n").OnlyOurs(Why),
        Row("mg that makes an item with a version of its own", "mg a N30 E5 c\r\nmg a c\r\nms a 1 C5\r\n1\r\n", "HD c5 W\r\nHD c5 Z\r\nHD\r\n").OnlyOurs(Why),
        Row("older and newer by versions of the clients'", "ms a 1 E100\r\n1\r\nms a 1 C50 I E101 c\r\n2\r\nmg a c v\r\nms a 1 C102 I E103\r\n3\r\n", "HD\r\nHD c101\r\nVA 1 c101 X W\r\n2\r\nEX\r\n").OnlyOurs(Why),
        Row("flush_all takes what has a version of its own", $"ms a 1 E{Largest}\r\n1\r\nms b 1 E1\r\n1\r\nflush_all\r\nmg a\r\nmg b\r\nms a 1 E1\r\n2\r\nmg a v\r\n", "HD\r\nHD\r\n" + Ok + "EN\r\nEN\r\nHD\r\nVA 1\r\n2\r\n").OnlyOurs(Why),
        Row("a value of many blocks with a version of its own", $"ms a 900000 E5 c\r\n{Bytes(900_000)}\r\nmd a I\r\nmd a I E7\r\nmg a c v\r\n", $"HD c5\r\nHD\r\nHD\r\nVA 900000 c7 X W\r\n{Bytes(900_000)}\r\n").OnlyOurs(Why),
        Row("a version that is no number", "ms a 1 Ex\r\n1\r\n", "CLIENT_ERROR bad token in command line format\r\n").Older(Invalid),
        Row("without versions there is none of one's own", "ms a 1 E5 c\r\n1\r\nmg a c\r\nmd a I E5\r\nmg a c\r\n", "HD c0\r\nHD c0\r\nHD\r\nHD c0 X W\r\n").OnlyOurs(Why).With("-C"),
    ];
}
