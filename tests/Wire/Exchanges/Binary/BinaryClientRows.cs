using static LivenessEngine.Testing.Packets;
using static LivenessEngine.Wire.Exchanges.Exchange;

namespace LivenessEngine.Wire.Exchanges.Binary;

/// <summary>
/// What clients send that are not here to be run: EnyimMemcachedCore, packet by packet. It says nothing when it connects, unless
/// it has credentials; it numbers its requests, and finds the keys of a multi-get by these numbers.
/// </summary>
internal static class BinaryClientRows
{
    // Its transcoder's flags for a string.
    private const uint String = 0x0112;

    public static IEnumerable<Exchange> All =>
    [
        Row("binary: Enyim stores and gets", Numbered(1, Store(Set, "key", "value", String, 3600)), Numbered(1, Stored(Set)))
            .Then(Numbered(2, Request(Get, "key")), Numbered(2, Value(Get, "value", String)))
            .Then(Numbered(3, Request(Get, "none")), Numbered(3, Fail(Get, NotFound))),
        Row("binary: Enyim's multi-get", Numbered(1, Store(Set, "a", "1", String)) + Numbered(2, Store(Set, "b", "2", String)), Numbered(1, Stored(Set)) + Numbered(2, Stored(Set)))
            .Then(
                Numbered(3, Request(GetQ, "a")) + Numbered(4, Request(GetQ, "none")) + Numbered(5, Request(GetQ, "b")) + Numbered(6, Ask),
                Numbered(3, Value(GetQ, "1", String)) + Numbered(5, Value(GetQ, "2", String)) + Numbered(6, Answered)),
        Row("binary: Enyim's cas", Numbered(1, Store(Set, "key", "1", String)), Numbered(1, Stored(Set, "{cas:version}")))
            .Then(Numbered(2, Store(Set, "key", "2", String, cas: "{version}")), Numbered(2, Stored(Set)))
            .Then(Numbered(3, Store(Set, "key", "3", String, cas: "{version}")), Numbered(3, Fail(Set, Exists))),
        Row("binary: Enyim counts", Numbered(1, Count(Increment, "n", 1, 100, 3600)), Numbered(1, Number(Increment, 100)))
            .Then(Numbered(2, Count(Increment, "n", 1, 100, 3600)), Numbered(2, Number(Increment, 101)))
            .Then(Numbered(3, Count(Decrement, "n", 1, 100)), Numbered(3, Number(Decrement, 100)))
            .Then(Numbered(4, Count(Decrement, "none", 1, 0, 0xffffffff)), Numbered(4, Fail(Decrement, NotFound))),
        Row("binary: Enyim adds, replaces, appends, touches and removes", Numbered(1, Store(Add, "key", "b", String)), Numbered(1, Stored(Add)))
            .Then(Numbered(2, Store(Replace, "key", "c", String)), Numbered(2, Stored(Replace)))
            .Then(Numbered(3, Request(Append, "key", value: "d")) + Numbered(4, Request(Prepend, "key", value: "b")), Numbered(3, Stored(Append)) + Numbered(4, Stored(Prepend)))
            .Then(Numbered(5, Request(Touch, "key", Big(3600))), Numbered(5, Reply(Touch, extras: Big(String), cas: AnyCas)))
            .Then(Numbered(6, Request(Delete, "key")) + Numbered(7, Request(Delete, "key")), Numbered(6, Reply(Delete)) + Numbered(7, Fail(Delete, NotFound)))
            .Then(Numbered(8, Request(Flush)), Numbered(8, Reply(Flush))).OnNewServer(),
    ];
}
