using static LivenessEngine.Wire.Exchanges.Exchange;
using static LivenessEngine.Wire.Exchanges.Texts;

namespace LivenessEngine.Wire.Exchanges;

/// <summary>What a server with an authentication file answers (-Y).</summary>
internal static class AuthenticationRows
{
    private const string User = "set x 0 0 9\r\nuser pass\r\n";
    private const string Stranger = "CLIENT_ERROR unauthenticated\r\n";
    private const string Failure = "CLIENT_ERROR authentication failure\r\n";
    private const string BadToken = "CLIENT_ERROR bad authentication token format\r\n";
    private const string BadTermination = "CLIENT_ERROR bad command line termination\r\n";

    private static readonly string[] Users = ["-Y", Path.Combine(AppContext.BaseDirectory, "Servers", "users")];

    public static IEnumerable<Exchange> All =>
    [
        Row("a stranger is obeyed in nothing", "version\r\n", Stranger)
            .Then("get a\r\n", Stranger).Then("stats\r\n", Stranger).Then("mn\r\n", Stranger).Then("watch\r\n", Stranger)
            .Then("touch compute:host 0\r\n", Stranger).Then("flush_all\r\n", Stranger).Then("quit\r\n", Stranger)
            .Then("\r\n", Stranger).Then("\u0080\n", Stranger).Then("refresh_certs\r\n", Stranger).Then("shutdown\r\n", Stranger)
            .Then("set compute:host 0 0 5\r\nhello\r\n", BadToken).Then("SET x 0 0 9\r\n", Stranger)
            .Then("add compute:host 0 0 9\r\n", Stranger).Then("ms compute:host 9\r\n", Stranger)
            .Then(User, Stored).Then("get compute:host x a\r\n", End).With(Users),
        Row("who says who it is is obeyed from then on", User, Stored)
            .Then(SetA + "get a\r\n", Stored + ValueA + End).Then(User + "get x\r\n", Stored + "VALUE x 0 9\r\nuser pass\r\n" + End).With(Users),
        Row("what follows a good password in one go is obeyed", User + "get a\r\n", Stored + End).With(Users),
        Row("a password may have spaces, and key, flags and exptime may be anything", "set " + TooLongKey + " a b 15\r\nsam secret word\r\n", Stored).Older(Failure)
            .Then(User, Stored).With(Users),
        Row("the handshake has no noreply, and takes words behind and a bare LF", "  set x 0 0 9 noreply y\nuser pass\r\n", Stored).With(Users),
        Row("a wrong password can be tried again", "set x 0 0 9\r\nuser pazz\r\n", Failure)
            .Then("set x 0 0 8\r\nuser pas\r\n", Failure).Then("set x 0 0 10\r\nuser passs\r\n", Failure).Then("set x 0 0 9\r\nnone pass\r\n", Failure)
            .Then("set x 0 0 11\r\nuser pass\r\n\r\n", Failure)
            .Then($"set x 0 0 2048\r\nu {Bytes(2046)}\r\n", Failure).Then($"set x 0 0 9000\r\nu {Bytes(8998)}\r\n", Failure)
            .Then("set x 0 0 9\r\nuser:pass\r\n", BadToken).Then("set x 0 0 0\r\n\r\n", BadToken).Then("set x 0 0 9\r\nuser passXY", BadTermination)
            .Then(User, Stored).Then("stats\r\n", "{stats}END\r\n").WithStats("auth_cmds 8", "auth_errors 7").With(Users),
        Row("a handshake without a length is none", "set\r\n", Stranger)
            .Then("set x 0 0\r\n", Stranger).Then("set x 0 0 -1\r\n", Stranger)
            .Then("set x 0 0 9x\r\n", Stranger).Then(User, Stored).With(Users),
        Row("every line of a stranger has its answer", "version\r\nmn\r\nset x 0 0 9\r\nuser pazz\r\n" + User + "mn\r\n", Stored + "MN\r\n")
            .Ours(Stranger + Stranger + Failure + Stored + "MN\r\n", "memcached loses the answers to what comes in one go: a client would take one for another").With(Users),
        Row("a stranger's line without an end", new string('a', 2049), "").Closed().With(Users).InOnePiece("the last byte may come too late"),
        Row("a stranger's endless get", "get " + Bytes(2045), "").Closed().With(Users).InOnePiece("the last byte may come too late"),
    ];
}
