using static LivenessEngine.Wire.Exchanges.Exchange;
using static LivenessEngine.Wire.Exchanges.Texts;

namespace LivenessEngine.Wire.Exchanges;

/// <summary>Items that are made by who asks for them (N), renewed before they expire (R), or stale (I): W, X and Z.</summary>
internal static class MetaRecacheRows
{
    private const string Version = "ms a 1 c\r\n1\r\n";

    public static IEnumerable<Exchange> All =>
    [
        Row("mg that makes an item", "mg a N30 s v t\r\nmg a s v t\r\nmg a N90 t\r\nget a\r\n", "VA 0 s0 t30 W\r\n\r\nVA 0 s0 t30 Z\r\n\r\nHD t30 Z\r\nVALUE a 0 0\r\n\r\nEND\r\n"),
        Row("mg that makes an item for ever", "mg a N0 t k Oz f h l\r\nmg a t\r\n", "HD t-1 ka Oz f0 h0 l0 W\r\nHD t-1 Z\r\n"),
        Row("mg that makes an item in quiet", "mg a N30 q\r\nmg a N30 q v\r\n", "HD W\r\nVA 0 Z\r\n\r\n"),
        Row("mg that makes an item, and its exptime", "mg a t N30 T60\r\nmg b N30 t T60\r\nmg c T60 N30 t\r\nmg a t\r\nmg c t\r\n", "HD t-1 W\r\nHD t30 W\r\nHD t30 W\r\nHD t60 Z\r\nHD t30 Z\r\n"),
        Row("who makes an item has read it", "mg a N30 h\r\nmg a h\r\nmg b N30 u\r\nmg b h\r\nmg c N30\r\nme c\r\n", "HD h0 W\r\nHD h1 Z\r\nHD W\r\nHD h0 Z\r\nHD W\r\nME c exp=30 la=0 cas={n} fetch=yes cls={n} size={n}\r\n").Older("HD h0 W\r\nHD h1 Z\r\nHD W\r\nHD h0 Z\r\nHD W\r\nME c exp=-30 la=0 cas={n} fetch=yes cls={n} size={n}\r\n"),
        Row("mg makes nothing where something is", SetA + "mg a N30 v t\r\n", Stored + "VA 1 t-1\r\n1\r\n"),
        Row("mg makes an item where one has expired", "ms a 1 T-1\r\n1\r\nmg a N30 v\r\n", "HD\r\nVA 0 W\r\n\r\n"),
        Row("who makes an item fills it by its version", "mg a N30 c\r\n", "HD c{n:version} W\r\n").Then("ms a 1 C{version}\r\n1\r\nmg a v\r\n", "HD\r\nVA 1\r\n1\r\n"),
        Row("an item that will soon expire is renewed by one", "ms a 1 T30\r\n1\r\nmg a R30 t\r\nmg a R31 t\r\nmg a R31 t\r\nmg a\r\nms a 1\r\n1\r\nmg a R60\r\n", "HD\r\nHD t30\r\nHD t30 W\r\nHD t30 Z\r\nHD Z\r\nHD\r\nHD\r\n"),
        Row("an item without an exptime is not renewed", SetA + "mg a R1000\r\nmg a R0\r\nmg a R-1\r\n", Stored + "HD\r\nHD\r\nHD\r\n"),
        Row("R and T in both orders", "ms a 1 T30\r\n1\r\nmg a T90 R60\r\nmg a R60 T30\r\nmg a T30 R60\r\nms b 1 T30\r\n1\r\nmg b R60 T90 t\r\nmg b t\r\n", "HD\r\nHD\r\nHD\r\nHD W\r\nHD\r\nHD t90 W\r\nHD t90 Z\r\n"),
        Row("an item that was made is not renewed by the same mg", "mg a N30 R60\r\nmg a N30 R60\r\n", "HD W\r\nHD Z\r\n"),
        Row("an item is renewed when its time has come", "ms a 1 T30\r\n1\r\nmg a R28\r\n", "HD\r\nHD\r\n").After(4, "mg a R28\r\nmg a R28\r\n", "HD W\r\nHD Z\r\n"),
        Row("touch, gat and mg with T leave who has won", "ms a 1 T30\r\n1\r\nmg a R60\r\ntouch a 20\r\ngat 10 a\r\nmg a T15\r\nmg a R60 t\r\n", "HD\r\nHD W\r\nTOUCHED\r\nVALUE a 0 1\r\n1\r\nEND\r\nHD Z\r\nHD t15 Z\r\n"),
        Row("append leaves nobody who has won", "ms a 1 T30\r\n1\r\nmg a R60\r\nms a 1 MA\r\n2\r\nmg a R60 v\r\n", "HD\r\nHD W\r\nHD\r\nVA 2 W\r\n12\r\n"),
        Row("a stale item that is stored anew is stale no longer", SetA + "md a I\r\nmg a\r\nset a 0 0 1\r\n2\r\nmg a v\r\n", Stored + "HD\r\nHD X W\r\n" + Stored + "VA 1\r\n2\r\n"),
        Row("ms of an older version is stale", Version, "HD c{n:version}\r\n").Then("ms a 1 T30\r\n2\r\nms a 1 C{version}\r\n3\r\nms a 1 C{version} I T90\r\n4\r\nmg a v t\r\nmg a v\r\n", "HD\r\nEX\r\nHD\r\nVA 1 t30 X W\r\n4\r\nVA 1 Z X\r\n4\r\n"),
        Row("ms of an older version leaves who has won", Version, "HD c{n:version}\r\n").Then("md a I\r\nmg a\r\nms a 1 C{version} I\r\n2\r\nmg a v\r\n", "HD\r\nHD X W\r\nHD\r\nVA 1 Z X\r\n2\r\n"),
        Row("ms of the right version is not stale", Version, "HD c{n:version}\r\n").Then("ms a 1 C{version} I T30\r\n2\r\nmg a v t\r\n", "HD\r\nVA 1 t30\r\n2\r\n"),
        Row("ms of a later version, of version 0, of a missing key", Version + "ms a 1 C18446744073709551615 I\r\n2\r\nms a 1 C0 I\r\n2\r\nms nope 1 C1 I\r\n2\r\nms a 1 I\r\n3\r\nmg a v\r\n", "HD c{n}\r\nEX\r\nEX\r\nNF\r\nHD\r\nVA 1\r\n3\r\n"),
        Row("the whole of a renewal", SetA + "md a I T30\r\nmg a c v\r\n", Stored + "HD\r\nVA 1 c{n:version} X W\r\n1\r\n").Then("mg a v\r\nms a 1 C{version} T0\r\n2\r\nmg a v t\r\n", "VA 1 Z X\r\n1\r\nHD\r\nVA 1 t-1\r\n2\r\n"),
        Row("me and get do not win", SetA + "md a I\r\nme a\r\nget a\r\nmg a\r\n", Stored + "HD\r\nME {line}\r\n" + ValueA + End + "HD X W\r\n"),
        Row("a read without a trace wins too", SetA + "md a I\r\nmg a u\r\nmg a h\r\n", Stored + "HD\r\nHD X W\r\nHD h0 Z X\r\n"),
    ];
}
