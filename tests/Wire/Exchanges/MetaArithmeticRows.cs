using static LivenessEngine.Wire.Exchanges.Exchange;
using static LivenessEngine.Wire.Exchanges.Texts;

namespace LivenessEngine.Wire.Exchanges;

/// <summary>ma &lt;key&gt; &lt;flags&gt;*</summary>
internal static class MetaArithmeticRows
{
    private const string Set5 = "set n 0 0 1\r\n5\r\n";
    private const string InvalidMode = "CLIENT_ERROR invalid mode for ma M token\r\n";

    public static IEnumerable<Exchange> All =>
    [
        Row("ma", Set5 + "ma n\r\nma n v\r\nget n\r\n", Stored + "HD\r\nVA 1\r\n7\r\nVALUE n 0 1\r\n7\r\nEND\r\n"),
        Row("ma by more", Set5 + "ma n D10 v\r\nma n D18446744073709551615 v\r\nma n D0 v\r\n", Stored + "VA 2\r\n15\r\nVA 2\r\n14\r\nVA 2\r\n14\r\n"),
        Row("ma in every mode", Set5 + "ma n MI v\r\nma n M+ v\r\nma n MD v\r\nma n M- v\r\nma n MD D100 v\r\n", Stored + "VA 1\r\n6\r\nVA 1\r\n7\r\nVA 1\r\n6\r\nVA 1\r\n5\r\nVA 1\r\n0\r\n"),
        Row("ma in a mode that is none", Set5 + "ma n MX\r\nma n Mi\r\nma n ME\r\n", Stored + Times(InvalidMode, 3)),
        Row("ma in a mode without a letter", Set5 + "ma n M\r\n", Stored + InvalidMode).Older(Stored + "CLIENT_ERROR invalid or duplicate flag\r\n"),
        Row("ma of a missing key", "ma nope\r\nma nope v k Oz\r\nma nope q\r\n", "NF\r\nNF knope Oz\r\nNF\r\n"),
        Row("ma in quiet", Set5 + "ma n q\r\nma n q C18446744073709551615\r\nma nope q\r\nma m N0 q\r\nma n v\r\n", Stored + "EX\r\nNF\r\nVA 1\r\n7\r\n").Older(Stored + "EX\r\nNF\r\nHD\r\nVA 1\r\n7\r\n"),
        Row("ma tells what was asked for, in that order", "ms n 1 T30\r\n5\r\nma n t c k Oz v\r\nma n Oz t\r\n", "HD\r\nVA 1 t30 c{n} kn Oz\r\n6\r\nHD Oz t30\r\n"),
        Row("ma that begins where nothing is", "ma n N30 J13 v\r\nma n N30 J13 v\r\nmg n t\r\n", "VA 2\r\n13\r\nVA 2\r\n14\r\nHD t30\r\n"),
        Row("ma that begins with 0", "ma n N0 v t\r\nma n v t\r\n", "VA 1 t-1\r\n0\r\nVA 1 t-1\r\n1\r\n"),
        Row("ma that begins with the largest number", "ma n N0 J18446744073709551615 v\r\nma n v\r\n", "VA 20\r\n18446744073709551615\r\nVA 1\r\n0\r\n"),
        Row("J alone begins nothing", "ma n J5 v\r\n", "NF\r\n"),
        Row("ma with an exptime", Set5 + "ma n T30 t v\r\nma n t T60\r\nmg n t\r\n", Stored + "VA 1 t30\r\n6\r\nHD t30\r\nHD t60\r\n"),
        Row("ma that begins with an exptime", "ma a N30 T60 t v\r\nma b T60 N30 t v\r\nma c t N30 v\r\nmg a t\r\nmg b t\r\n", "VA 1 t60\r\n0\r\nVA 1 t30\r\n0\r\nVA 1 t-1\r\n0\r\nHD t60\r\nHD t30\r\n"),
        Row("ma with an exptime of a number that outgrows its item", "ms n 1\r\n9\r\nma n T30 v t\r\nmg n t s\r\n", "HD\r\nVA 2 t30\r\n10\r\nHD t30 s2\r\n").Older("HD\r\nVA 2 t30\r\n10\r\nHD t-1 s2\r\n")
            .Ours("HD\r\nVA 2 t30\r\n10\r\nHD t30 s2\r\n", "memcached sets the time at the item that it has just replaced"),
        Row("ma with the right version", "ms n 1 c\r\n5\r\n", "HD c{n:version}\r\n").Then("ma n C{version} c v\r\nma n C{version} k Oz\r\nma n C0 v\r\n", "VA 1 c{n}\r\n6\r\nEX kn Oz\r\nVA 1\r\n7\r\n"),
        Row("ma gives a version that can be used", Set5 + "ma n c\r\n", Stored + "HD c{n:version}\r\n").Then("ma n C{version} v\r\n", "VA 1\r\n7\r\n"),
        Row("ma of what is no number", "set n 0 0 1\r\na\r\nma n\r\nma n q\r\nset n 0 0 0\r\n\r\nma n\r\n", Stored + NonNumeric + NonNumeric + Stored + NonNumeric),
        Row("ma that pads", "set n 0 0 2\r\n10\r\nma n MD v\r\nmg n v\r\n", Stored + "VA 1\r\n9\r\nVA 2\r\n9 \r\n"),
        Row("ma of a stale number leaves it stale", Set5 + "md n I\r\nma n v\r\nmg n v\r\n", Stored + "HD\r\nVA 1\r\n6\r\nVA 1 X W\r\n6\r\n")
            .Then("ma n\r\nmg n\r\n", "HD\r\nHD Z X\r\n").Then("ma n D100\r\nmg n\r\n", "HD\r\nHD\r\n"),
        Row("without versions ma with one", Set5 + "ma n C1\r\nma n C0 c\r\n", Stored + "EX\r\nHD c0\r\n").With("-C"),
    ];
}
