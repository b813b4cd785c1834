using static LivenessEngine.Wire.Exchanges.Exchange;
using static LivenessEngine.Wire.Exchanges.Texts;

namespace LivenessEngine.Wire.Exchanges;

/// <summary>set, add, replace, append, prepend &lt;key&gt; &lt;flags&gt; &lt;exptime&gt; &lt;bytes&gt; [noreply]</summary>
internal static class StoreRows
{
    public static IEnumerable<Exchange> All =>
    [
        Row("set", SetA, Stored),
        Row("set over a value", SetA + "set a 5 0 2\r\n22\r\nget a\r\n", Stored + Stored + "VALUE a 5 2\r\n22\r\n" + End),
        Row("set of an empty value", "set a 0 0 0\r\n\r\nget a\r\n", Stored + "VALUE a 0 0\r\n\r\n" + End),
        Row("set of a value that is a line end", "set a 0 0 2\r\n\r\n\r\nget a\r\n", Stored + "VALUE a 0 2\r\n\r\n\r\n" + End),
        Row("set with python-memcached's trailing space", "set a 1 0 1 \r\n1\r\nget a\r\n", Stored + "VALUE a 1 1\r\n1\r\n" + End),
        Row("set with spaces everywhere", "set  a  1  0  1  \r\n1\r\nget a\r\n", Stored + "VALUE a 1 1\r\n1\r\n" + End),
        Row("set behind spaces", "  set a 0 0 1\r\n1\r\n", Stored),
        Row("set ended by a bare LF", "set a 0 0 1\n1\r\nget a\n", Stored + ValueA + End),
        Row("set noreply", "set a 0 0 1 noreply\r\n1\r\nget a\r\n", ValueA + End),
        Row("set noreply with a trailing space", "set a 0 0 1 noreply \r\n1\r\nget a\r\n", ValueA + End),
        Row("set with another word for noreply", "set a 0 0 1 foo\r\n1\r\nget a\r\n", Stored + ValueA + End),
        Row("set with NOREPLY in capitals", "set a 0 0 1 NOREPLY\r\n1\r\nget a\r\n", Stored + ValueA + End),
        Row("set with a word before noreply", "set a 0 0 1 x noreply\r\n1\r\nget a\r\n", ValueA + End).Older(Error + Error + End),
        Row("set with a word behind noreply", "set a 0 0 1 noreply x\r\n1\r\nget a\r\n", Stored + ValueA + End).Older(Error + Error + End),
        Row("set of the longest key", $"set {LongestKey} 0 0 1\r\n1\r\n", Stored),
        Row("set of the longest key with a trailing space", $"set {LongestKey} 0 0 1 \r\n1\r\n", Stored),
        Row("set with the largest flags", "set a 4294967295 0 1\r\n1\r\nget a\r\n", Stored + "VALUE a 4294967295 1\r\n1\r\n" + End),
        Row("set with flags of 33 bits", "set a 4294967296 0 1\r\n1\r\nget a\r\n", Stored + ValueA + End),
        Row("set with flags of 64 bits", "set a 18446744073709551615 0 1\r\n1\r\nget a\r\n", Stored + "VALUE a 4294967295 1\r\n1\r\n" + End),
        Row("set with leading zeros", "set a 007 00 01\r\n1\r\nget a\r\n", Stored + "VALUE a 7 1\r\n1\r\n" + End),
        Row("set in one go", "set a 0 0 1\r\n1\r\nset b 0 0 1\r\n2\r\nset a 0 0 1\r\n3\r\nget a b\r\n", Stored + Stored + Stored + "VALUE a 0 1\r\n3\r\nVALUE b 0 1\r\n2\r\n" + End),

        Row("add", "add a 0 0 1\r\n1\r\nget a\r\n", Stored + ValueA + End),
        Row("add over a value", SetA + "add a 0 0 1\r\n2\r\nget a\r\n", Stored + NotStored + ValueA + End),
        Row("add noreply", "add a 0 0 1 noreply\r\n1\r\nadd a 0 0 1 noreply\r\n2\r\nget a\r\n", ValueA + End),
        Row("replace", SetA + "replace a 5 0 2\r\n22\r\nget a\r\n", Stored + Stored + "VALUE a 5 2\r\n22\r\n" + End),
        Row("replace of a missing key", "replace a 0 0 1\r\n1\r\nget a\r\n", NotStored + End),
        Row("replace noreply", SetA + "replace a 0 0 1 noreply\r\n2\r\nreplace b 0 0 1 noreply\r\n2\r\nget a b\r\n", Stored + "VALUE a 0 1\r\n2\r\n" + End),

        Row("append", "set a 5 0 1\r\n1\r\nappend a 9 100 2\r\n23\r\nget a\r\n", Stored + Stored + "VALUE a 5 3\r\n123\r\n" + End),
        Row("prepend", "set a 5 0 1\r\n1\r\nprepend a 9 100 2\r\n23\r\nget a\r\n", Stored + Stored + "VALUE a 5 3\r\n231\r\n" + End),
        Row("append of nothing", SetA + "append a 0 0 0\r\n\r\nget a\r\n", Stored + Stored + ValueA + End),
        Row("prepend of nothing to nothing", "set a 0 0 0\r\n\r\nprepend a 0 0 0\r\n\r\nget a\r\n", Stored + Stored + "VALUE a 0 0\r\n\r\n" + End),
        Row("append to a missing key", "append a 0 0 1\r\n1\r\nget a\r\n", NotStored + End),
        Row("prepend to a missing key", "prepend a 0 0 1\r\n1\r\nget a\r\n", NotStored + End),
        Row("append noreply", SetA + "append a 0 0 1 noreply\r\n2\r\nappend b 0 0 1 noreply\r\n2\r\nget a b\r\n", Stored + "VALUE a 0 2\r\n12\r\n" + End),
        Row("prepend noreply", SetA + "prepend a 0 0 1 noreply\r\n0\r\nprepend b 0 0 1 noreply\r\n2\r\nget a b\r\n", Stored + "VALUE a 0 2\r\n01\r\n" + End),
        Row("append again and again", SetA + string.Concat(Enumerable.Repeat("append a 0 0 1\r\n2\r\nprepend a 0 0 1\r\n0\r\n", 3)) + "get a\r\n", Stored + string.Concat(Enumerable.Repeat(Stored, 6)) + "VALUE a 0 7\r\n0001222\r\n" + End),
        Row("append moves the version", SetA + "gets a\r\n", Stored + "VALUE a 0 1 {n:version}\r\n1\r\n" + End)
            .Then("append a 0 0 1\r\n2\r\ncas a 0 0 1 {version}\r\n3\r\n", Stored + "EXISTS\r\n"),

        Row("a value that has not ended", "set a 0 0 10\r\n12345", "").Unfinished(),
        Row("a value whose line end has not come", "set a 0 0 1\r\n1", "").Unfinished(),
        Row("a value whose line end has come by half", "set a 0 0 1\r\n1\r", "").Unfinished(),
        Row("a longest announced value that has not come", "set a 0 0 2147483645\r\n", "").Unfinished(),
    ];
}
