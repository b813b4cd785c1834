using static LivenessEngine.Wire.Exchanges.Exchange;
using static LivenessEngine.Wire.Exchanges.Texts;

namespace LivenessEngine.Wire.Exchanges;

/// <summary>stats liveness [&lt;group&gt;], and which requests are heartbeats: what no memcached knows.</summary>
internal static class MemberRows
{
    private const string Why = "memcached has no members";
    private const string BeatOfX = "set compute:x 1 0 1 \r\n1\r\n";
    private const string UpX = "STAT compute:x up {word} {word}\r\n";

    public static IEnumerable<Exchange> All =>
    [
        Row("stats liveness of nobody", "stats liveness\r\n", End).OnlyOurs(Why).OnNewServer(),
        Row("stats liveness of a group that nobody joined", "stats liveness nope\r\n", End).OnlyOurs(Why),
        Row("a set of a member is its heartbeat", BeatOfX + "stats liveness\r\n", Stored + UpX + End).OnlyOurs(Why).OnNewServer(),
        Row("stats liveness of one group", BeatOfX + "set cert:y 0 0 1\r\n1\r\nstats liveness cert\r\n", Stored + Stored + "STAT cert:y up {word} {word}\r\n" + End).OnlyOurs(Why).OnNewServer(),
        Row("a member's key is an item like any other", BeatOfX + "get compute:x\r\n", Stored + "VALUE compute:x 1 1\r\n1\r\n" + End).OnlyOurs(Why).OnNewServer(),
        Row("a get is no heartbeat", "get compute:x\r\nstats liveness\r\n", End + End).OnlyOurs(Why).OnNewServer(),
        Row("a key of another group is no member", "set user:17 0 0 1\r\n1\r\nset compute: 0 0 1\r\n1\r\nset :x 0 0 1\r\n1\r\nset compute 0 0 1\r\n1\r\nstats liveness\r\n", Stored + Stored + Stored + Stored + End).OnlyOurs(Why).OnNewServer(),
        Row("a member that was deleted has left", BeatOfX + "delete compute:x\r\nstats liveness\r\n", Stored + "DELETED\r\n" + End).OnlyOurs(Why).OnNewServer(),
        Row("flush_all leaves the members, and what they stored", BeatOfX + SetA + "flush_all\r\nget a compute:x\r\nstats liveness\r\n", Stored + Stored + Ok + "VALUE compute:x 1 1\r\n1\r\n" + End + UpX + End).OnlyOurs(Why).OnNewServer(),
        Row("flush_all leaves the members, and takes what they stored where that is wanted", BeatOfX + "flush_all\r\nget compute:x\r\nstats liveness\r\n", Stored + Ok + End + UpX + End).OnlyOurs(Why).With("--flush-heartbeats"),
        Row("a member whose item has expired stays", "set compute:x 0 1 1\r\n1\r\n", Stored).OnlyOurs(Why).OnNewServer().After(2, "get compute:x\r\nstats liveness\r\n", End + UpX + End),
        Row("a member that is silent goes down", BeatOfX, Stored).OnlyOurs(Why).OnNewServer()
            .After(59, "stats liveness\r\n", UpX + End)
            .After(2, "stats liveness\r\nget compute:x\r\n", "STAT compute:x down {word} {word}\r\n" + End + "VALUE compute:x 1 1\r\n1\r\n" + End)
            .Then("touch compute:x 0\r\nstats liveness\r\n", "TOUCHED\r\n" + UpX + End),
    ];
}
