using static LivenessEngine.Testing.Packets;
using static LivenessEngine.Wire.Exchanges.Exchange;

namespace LivenessEngine.Wire.Exchanges.Binary;

/// <summary>Touch, Gat, GatQ, GatK and GatKQ: the exptime in the extras.</summary>
internal static class BinaryTouchRows
{
    private const uint Past = 2_592_001;

    private static readonly string SetA = Store(SetQ, "a", "1", flags: 9);

    public static IEnumerable<Exchange> All =>
    [
        Row("binary: touch tells the flags", SetA + Request(Touch, "a", Big(100)), Reply(Touch, extras: Big(9), cas: AnyCas)),
        Row("binary: touch of what is not there", Request(Touch, "a", Big(100)), Fail(Touch, NotFound)),
        Row("binary: touch into the past", SetA + Request(Touch, "a", Big(Past)) + Request(Get, "a"), Reply(Touch, extras: Big(9), cas: AnyCas) + Fail(Get, NotFound)),
        Row("binary: gat", SetA + Request(Gat, "a", Big(100)) + Request(GatK, "a", Big(100)), Value(Gat, "1", 9) + Value(GatK, "1", 9, "a")),
        Row("binary: gat of what is not there", Request(Gat, "a", Big(100)) + Request(GatK, "a", Big(100)), Fail(Gat, NotFound) + Reply(GatK, key: "a", status: NotFound)),
        Row("binary: quiet gats", SetA + Request(GatQ, "b", Big(0)) + Request(GatQ, "a", Big(0)) + Request(GatKQ, "b", Big(0)) + Request(GatKQ, "a", Big(0)) + Ask,
            Value(GatQ, "1", 9) + Value(GatKQ, "1", 9, "a") + Answered),
        Row("binary: gat into the past", SetA + Request(Gat, "a", Big(Past)) + Request(Get, "a"), Value(Gat, "1", 9) + Fail(Get, NotFound)),
        Row("binary: touch keeps the version", Store(Set, "a", "1"), Stored(Set, "{cas:version}")).Then(Request(Touch, "a", Big(100)) + Store(Set, "a", "2", cas: "{version}"), Reply(Touch, extras: Big(0), cas: AnyCas) + Stored(Set)),
        Row("binary: gat of a second", SetA + Request(Gat, "a", Big(1)), Value(Gat, "1", 9)).After(3, Request(Get, "a"), Fail(Get, NotFound)),
    ];
}
