using static LivenessEngine.Wire.Exchanges.Exchange;
using static LivenessEngine.Wire.Exchanges.Texts;

namespace LivenessEngine.Wire.Exchanges;

/// <summary>get &lt;key&gt;*, gets &lt;key&gt;*</summary>
internal static class GetRows
{
    private static readonly string ManyMisses = string.Concat(Enumerable.Repeat(" miss", 1000));

    public static IEnumerable<Exchange> All =>
    [
        Row("get of a missing key", "get a\r\n", End),
        Row("get of a present key", SetA + "get a\r\n", Stored + ValueA + End),
        Row("get of several keys, repeats and misses", SetA + "get b a c a a\r\n", Stored + ValueA + ValueA + ValueA + End),
        Row("get in the order of the request", SetA + "set b 2 0 2\r\n22\r\nget b a\r\n", Stored + Stored + "VALUE b 2 2\r\n22\r\n" + ValueA + End),
        Row("get without a key", "get\r\n", BadFormat).Older(Error),
        Row("get with a space and no key", "get \r\n", BadFormat).Older(Error),
        Row("gets without a key", "gets\r\n", BadFormat).Older(Error),
        Row("gets with a space and no key", "gets \r\n", BadFormat).Older(Error),
        Row("get with spaces between and behind", SetA + "get  b   a \r\n", Stored + ValueA + End),
        Row("get ended by a bare LF", SetA + "get a\n", Stored + ValueA + End),
        Row("get of several keys ended by a bare LF", SetA + "get b a\n", Stored + ValueA + End),
        Row("get of the longest key", $"set {LongestKey} 0 0 1\r\n1\r\nget {LongestKey}\r\n", $"{Stored}VALUE {LongestKey} 0 1\r\n1\r\n{End}"),
        Row("get of several longest keys", $"set {LongestKey} 0 0 1\r\n1\r\nget {LongestKey} {LongestKey}\r\n", $"{Stored}VALUE {LongestKey} 0 1\r\n1\r\nVALUE {LongestKey} 0 1\r\n1\r\n{End}"),
        Row("get of a key that is too long", $"get {TooLongKey}\r\n", BadFormat + "\r\n").Older(BadFormat),
        Row("get of a key that is too long, ended by a bare LF", $"get {TooLongKey}\n", BadFormat + "\r\n").Older(BadFormat),
        Row("gets of a key that is too long", $"gets {TooLongKey}\r\n", BadFormat + "\r\n").Older(BadFormat),
        Row("get of a key that is too long behind a hit", SetA, Stored).Then($"get a {TooLongKey}\r\n", BadFormat + "\r\n").Older(BadFormat),
        Row("get of a key that is too long before a hit", SetA, Stored).Then($"get {TooLongKey} a\r\n", BadFormat + "\r\n").Older(BadFormat),
        Row("get of a key that is too long keeps the replies before it", SetA + $"get {TooLongKey}\r\n", BadFormat + "\r\n")
            .Older(BadFormat)
            .Ours(Stored + BadFormat + "\r\n", "memcached throws away the replies to the requests that came in the same read"),
        Row("gets shows a version", SetA + "gets a\r\n", Stored + "VALUE a 0 1 {n}\r\n1\r\n" + End),
        Row("gets shows a version that moves with each store", SetA + "gets a\r\n", Stored + "VALUE a 0 1 {n:before}\r\n1\r\n" + End)
            .Then("set a 0 0 1\r\n2\r\ncas a 0 0 1 {before}\r\n3\r\nget a\r\n", Stored + "EXISTS\r\nVALUE a 0 1\r\n2\r\n" + End),
        Row("gets of several keys, repeats and misses", SetA + "gets a b a\r\n", Stored + "VALUE a 0 1 {n}\r\n1\r\nVALUE a 0 1 {n}\r\n1\r\n" + End),
        Row("get of a key with control characters", "set a\u0001\tb 0 0 1\r\n1\r\nget a\u0001\tb\r\n", Stored + "VALUE a\u0001\tb 0 1\r\n1\r\n" + End),
        Row("get of a key with a CR inside", "set a\rb 0 0 1\r\n1\r\nget a\rb\r\n", Stored + "VALUE a\rb 0 1\r\n1\r\n" + End),
        Row("get of an 8-bit key and value", "set \u00ff\u0080\u00e9 0 0 4\r\n\u0000\u00ff\u0080\u0001\r\nget \u00ff\u0080\u00e9\r\n", Stored + "VALUE \u00ff\u0080\u00e9 0 4\r\n\u0000\u00ff\u0080\u0001\r\n" + End),
        Row("get of a value full of line ends", "set a 0 0 8\r\n\r\n\r\n\n\r\n\n\r\nget a\r\n", Stored + "VALUE a 0 8\r\n\r\n\r\n\n\r\n\n\r\n" + End),
        Row("get of a value that looks like replies", "set a 0 0 10\r\nEND\r\nEND\r\n\r\nget a\r\n", Stored + "VALUE a 0 10\r\nEND\r\nEND\r\n\r\n" + End),
        Row("get with a tab is no get", "get\ta\r\n", Error),
        Row("get in capitals is no command", "GET a\r\n", Error),
        Row("get of a key called noreply", "set noreply 0 0 1\r\n1\r\nget noreply\r\n", Stored + "VALUE noreply 0 1\r\n1\r\n" + End),
        Row("get of a key called get", "set get 0 0 1\r\n1\r\nget get get\r\n", Stored + "VALUE get 0 1\r\n1\r\nVALUE get 0 1\r\n1\r\n" + End),
        Row("get behind spaces", SetA + "   get a\r\n", Stored + ValueA + End),
        Row("get of a thousand keys", SetA + $"get a{ManyMisses} a\r\n", Stored + ValueA + ValueA + End),
        Row("gets of a thousand keys", SetA + $"gets a{ManyMisses} a\r\n", Stored + "VALUE a 0 1 {n}\r\n1\r\nVALUE a 0 1 {n}\r\n1\r\n" + End),
        Row("get of a thousand keys behind a hundred spaces", SetA + $"{new string(' ', 100)}get a{ManyMisses} a\r\n", Stored + ValueA + ValueA + End),
        Row("get of a key behind thousands of spaces", SetA + $"get{new string(' ', 5000)}a\r\n", Stored + ValueA + End),
        Row("get of a key before thousands of spaces", SetA + $"get a{new string(' ', 5000)}\r\n", Stored + ValueA + End),
        Row("a get that has not ended", "get a", "").Unfinished(),
        Row("a get of many keys that has not ended", "get" + ManyMisses, "").Unfinished(),
        Row("a get of nothing that has not ended", "get" + new string(' ', 3000), "").Unfinished(),
        Row("several gets in one go", SetA + "get a\r\nget b\r\nget a b\r\n", Stored + ValueA + End + End + ValueA + End),
    ];
}
