using static LivenessEngine.Testing.Packets;
using static LivenessEngine.Wire.Exchanges.Exchange;

namespace LivenessEngine.Wire.Exchanges.Binary;

/// <summary>SASL (-S): before it nothing else is obeyed but Version.</summary>
internal static class BinaryAuthenticationRows
{
    private const string Why = "memcached has its users elsewhere";

    private static readonly string User = Sasl(SaslAuth, "\0user\0pass");
    private static readonly string Welcome = Reply(SaslAuth, "Authenticated");
    private static readonly string Refused = Fail(SaslAuth, AuthenticationFailed);

    public static IEnumerable<Exchange> All =>
    [
        .. Strangers.Select(row => row.With("-S").Closed().InOnePiece("it is answered as soon as the header tells")),
        .. Users.Select(row => row.With("-S").OnlyOurs(Why)),
    ];

    private static IEnumerable<Exchange> Strangers =>
    [
        Row("binary: a stranger's get", Request(Get, "a"), Fail(Get, AuthenticationFailed)),
        Row("binary: a stranger's heartbeat", Store(SetQ, "compute:node1", "1"), Fail(SetQ, AuthenticationFailed)),
        Row("binary: a stranger's quit", Request(Quit), Fail(Quit, AuthenticationFailed)),
        Row("binary: a stranger's key of 251 bytes", Request(Get, Texts.TooLongKey), Fail(Get, AuthenticationFailed)),
        Row("binary: a stranger's lie", Lying(Get, 3, 0, 2, "abc"), Fail(Get, UnknownCommand)),
        Row("binary: a stranger's version with a key", Request(VersionCommand, "a"), Fail(VersionCommand, InvalidArguments)),
        Row("binary: a stranger's authentication without a mechanism", Request(SaslAuth, value: "v"), Fail(SaslAuth, InvalidArguments)),
        Row("binary: a stranger's version, and more", Request(VersionCommand) + Ask, Reply(VersionCommand, "1.6.45") + Fail(NoOp, AuthenticationFailed))
            .Older(Reply(VersionCommand, "1.6.18") + Fail(NoOp, AuthenticationFailed)),
        Row("binary: a stranger's wrong password", Sasl(SaslAuth, "\0user\0word") + Ask, Refused + Fail(NoOp, AuthenticationFailed)),
        Row("binary: a stranger's message of no kind", Sasl(SaslAuth, "user pass") + Ask, Refused + Fail(NoOp, AuthenticationFailed)),
        Row("binary: a stranger's other mechanism", Request(SaslAuth, "NONE-SUCH", value: "\0user\0pass") + Ask, Refused + Fail(NoOp, AuthenticationFailed)),
        Row("binary: a stranger's mechanism of 33 letters", Request(SaslAuth, Texts.Bytes(33), value: "v") + Ask, Fail(SaslAuth, InvalidArguments) + Fail(NoOp, AuthenticationFailed)),
        Row("binary: a stranger's text", "set x 0 0 9\r\nuser pass\r\n", ""),
    ];

    private static IEnumerable<Exchange> Users =>
    [
        Row("binary: the mechanisms", Request(SaslList) + User, Reply(SaslList, "PLAIN") + Welcome),
        Row("binary: who says who it is is obeyed from then on", User + Store(Set, "a", "1") + Request(Get, "a"), Welcome + Stored(Set) + Value(Get, "1")),
        Row("binary: who acts for itself", Sasl(SaslAuth, "user\0user\0pass"), Welcome),
        Row("binary: who would act for another", Sasl(SaslAuth, "other\0user\0pass") + User, Refused + Welcome),
        Row("binary: a password of several words", Sasl(SaslAuth, "\0sam\0secret word"), Welcome),
        Row("binary: a wrong password can be tried again", Sasl(SaslAuth, "\0user\0pas") + Sasl(SaslAuth, "\0user\0passs") + Sasl(SaslAuth, "\0\0") + Sasl(SaslAuth, "\0user") + Sasl(SaslAuth, "\0" + Texts.Bytes(3000) + "\0pass") + User,
            Refused + Refused + Refused + Refused + Refused + Welcome)
            .Then(Request(Stat), "{packets}" + Reply(Stat)).WithStats("auth_cmds 6", "auth_errors 5"),
        Row("binary: the credentials in a second step", Sasl(SaslAuth, "") + Sasl(SaslStep, "\0user\0pass"), Reply(SaslAuth, status: 0x21) + Reply(SaslStep, "Authenticated")),
        Row("binary: who has said it can say it again", User + User + Ask, Welcome + Welcome + Answered),
        Row("binary: who says something else then is a stranger", User + Sasl(SaslAuth, "\0user\0word") + Ask, Welcome + Refused).Closed().InOnePiece("nobody reads on"),
    ];

    private static string Sasl(byte opcode, string message) => Request(opcode, "PLAIN", value: message);
}
