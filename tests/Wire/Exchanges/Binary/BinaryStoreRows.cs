using static LivenessEngine.Testing.Packets;
using static LivenessEngine.Wire.Exchanges.Exchange;

namespace LivenessEngine.Wire.Exchanges.Binary;

/// <summary>Set, Add, Replace, Append and Prepend, and what is too large.</summary>
internal static class BinaryStoreRows
{
    private static readonly string SetA = Store(SetQ, "a", "1");
    private static readonly string GetA = Request(Get, "a");
    private static readonly string TooMuch = Texts.Bytes(1 << 20);
    private static readonly string Filler = Texts.Bytes(4000);
    private static readonly string Fill = string.Concat(Enumerable.Range(0, 2000).Select(i => Store(SetQ, $"k{i}", Filler)));

    public static IEnumerable<Exchange> All =>
    [
        Row("binary: set over what is there", SetA + Store(Set, "a", "2", flags: 5) + GetA, Stored(Set) + Value(Get, "2", 5)),
        Row("binary: add", Store(Add, "a", "1") + Store(Add, "a", "2") + GetA, Stored(Add) + Fail(Add, Exists) + Value(Get, "1")),
        Row("binary: replace", Store(Replace, "a", "1") + SetA + Store(Replace, "a", "2") + GetA, Fail(Replace, NotFound) + Stored(Replace) + Value(Get, "2")),
        Row("binary: append and prepend", SetA + Request(Append, "a", value: "2") + Request(Prepend, "a", value: "0") + GetA, Stored(Append) + Stored(Prepend) + Value(Get, "012")),
        Row("binary: append and prepend to nothing", Request(Append, "a", value: "2") + Request(Prepend, "a", value: "0") + GetA,
            Fail(Append, NotStored) + Fail(Prepend, NotStored) + Fail(Get, NotFound)),
        Row("binary: append of nothing", SetA + Request(Append, "a") + GetA, Stored(Append) + Value(Get, "1")),
        Row("binary: quiet stores say what failed", Store(SetQ, "a", "1") + Store(AddQ, "a", "2") + Store(ReplaceQ, "b", "2") + Request(AppendQ, "b", value: "2")
            + Request(PrependQ, "b", value: "2") + Store(AddQ, "c", "3") + Store(ReplaceQ, "c", "4") + Request(AppendQ, "c", value: "5") + Request(PrependQ, "c", value: "3") + Request(Get, "c"),
            Fail(AddQ, Exists) + Fail(ReplaceQ, NotFound) + Fail(AppendQ, NotStored) + Fail(PrependQ, NotStored) + Value(Get, "345")),
        Row("binary: exptime", Store(Set, "a", "1", exptime: 2_592_001) + GetA + Store(Set, "a", "1", exptime: 0xffffffff) + GetA + Store(Set, "a", "1", exptime: 2_592_000) + GetA,
            Stored(Set) + Fail(Get, NotFound) + Stored(Set) + Value(Get, "1") + Stored(Set) + Value(Get, "1")),
        Row("binary: exptime of a second", Store(Set, "a", "1", exptime: 1) + GetA, Stored(Set) + Value(Get, "1")).After(3, GetA, Fail(Get, NotFound)),

        Row("binary: a set that is too large", SetA + Store(Set, "a", TooMuch) + GetA, Fail(Set, TooLarge) + Fail(Get, NotFound)).InOnePiece("it is long, and text has it in pieces"),
        Row("binary: a set of 2 GiB and more", Lying(Set, 1, 8, 0x90000000, "12345678a"), Fail(Set, TooLarge)).Unfinished().OnlyOurs("memcached closes, and says nothing"),
        Row("binary: a quiet set that is too large", Store(SetQ, "a", TooMuch) + Ask, Fail(SetQ, TooLarge) + Answered).InOnePiece("it is long, and text has it in pieces"),
        Row("binary: an add that is too large leaves what is there", SetA + Store(Add, "a", TooMuch) + GetA, Fail(Add, TooLarge) + Value(Get, "1")).InOnePiece("it is long, and text has it in pieces"),
        Row("binary: an append that is too large", SetA + Request(Append, "a", value: TooMuch) + GetA, Fail(Append, TooLarge) + Value(Get, "1")).InOnePiece("it is long, and text has it in pieces"),
        Row("binary: an append that makes it too large", Store(Set, "a", Texts.Bytes(1_000_000)) + Request(Append, "a", value: Texts.Bytes(100_000)) + Ask,
            Stored(Set) + Fail(Append, NotStored) + Answered).InOnePiece("it is long, and text has it in pieces"),
        Row("binary: more than there is memory for is refused with -M", Fill.Replace("k1999", "k_999", StringComparison.Ordinal) + Store(Set, "more", Filler) + Request(Get, "more"),
            "{failures}" + Fail(Set, OutOfMemory) + Fail(Get, NotFound)).With("-m", "4", "-M").InOnePiece("it is long, and other rows of its kind are not"),
    ];
}
