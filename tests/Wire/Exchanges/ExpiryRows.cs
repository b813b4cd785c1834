using static LivenessEngine.Wire.Exchanges.Exchange;
using static LivenessEngine.Wire.Exchanges.Texts;

namespace LivenessEngine.Wire.Exchanges;

/// <summary>What an exptime means, and what an item is whose time is over.</summary>
internal static class ExpiryRows
{
    // Two seconds stored, and asked after more than three: memcached's clock has whole seconds.
    private const string SetForTwoSeconds = "set a 0 2 1\r\n1\r\n";
    private const double Later = 3.2;

    public static IEnumerable<Exchange> All =>
    [
        Row("exptime 0 is never", "set a 0 0 1\r\n1\r\nget a\r\n", Stored + ValueA + End),
        Row("exptime -1 is over", "set a 0 -1 1\r\n1\r\nget a\r\n", Stored + End),
        Row("an exptime far below 0 is over", "set a 0 -2147483648 1\r\n1\r\nget a\r\n", Stored + End),
        Row("an exptime of exactly 30 days is relative", "set a 0 2592000 1\r\n1\r\nget a\r\n", Stored + ValueA + End),
        Row("an exptime of more than 30 days is a date", "set a 0 2592001 1\r\n1\r\nget a\r\n", Stored + End),
        Row("an exptime that is a date in the future", "set a 0 {now+100} 1\r\n1\r\nget a\r\n", Stored + ValueA + End),
        Row("an exptime that is a date in the past", "set a 0 {now-10} 1\r\n1\r\nget a\r\n", Stored + End),
        Row("the largest exptime of 31 bits", "set a 0 2147483647 1\r\n1\r\nget a\r\n", Stored + ValueA + End),
        Row("an exptime of 32 bits", "set a 0 4294967295 1\r\n1\r\nget a\r\n", Stored + End)
            .Ours(Stored + ValueA + End, "it is a date in 2106; memcached cuts it to 32 bits with a sign"),
        Row("an exptime of more than 32 bits", "set a 0 99999999999 1\r\n1\r\n", Stored),
        Row("touch with a date in the past", SetA + "touch a {now-10}\r\nget a\r\n", Stored + "TOUCHED\r\n" + End),
        Row("touch with exactly 30 days", SetA + "touch a 2592000\r\nget a\r\n", Stored + "TOUCHED\r\n" + ValueA + End),
        Row("gat with more than 30 days", SetA + "gat 2592001 a\r\nget a\r\n", Stored + ValueA + End + End),
        Row("append keeps the time that the item had", "set a 0 -1 1\r\n1\r\nappend a 0 0 1\r\n2\r\nget a\r\n", Stored + NotStored + End),

        Row("an item goes when its time is over", SetForTwoSeconds + "get a\r\n", Stored + ValueA + End).After(Later, "get a\r\n", End),
        Row("an item goes at its date", "set a 0 {now+2} 1\r\n1\r\nget a\r\n", Stored + ValueA + End).After(Later + 1, "get a\r\n", End),
        Row("a touched item stays", SetForTwoSeconds + "touch a 100\r\n", Stored + "TOUCHED\r\n").After(Later, "get a\r\n", ValueA + End),
        Row("an item that gat gave less time goes", SetA + "gat 2 a\r\n", Stored + ValueA + End).After(Later, "get a\r\n", End),
        Row("an item that append changed goes when its time is over", SetForTwoSeconds + "append a 0 0 1\r\n2\r\n", Stored + Stored).After(Later, "get a\r\n", End),
        Row("a number that incr changed goes when its time is over", SetForTwoSeconds + "incr a 1\r\n", Stored + "2\r\n").After(Later, "get a\r\n", End),
        Row("an item whose time is over is none", SetForTwoSeconds + "set b 0 2 1\r\n1\r\ngets a\r\n", Stored + Stored + "VALUE a 0 1 {n:version}\r\n1\r\n" + End)
            .After(
                Later,
                "replace a 0 0 1\r\n2\r\nappend a 0 0 1\r\n2\r\nprepend a 0 0 1\r\n2\r\ncas a 0 0 1 {version}\r\n2\r\nincr a 1\r\ndecr a 1\r\ntouch a 0\r\ngat 0 a\r\ndelete a\r\nadd b 0 0 1\r\n2\r\nget b\r\n",
                NotStored + NotStored + NotStored + NotFound + NotFound + NotFound + NotFound + End + NotFound + Stored + "VALUE b 0 1\r\n2\r\n" + End),
        Row("an item whose time is over is in no dump", SetForTwoSeconds, Stored)
            .After(Later, "lru_crawler metadump all\r\n", "OK\r\n" + End).Older(End).With("-o", "no_lru_maintainer"),
    ];
}
