using static LivenessEngine.Testing.Packets;
using static LivenessEngine.Wire.Exchanges.Exchange;

namespace LivenessEngine.Wire.Exchanges.Binary;

/// <summary>Get, GetQ, GetK and GetKQ, and Delete.</summary>
internal static class BinaryGetRows
{
    private static readonly string SetA = Store(Set, "a", "value", flags: 0xdeadbeef);
    private static readonly string Large = new('x', 600_000);

    public static IEnumerable<Exchange> All =>
    [
        Row("binary: get", SetA + Request(Get, "a"), Stored(Set) + Value(Get, "value", 0xdeadbeef)),
        Row("binary: get with the key", SetA + Request(GetK, "a"), Stored(Set) + Value(GetK, "value", 0xdeadbeef, "a")),
        Row("binary: get what is not there", Request(Get, "a"), Fail(Get, NotFound)),
        Row("binary: get what is not there, with the key", Request(GetK, "nope"), Reply(GetK, key: "nope", status: NotFound)),
        Row("binary: quiet gets say what is there", SetA + Request(GetQ, "no") + Request(GetQ, "a") + Request(GetKQ, "no") + Request(GetKQ, "a") + Ask,
            Stored(Set) + Value(GetQ, "value", 0xdeadbeef) + Value(GetKQ, "value", 0xdeadbeef, "a") + Answered),
        Row("binary: a multi-get as clients send it", Store(SetQ, "a", "1") + Store(SetQ, "b", "2") + Request(GetKQ, "a") + Request(GetKQ, "c") + Request(GetK, "b"),
            Value(GetKQ, "1", key: "a") + Value(GetK, "2", key: "b")),
        Row("binary: an empty value", Store(Set, "a", "") + Request(Get, "a"), Stored(Set) + Value(Get, "")),
        Row("binary: a key and a value of any bytes", Store(Set, "\0 \r\n\u00ff", "\0\r\n\u0080") + Request(GetK, "\0 \r\n\u00ff"),
            Stored(Set) + Value(GetK, "\0\r\n\u0080", key: "\0 \r\n\u00ff")),
        Row("binary: the longest key", Store(Set, Texts.LongestKey, "1") + Request(GetK, Texts.LongestKey), Stored(Set) + Value(GetK, "1", key: Texts.LongestKey)),
        Row("binary: a large value", Store(Set, "a", Large) + Request(Get, "a") + Request(GetK, "a") + Ask,
            Stored(Set) + Value(Get, Large) + Value(GetK, Large, key: "a") + Answered),
        Row("binary: values around the size of a block", Enumerable.Range(32_600, 170).Select(i => Store(SetQ, "a", Texts.Bytes(i)) + Request(Get, "a")).Aggregate(string.Concat),
            Enumerable.Range(32_600, 170).Select(i => Value(Get, Texts.Bytes(i))).Aggregate(string.Concat)).InOnePiece("one place in it is as good as another"),
        Row("binary: the version that a store told", SetA, Stored(Set, "{cas:version}")).Then(Request(Get, "a"), Value(Get, "value", 0xdeadbeef, cas: "{cas:same}"))
            .Then(Store(Set, "a", "2", cas: "{same}"), Stored(Set)),
        Row("binary: without versions there is none", SetA + Request(Get, "a"), Stored(Set, None) + Value(Get, "value", 0xdeadbeef, cas: None)).With("-C"),

        Row("binary: delete", SetA + Request(Delete, "a") + Request(Delete, "a") + Request(Get, "a"),
            Stored(Set) + Reply(Delete) + Fail(Delete, NotFound) + Fail(Get, NotFound)),
        Row("binary: a quiet delete says what was not there", SetA + Request(DeleteQ, "a") + Request(DeleteQ, "a") + Ask,
            Stored(Set) + Fail(DeleteQ, NotFound) + Answered),
        Row("binary: delete of another version", SetA + Request(Delete, "a", cas: "version!") + Request(Get, "a"),
            Stored(Set) + Fail(Delete, Exists) + Value(Get, "value", 0xdeadbeef)),
        Row("binary: delete of the right version", SetA, Stored(Set, "{cas:version}")).Then(Request(Delete, "a", cas: "{version}") + Request(Get, "a"), Reply(Delete) + Fail(Get, NotFound)),
        Row("binary: delete of a version of what is not there", Request(Delete, "a", cas: "version!"), Fail(Delete, NotFound)),

        Row("binary: what text stored", Store(SetQ, "text", "5", flags: 7, exptime: 0) + Request(Get, "text"), Value(Get, "5", 7)),
    ];
}
