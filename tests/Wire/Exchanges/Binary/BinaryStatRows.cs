using static LivenessEngine.Testing.Packets;
using static LivenessEngine.Wire.Exchanges.Exchange;

namespace LivenessEngine.Wire.Exchanges.Binary;

/// <summary>Stat, and what the binary commands count.</summary>
internal static class BinaryStatRows
{
    private const string Ours = "memcached has these in the text protocol, or not at all";

    // Any number of statistics, and then the one that says that this is all.
    private static readonly string Stats = "{packets}" + Reply(Stat);

    public static IEnumerable<Exchange> All =>
    [
        Row("binary: stat", Request(Stat) + Ask, Stats + Answered).WithStatNames("pid", "uptime", "version", "cmd_get", "curr_items", "limit_maxbytes"),
        Row("binary: stat settings", Request(Stat, "settings"), Stats).WithStats("maxconns 1024", "binding_protocol auto-negotiate", "cas_enabled yes").OnNewServer(),
        Row("binary: stat settings of one protocol", Request(Stat, "settings"), Stats).WithStats("binding_protocol binary").With("-B", "binary"),
        Row("binary: stat items", Store(SetQ, "a", "1") + Request(Stat, "items"), Stats).WithStatNames("items:1:number").OnNewServer(),
        Row("binary: stat slabs", Request(Stat, "slabs"), Stats).WithStatNames("active_slabs", "total_malloced"),
        Row("binary: stat sizes", Request(Stat, "sizes"), Stats).WithStats("sizes_status disabled").OnNewServer(),
        Row("binary: stat conns", Request(Stat, "conns"), Stats).OnlyOurs(Ours),
        Row("binary: stat of nothing that there is", Request(Stat, "nonsense") + Ask, Fail(Stat, NotFound) + Answered),
        Row("binary: stat reset", Request(Get, "a") + Request(Stat, "reset") + Request(Stat), Fail(Get, NotFound) + Reply(Stat) + Stats).WithStats("cmd_get 0").OnNewServer(),
        Row("binary: stat detail", Request(Stat, "detail on") + Store(SetQ, "a:1", "1") + Request(GetQ, "a:1") + Request(Stat, "detail dump") + Request(Stat, "detail off"),
            Reply(Stat) + Value(GetQ, "1") + Reply(Stat, "PREFIX a get 1 hit 1 set 1 del 0\r\nEND\r\n", "detailed") + Reply(Stat) + Reply(Stat)).OnNewServer(),
        Row("binary: stat detail of nothing", Request(Stat, "detail") + Request(Stat, "detail foo"), Fail(Stat, NotFound) + Fail(Stat, NotFound)),
        Row("binary: stat liveness", Store(SetQ, "compute:node1", "1") + Request(Stat, "liveness compute"), Stats).WithStatNames("compute:node1").OnlyOurs(Ours).OnNewServer(),
        Row("binary: stat liveness-engine", Request(Stat, "liveness-engine"), Stats).WithStatNames("transitions_up").OnlyOurs(Ours),

        Row("binary: gets count", Store(SetQ, "a", "1") + Request(GetQ, "a") + Request(GetKQ, "b") + Request(GatQ, "a", Big(0)) + Request(Touch, "b", Big(0)) + Request(Stat),
            Value(GetQ, "1") + Value(GatQ, "1") + Fail(Touch, NotFound) + Stats)
            .WithStats("cmd_get 2", "get_hits 1", "get_misses 1", "cmd_touch 2", "touch_hits 1", "touch_misses 1", "cmd_set 1").OnNewServer(),
        Row("binary: stores count", Store(SetQ, "a", "1") + Store(SetQ, "a", "1", cas: "version!") + Store(SetQ, "b", "1", cas: "version!") + Request(DeleteQ, "a", cas: "version!")
            + Request(DeleteQ, "a") + Request(DeleteQ, "a") + Request(FlushQ) + Request(Stat),
            Fail(SetQ, Exists) + Fail(SetQ, NotFound) + Fail(DeleteQ, Exists) + Fail(DeleteQ, NotFound) + Stats)
            .WithStats("cmd_set 3", "cas_badval 1", "cas_misses 1", "delete_hits 1", "delete_misses 1", "cmd_flush 1").OnNewServer(),
        Row("binary: counting counts", Count(IncrementQ, "n", 1) + Count(IncrementQ, "n", 1) + Count(DecrementQ, "n", 1) + Count(DecrementQ, "m", 1, 0, 0xffffffff) + Request(Stat),
            Fail(DecrementQ, NotFound) + Stats).WithStats("incr_hits 1", "incr_misses 0", "decr_hits 1", "decr_misses 1", "cmd_set 0").OnNewServer(),
    ];
}
