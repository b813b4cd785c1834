using static LivenessEngine.Testing.Packets;
using static LivenessEngine.Wire.Exchanges.Exchange;

namespace LivenessEngine.Wire.Exchanges.Binary;

/// <summary>Stores with a version: whatever they are called, they store over that version and nothing else.</summary>
internal static class BinaryCasRows
{
    private const string Other = "version!";

    private static readonly string SetA = Store(Set, "a", "1");
    private static readonly string GetA = Request(Get, "a");

    public static IEnumerable<Exchange> All =>
    [
        Row("binary: set with the right version, twice", SetA, Stored(Set, "{cas:version}"))
            .Then(Store(Set, "a", "2", cas: "{version}") + Store(Set, "a", "3", cas: "{version}") + GetA, Stored(Set) + Fail(Set, Exists) + Value(Get, "2")),
        Row("binary: set with another version", SetA + Store(Set, "a", "2", cas: Other) + GetA, Stored(Set) + Fail(Set, Exists) + Value(Get, "1")),
        Row("binary: set with a version where nothing is", Store(Set, "a", "2", cas: Other) + Store(SetQ, "a", "2", cas: Other) + GetA, Fail(Set, NotFound) + Fail(SetQ, NotFound) + Fail(Get, NotFound)),
        Row("binary: add with the right version stores", SetA, Stored(Set, "{cas:version}")).Then(Store(Add, "a", "2", cas: "{version}") + GetA, Stored(Add) + Value(Get, "2")),
        Row("binary: add with a version where nothing is", Store(Add, "a", "2", cas: Other), Fail(Add, NotFound)),
        Row("binary: replace with another version", SetA + Store(Replace, "a", "2", cas: Other), Stored(Set) + Fail(Replace, Exists)),
        Row("binary: append with the right version, twice", SetA, Stored(Set, "{cas:version}"))
            .Then(Request(Append, "a", value: "2", cas: "{version}") + Request(Append, "a", value: "3", cas: "{version}") + GetA, Stored(Append) + Fail(Append, Exists) + Value(Get, "12")),
        Row("binary: prepend with another version", SetA + Request(Prepend, "a", value: "2", cas: Other), Stored(Set) + Fail(Prepend, Exists)),
        Row("binary: append with a version where nothing is", Request(Append, "a", value: "2", cas: Other), Fail(Append, NotStored)),
        Row("binary: a set that is too large takes the old value away whatever its version", SetA + Store(Set, "a", Texts.Bytes(1 << 20), cas: Other) + GetA, Stored(Set) + Fail(Set, TooLarge) + Fail(Get, NotFound))
            .InOnePiece("it is long, and text has it in pieces"),
        Row("binary: without versions a set with one is a set", SetA + Store(Set, "a", "2", cas: Other) + GetA, Stored(Set, None) + Stored(Set, None) + Value(Get, "2", cas: None)).With("-C"),
        Row("binary: without versions an append with one is an append", SetA + Request(Append, "a", value: "2", cas: Other) + GetA, Stored(Set, None) + Stored(Append, None) + Value(Get, "12", cas: None)).With("-C"),
        Row("binary: without versions nothing has the one that a delete wants", SetA + Request(Delete, "a", cas: Other), Stored(Set, None) + Fail(Delete, Exists)).With("-C"),
    ];
}
