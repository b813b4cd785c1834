using static LivenessEngine.Wire.Exchanges.Exchange;
using static LivenessEngine.Wire.Exchanges.Texts;

namespace LivenessEngine.Wire.Exchanges;

/// <summary>flush_all [&lt;delay&gt;] [noreply]</summary>
internal static class FlushRows
{
    private const double Later = 3.2;

    public static IEnumerable<Exchange> All =>
    [
        Row("flush_all", SetA + "flush_all\r\nget a\r\n", Stored + Ok + End),
        Row("flush_all of nothing", "flush_all\r\n", Ok),
        Row("flush_all leaves what comes after it", SetA + "flush_all\r\nset b 0 0 1\r\n2\r\nget a b\r\n", Stored + Ok + Stored + "VALUE b 0 1\r\n2\r\n" + End),
        Row("a flushed item is none", SetA + "flush_all\r\nreplace a 0 0 1\r\n2\r\nappend a 0 0 1\r\n2\r\nincr a 1\r\ntouch a 0\r\ndelete a\r\nadd a 0 0 1\r\n3\r\nget a\r\n", Stored + Ok + NotStored + NotStored + NotFound + NotFound + NotFound + Stored + "VALUE a 0 1\r\n3\r\n" + End),
        Row("flush_all 0", SetA + "flush_all 0\r\nget a\r\n", Stored + Ok + End),
        Row("flush_all with a negative delay", SetA + "flush_all -1\r\nget a\r\n", Stored + Ok + End),
        Row("flush_all noreply", SetA + "flush_all noreply\r\nget a\r\n", Stored + End),
        Row("flush_all 0 noreply", SetA + "flush_all 0 noreply\r\nget a\r\n", Stored + End),
        Row("flush_all with a delay that is no number", SetA + "flush_all x\r\nget a\r\n", Stored + InvalidExptime + ValueA + End),
        Row("flush_all with a delay of a digit and letters", "flush_all 10x\r\n", InvalidExptime),
        Row("flush_all noreply with a delay that is no number", "flush_all x noreply\r\n", ""),
        Row("flush_all with two delays", "flush_all 0 0\r\n", Ok),
        Row("flush_all in 30 days", SetA + "flush_all 2592000\r\nget a\r\n", Stored + Ok + ValueA + End),
        Row("flush_all at a date in the future", SetA + "flush_all {now+100}\r\nget a\r\n", Stored + Ok + ValueA + End),
        Row("flush_all ended by a bare LF", "flush_all\n", Ok),
        Row("flush is no command", "flush\r\n", Error),
        Row("flush_all that is not allowed", SetA + "flush_all\r\nget a\r\n", Stored + "CLIENT_ERROR flush_all not allowed\r\n" + ValueA + End).With("-F"),
        Row("flush_all noreply that is not allowed", SetA + "flush_all noreply\r\nget a\r\n", Stored + ValueA + End).With("-F"),

        Row("flush_all with a delay", SetA + "flush_all 2\r\nget a\r\n", Stored + Ok + ValueA + End)
            .After(Later, "get a\r\nset a 0 0 1\r\n2\r\nget a\r\n", End + Stored + "VALUE a 0 1\r\n2\r\n" + End),
        Row("flush_all with a delay takes what comes before its time", SetA + "flush_all 2\r\nset b 0 0 1\r\n2\r\n", Stored + Ok + Stored)
            .After(Later, "get a b\r\n", End),
        Row("flush_all forgets the delay of an earlier one", "flush_all 2\r\nflush_all\r\nset a 0 0 1\r\n1\r\n", Ok + Ok + Stored)
            .After(Later, "get a\r\n", ValueA + End),
    ];
}
