using static LivenessEngine.Testing.Packets;
using static LivenessEngine.Wire.Exchanges.Exchange;

namespace LivenessEngine.Wire.Exchanges.Binary;

/// <summary>Increment and Decrement.</summary>
internal static class BinaryCountRows
{
    private const uint NoInitial = 0xffffffff;
    private static readonly string GetN = Request(Get, "n");

    public static IEnumerable<Exchange> All =>
    [
        Row("binary: increment makes the number", Count(Increment, "n", 3, 5) + GetN + Count(Increment, "n", 3, 5) + GetN,
            Number(Increment, 5) + Value(Get, "5") + Number(Increment, 8) + Value(Get, "8")),
        Row("binary: decrement makes the number, and stops at 0", Count(Decrement, "n", 3, 5) + Count(Decrement, "n", 3, 5) + Count(Decrement, "n", 3, 5) + GetN,
            Number(Decrement, 5) + Number(Decrement, 2) + Number(Decrement, 0) + Value(Get, "0")),
        Row("binary: nothing to count, and none to be made", Count(Increment, "n", 3, 5, NoInitial) + Count(Decrement, "n", 3, 5, NoInitial) + GetN,
            Fail(Increment, NotFound) + Fail(Decrement, NotFound) + Fail(Get, NotFound)),
        Row("binary: what is there is counted whatever the exptime says", Store(SetQ, "n", "10") + Count(Increment, "n", 1, 5, NoInitial) + Count(Increment, "n", 1, 5, 1) + GetN,
            Number(Increment, 11) + Number(Increment, 12) + Value(Get, "12")),
        Row("binary: a number of 64 bits wraps", Store(SetQ, "n", "18446744073709551615") + Count(Increment, "n", 2), Number(Increment, 1)),
        Row("binary: the largest number to begin with", Count(Increment, "n", 2, ulong.MaxValue) + GetN, Number(Increment, ulong.MaxValue) + Value(Get, "18446744073709551615")),
        Row("binary: a shorter number is padded", Store(SetQ, "n", "10", flags: 6) + Count(Decrement, "n", 1) + GetN, Number(Decrement, 9) + Value(Get, "9 ", 6)),
        Row("binary: no number", Store(SetQ, "n", "x") + Count(Increment, "n", 1) + Count(DecrementQ, "n", 1) + Ask, Fail(Increment, NonNumeric) + Fail(DecrementQ, NonNumeric) + Answered),
        Row("binary: quiet counting", Count(IncrementQ, "n", 1, 5) + Count(IncrementQ, "n", 1, 5) + Count(DecrementQ, "n", 3) + Count(IncrementQ, "m", 1, 5, NoInitial) + GetN,
            Fail(IncrementQ, NotFound) + Value(Get, "3")),
        Row("binary: counting with another version", Store(SetQ, "n", "1") + Count(Increment, "n", 1, cas: "version!") + GetN, Fail(Increment, Exists) + Value(Get, "1")),
        Row("binary: counting with the right version, twice", Store(Set, "n", "1"), Stored(Set, "{cas:version}"))
            .Then(Count(Increment, "n", 1, cas: "{version}") + Count(Increment, "n", 1, cas: "{version}"), Number(Increment, 2) + Fail(Increment, Exists)),
        Row("binary: counting with a version where nothing is makes the number", Count(Increment, "n", 1, 7, cas: "version!"), Number(Increment, 7)),
        Row("binary: the version of a number", Count(Increment, "n", 1), Number(Increment, 0, "{cas:version}")).Then(Store(Set, "n", "1", cas: "{version}"), Stored(Set)),
        Row("binary: a number that has expired when it is made", Count(Increment, "n", 1, 7, 2_592_001) + GetN, Number(Increment, 7) + Fail(Get, NotFound)),
    ];
}
