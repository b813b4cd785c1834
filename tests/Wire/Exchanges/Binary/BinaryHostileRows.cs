using static LivenessEngine.Testing.Packets;
using static LivenessEngine.Wire.Exchanges.Exchange;

namespace LivenessEngine.Wire.Exchanges.Binary;

/// <summary>Headers that lie, and requests that are not what their command takes: answered where it can be said to whom, and closed.</summary>
internal static class BinaryHostileRows
{
    private const string Early = "it is answered as soon as the header tells";

    public static IEnumerable<Exchange> All => Rows.Select(row => row.Closed().InOnePiece(Early));

    private static IEnumerable<Exchange> Rows =>
    [
        Row("binary: a key that is longer than the body", Lying(Get, 3, 0, 2, "abc"), Fail(Get, UnknownCommand)),
        Row("binary: a key and extras that are longer than the body", Lying(Set, 3, 8, 10, "12345678abc"), Fail(Set, UnknownCommand)),
        Row("binary: a quiet one that lies", Lying(GetKQ, 3, 0, 0, "abc"), Fail(GetKQ, UnknownCommand)),
        Row("binary: no command that lies", Lying(0x77, 3, 0, 0, "abc"), Fail(0x77, UnknownCommand)),
        Row("binary: another magic byte behind a request", Ask + Lying(NoOp, 0, 0, 0, magic: 0x81), Answered),
        Row("binary: text behind a request", Ask + "version\r\nversion\r\nversion\r\n", Answered),
        Row("binary: a key of 251 bytes", Store(Set, Texts.TooLongKey, "1"), Fail(Set, InvalidArguments)),
        Row("binary: a key of 251 bytes to get", Request(Get, Texts.TooLongKey), Fail(Get, InvalidArguments)),
        Row("binary: a key of 251 bytes to get quietly", Request(GetQ, Texts.TooLongKey), Fail(GetQ, InvalidArguments)),
        Row("binary: a key of 65,535 bytes", Request(Get, Texts.Bytes(65_535)), Fail(Get, InvalidArguments)).OnlyOurs("memcached closes, and says nothing"),
        Row("binary: get without a key", Request(Get), Fail(Get, InvalidArguments)),
        Row("binary: get with extras", Request(Get, "a", "1234"), Fail(Get, InvalidArguments)),
        Row("binary: get with a value", Request(GetK, "a", value: "v"), Fail(GetK, InvalidArguments)),
        Row("binary: set without extras", Request(Set, "a", value: "v"), Fail(Set, InvalidArguments)),
        Row("binary: set with extras of another length", Request(Set, "a", "1234567", "v"), Fail(Set, InvalidArguments)),
        Row("binary: set without a key", Store(Set, "", "v"), Fail(Set, InvalidArguments)),
        Row("binary: append with extras", Store(Append, "a", "v"), Fail(Append, InvalidArguments)),
        Row("binary: delete with a value", Request(Delete, "a", value: "v"), Fail(Delete, InvalidArguments)),
        Row("binary: increment without extras", Request(Increment, "n"), Fail(Increment, InvalidArguments)),
        Row("binary: increment with a value", Request(Increment, "n", Big(1ul) + Big(1ul) + Big(0), "v"), Fail(Increment, InvalidArguments)),
        Row("binary: touch without extras", Request(Touch, "a"), Fail(Touch, InvalidArguments)),
        Row("binary: gat without a key", Request(GatKQ, "", Big(0)), Fail(GatKQ, InvalidArguments)),
        Row("binary: noop with a key", Request(NoOp, "a"), Fail(NoOp, InvalidArguments)),
        Row("binary: version with a value", Request(VersionCommand, value: "v"), Fail(VersionCommand, InvalidArguments)),
        Row("binary: quit with a key", Request(Quit, "a"), Fail(Quit, InvalidArguments)),
        Row("binary: flush with a key", Request(Flush, "a"), Fail(Flush, InvalidArguments)),
        Row("binary: flush with extras of another length", Request(Flush, extras: "12345678"), Fail(Flush, InvalidArguments)),
        Row("binary: stat with extras", Request(Stat, "items", "1234"), Fail(Stat, InvalidArguments)),
        Row("binary: SASL without a mechanism", Request(SaslAuth, value: "v"), Fail(SaslAuth, InvalidArguments)),
    ];
}
