using static LivenessEngine.Testing.Packets;
using static LivenessEngine.Wire.Exchanges.Exchange;

namespace LivenessEngine.Wire.Exchanges.Binary;

/// <summary>NoOp, Version, Verbosity, Flush, Quit, SASL where it is off, and what is no command.</summary>
internal static class BinaryAdministrationRows
{
    private const string InStep = "memcached passes over as many bytes of the next requests as this one had in extras and key";
    private static readonly string SetA = Store(SetQ, "a", "1");
    private static readonly string GetA = Request(Get, "a");

    public static IEnumerable<Exchange> All =>
    [
        Row("binary: noop", Ask + Ask, Answered + Answered),
        Row("binary: version", Request(VersionCommand), Reply(VersionCommand, "1.6.45")).Older(Reply(VersionCommand, "1.6.18")),
        Row("binary: verbosity", Request(Verbosity, extras: Big(0)), Fail(Verbosity, UnknownCommand)).OnlyOurs(InStep)
            .Ours(Reply(Verbosity), "memcached does not know the command, but for its name"),

        Row("binary: flush", SetA + Request(Flush) + GetA, Reply(Flush) + Fail(Get, NotFound)).OnNewServer(),
        Row("binary: flush with a delay of 0", SetA + Request(Flush, extras: Big(0)) + GetA, Reply(Flush) + Fail(Get, NotFound)).OnNewServer(),
        Row("binary: flush quietly", SetA + Request(FlushQ) + Request(FlushQ, extras: Big(0)) + GetA, Fail(Get, NotFound)).OnNewServer(),
        Row("binary: flush with a delay", SetA + Request(Flush, extras: Big(2)) + GetA, Reply(Flush) + Value(Get, "1")).OnNewServer().After(4, GetA, Fail(Get, NotFound)),
        Row("binary: flush where it is not allowed", SetA + Request(Flush) + Request(FlushQ) + GetA, Fail(Flush, AuthenticationFailed) + Fail(FlushQ, AuthenticationFailed) + Value(Get, "1")).With("-F"),

        Row("binary: quit", Request(Quit) + Ask, Reply(Quit)).Closed().InOnePiece("nobody reads a second piece"),
        Row("binary: quit quietly", Request(QuitQ), "").Closed(),
        Row("binary: what comes before a quit is answered", Ask + Request(Quit), Answered + Reply(Quit)).Closed(),

        Row("binary: SASL where it is off", Request(SaslList) + Request(SaslAuth, "PLAIN", value: "\0user\0word") + Request(SaslStep, "PLAIN", value: "\0user\0word") + Ask,
            Fail(SaslList, UnknownCommand) + Fail(SaslAuth, UnknownCommand) + Fail(SaslStep, UnknownCommand) + Answered),
        Row("binary: no command", Request(0x50) + Request(0x1f) + Request(0xff) + Ask, Fail(0x50, UnknownCommand) + Fail(0x1f, UnknownCommand) + Fail(0xff, UnknownCommand) + Answered),
        Row("binary: no command, with a value", Request(0x50, value: "value") + Ask, Fail(0x50, UnknownCommand) + Answered),
        Row("binary: no command, with a key and extras", Request(0x50, "key", "extras", "value") + Ask, Fail(0x50, UnknownCommand) + Answered).OnlyOurs(InStep),

        Row("binary: only that protocol", Ask, Answered).With("-B", "binary"),
        Row("binary: text where only binary is spoken", "version\r\nversion\r\nversion\r\n", "").With("-B", "binary").Closed().InOnePiece("nobody reads a second piece"),
        Row("binary: where only text is spoken", Request(VersionCommand) + "\r\n", Texts.Error).With("-B", "ascii").EndsInText(),
        Row("text where only text is spoken", "version\r\n", "VERSION {word}\r\n").With("-B", "ascii"),
    ];
}
