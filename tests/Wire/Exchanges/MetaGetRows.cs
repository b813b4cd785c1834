using static LivenessEngine.Wire.Exchanges.Exchange;
using static LivenessEngine.Wire.Exchanges.Texts;

namespace LivenessEngine.Wire.Exchanges;

/// <summary>mg &lt;key&gt; &lt;flags&gt;*</summary>
internal static class MetaGetRows
{
    private const string Version = "ms a 1 c\r\n1\r\n";
    private const string GotVersion = "HD c{n:version}\r\n";

    public static IEnumerable<Exchange> All =>
    [
        Row("mg of a hit", SetA + "mg a\r\nmg a v\r\n", Stored + "HD\r\nVA 1\r\n1\r\n"),
        Row("mg of a miss", "mg nope\r\nmg nope v\r\nmg nope s t c f h l\r\n", "EN\r\nEN\r\nEN\r\n"),
        Row("mg of a miss has key and opaque", "mg nope v k Oabc\r\n", "EN knope Oabc\r\n"),
        Row("mg in quiet", SetA + "mg nope q\r\nmg nope v k Oabc q\r\nmg a q\r\nmg a v q\r\nmn\r\n", Stored + "HD\r\nVA 1\r\n1\r\nMN\r\n"),
        Row("mg tells what was asked for, in that order", "set a 42 0 3\r\nabc\r\nmg a s v k f t\r\nmg a t f k Oq v s c\r\n", Stored + "VA 3 s3 ka f42 t-1\r\nabc\r\nVA 3 t-1 f42 ka Oq s3 c{n}\r\nabc\r\n"),
        Row("mg of client flags of 32 bits", "set a 4294967295 0 1\r\n1\r\nmg a f\r\n", Stored + "HD f4294967295\r\n"),
        Row("mg of the version is that of gets", SetA + "gets a\r\n", Stored + "VALUE a 0 1 {n:version}\r\n1\r\n" + End).Then("mg a c\r\nms a 1 C{version}\r\n2\r\n", "HD c{n}\r\nHD\r\n"),
        Row("mg of a value that the client has", Version, GotVersion).Then("mg a C{version} v\r\nmg a v C{version} s k\r\nmg a C18446744073709551615 v\r\nmg a C{version}\r\n", "HD\r\nHD s1 ka\r\nVA 1\r\n1\r\nHD\r\n")
            .Older("VA 1\r\n1\r\nVA 1 s1 ka\r\n1\r\nVA 1\r\n1\r\nHD\r\n"),
        Row("mg of a stale value that the client has", Version, GotVersion).Then("mg nope C{version} v\r\nmd a I\r\nmg a c\r\n", "EN\r\nHD\r\nHD c{n:stale} X W\r\n").Then("mg a C{stale} v\r\nmg a C{version} v\r\n", "HD Z X\r\nVA 1 Z X\r\n1\r\n").Older("VA 1 Z X\r\n1\r\nVA 1 Z X\r\n1\r\n"),
        Row("mg of a value of many blocks that the client has", $"ms a 900000 c\r\n{Bytes(900_000)}\r\n", GotVersion).Then("mg a C{version} v s\r\nmn\r\n", "HD s900000\r\nMN\r\n").Older($"VA 900000 s900000\r\n{Bytes(900_000)}\r\nMN\r\n"),
        Row("without versions every client has 0", SetA + "mg a C0 v\r\nmg a C1 v\r\n", Stored + "HD\r\nVA 1\r\n1\r\n").Older(Stored + "VA 1\r\n1\r\nVA 1\r\n1\r\n").With("-C"),
        Row("mg of an empty value", "set a 0 0 0\r\n\r\nmg a v s\r\n", Stored + "VA 0 s0\r\n\r\n"),
        Row("mg of a value with line ends", "set a 0 0 5\r\na\r\nb\n\r\nmg a v\r\n", Stored + "VA 5\r\na\r\nb\n\r\n"),
        Row("mg of a large value", $"set a 0 0 100000\r\n{Bytes(100_000)}\r\nmg a v s\r\nmg a s\r\nmn\r\n", Stored + $"VA 100000 s100000\r\n{Bytes(100_000)}\r\nHD s100000\r\nMN\r\n"),
        Row("mg of a value of many blocks", $"set a 0 0 900000\r\n{Bytes(900_000)}\r\nmg a v s\r\nmg a s\r\nmn\r\n", Stored + $"VA 900000 s900000\r\n{Bytes(900_000)}\r\nHD s900000\r\nMN\r\n"),
        Row("whether it was read before", SetA + "mg a h\r\nmg a h\r\n", Stored + "HD h0\r\nHD h1\r\n"),
        Row("get and touch are reads", SetA + "get a\r\nmg a h\r\nset b 0 0 1\r\n1\r\ntouch b 0\r\nmg b h\r\n", Stored + ValueA + End + "HD h1\r\n" + Stored + "TOUCHED\r\nHD h1\r\n"),
        Row("add, incr, append and md are no reads", SetA + "add a 0 0 1\r\n1\r\nincr a 1\r\nmg a h u\r\nappend a 0 0 1\r\n1\r\nmd a I\r\nmg a h u\r\n", Stored + NotStored + "2\r\nHD h0\r\n" + Stored + "HD\r\nHD h0 X W\r\n"),
        Row("incr leaves what was read as it is", SetA + "get a\r\n", Stored + ValueA + End).Then("incr a 1\r\nmg a h u\r\n", "2\r\nHD h1\r\n").Then("incr a 10\r\nmg a h u\r\n", "12\r\nHD h0\r\n"),
        Row("a read without a trace", SetA + "mg a u h v\r\nmg a u\r\nmg a h\r\n", Stored + "VA 1 h0\r\n1\r\nHD\r\nHD h0\r\n"),
        Row("when it was last read", SetA + "mg a l\r\nmg a s l\r\n", Stored + "HD l0\r\nHD s1 l0\r\n"),
        Row("a read without a trace leaves the time of the last", SetA, Stored).After(5, "mg a u l\r\nmg a l\r\nmg a l\r\n", "HD l5\r\nHD l5\r\nHD l0\r\n").OnlyOurs("memcached notes a time only once a minute"),
        Row("seconds that are left", "ms a 1 T30\r\n1\r\nmg a t\r\nset a 0 0 1\r\n1\r\nmg a t\r\n", "HD\r\nHD t30\r\nSTORED\r\nHD t-1\r\n"),
        Row("seconds that are left of an absolute time", "set a 0 {now+100} 1\r\n1\r\nmg a t\r\n", Stored + "HD t{n}\r\n"),
        Row("a new exptime", SetA + "mg a T30\r\nmg a t\r\nmg a T0 v t\r\n", Stored + "HD\r\nHD t30\r\nVA 1 t-1\r\n1\r\n"),
        Row("the exptime as it is at that place in the line", "ms a 1 T30\r\n1\r\nmg a t T60\r\nmg a T90 t\r\n", "HD\r\nHD t30\r\nHD t90\r\n"),
        Row("a new exptime of the past", SetA + "mg a T-1 v\r\nmg a\r\n", Stored + "VA 1\r\n1\r\nEN\r\n"),
        Row("a new exptime of a missing key", "mg nope T30\r\n", "EN\r\n"),
        Row("a new exptime of a value of many blocks", $"set a 0 0 900000\r\n{Bytes(900_000)}\r\nmg a T30\r\nmg a t v\r\n", Stored + $"HD\r\nVA 900000 t30\r\n{Bytes(900_000)}\r\n"),
        Row("a new exptime keeps the version", SetA + "mg a c\r\n", Stored + "HD c{n:version}\r\n").Then("mg a T30\r\nms a 1 C{version}\r\n2\r\n", "HD\r\nHD\r\n"),
        Row("an item that has expired", "ms a 1 T1\r\n1\r\n", "HD\r\n").After(3, "mg a v\r\nme a\r\nmd a\r\nma a\r\n", "EN\r\nEN\r\nNF\r\nNF\r\n"),
        Row("an item that was flushed", SetA + "flush_all\r\nmg a v\r\nme a\r\n", Stored + Ok + "EN\r\nEN\r\n"),
        Row("without versions mg shows 0", SetA + "mg a c\r\n", Stored + "HD c0\r\n").With("-C"),
    ];
}
