using static LivenessEngine.Wire.Exchanges.Exchange;
using static LivenessEngine.Wire.Exchanges.Texts;

namespace LivenessEngine.Wire.Exchanges;

/// <summary>Members and their heartbeats by meta commands: as by get, set, delete and incr.</summary>
internal static class MetaMemberRows
{
    private const string Why = "memcached has no members";
    private const string BeatOfX = "ms compute:x 1 F1\r\n1\r\n";
    private const string UpX = "STAT compute:x up {word} {word}\r\n";
    private const string DownX = "STAT compute:x down {word} {word}\r\n";

    private const string Key = "0123456789abcdef0123456789abcdef01234567";
    private const string Base64OfKey = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nw==";

    // As python 2 pickles it, in letters; its time of creation is of the same length as the one that is read.
    private const string Before = "cdogpile.cache.api\nCachedValue\np1\n(cdatetime\ndatetime\np2\n(S'\\x07\\xea\\x07\\x01\\x0c\"8\\x01\\xe2@'\np3\ntRp4\n(dp5\nS'ct'\np6\nF";
    private const string Behind = "\nsS'v'\np7\nI1\nstRp8\n.";
    private const string Value = Before + "1782909296.123456" + Behind;
    private const string Told = Before + "{n}.{n}" + Behind + "\r\n";

    private static readonly string Beat = $"ms {Key} {Value.Length} F1\r\n{Value}\r\n";
    private static readonly string Length = Value.Length.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public static IEnumerable<Exchange> All => Rows.Select(exchange => exchange.OnlyOurs(Why).OnNewServer());

    private static IEnumerable<Exchange> Rows =>
    [
        Row("an ms of a member is its heartbeat", BeatOfX + "stats liveness\r\nmg compute:x v f\r\n", "HD\r\n" + UpX + End + "VA 1 f1\r\n1\r\n"),
        Row("an ms of a member by a binary key is its heartbeat", "ms Y29tcHV0ZTp4 1 b\r\n1\r\nstats liveness\r\n", "HD\r\n" + UpX + End),
        Row("an md of a member is its leave", BeatOfX + "md compute:x\r\nstats liveness\r\n", "HD\r\nHD\r\n" + End),
        Row("who is marked stale or loses the value stays", BeatOfX + "md compute:x I\r\nmg compute:x v\r\nmd compute:x x\r\nmg compute:x v\r\nstats liveness\r\n", "HD\r\nHD\r\nVA 1 X W\r\n1\r\nHD\r\nVA 0\r\n\r\n" + UpX + End),
        Row("mg and ma of a member are no heartbeats", BeatOfX, "HD\r\n").After(61, "mg compute:x v\r\nma compute:x v\r\nmd compute:x I\r\nmg compute:x\r\nstats liveness\r\n", "VA 1\r\n1\r\nVA 1\r\n2\r\nHD\r\nHD X W\r\n" + DownX + End),
        Row("mg with T of a member is a heartbeat as gat is", BeatOfX, "HD\r\n").After(61, "stats liveness\r\nmg compute:x T0\r\nstats liveness\r\n", DownX + End + "HD\r\n" + UpX + End),
        Row("mg with T and u of a member is one too", BeatOfX, "HD\r\n").After(61, "mg compute:x T0 u\r\nstats liveness\r\n", "HD\r\n" + UpX + End),
        Row("mg makes no member", "mg compute:x N30\r\nstats liveness\r\nmg compute:x\r\n", "HD W\r\n" + End + "HD Z\r\n"),
        Row("mg makes nothing in the place of a member", "set compute:x 0 1 1\r\n1\r\n", Stored).After(2, "mg compute:x N30 k\r\nstats liveness\r\n", "EN kcompute:x\r\n" + UpX + End),
        Row("ma that begins is an add, and so a heartbeat", "ma compute:x N0\r\nstats liveness\r\n", "HD\r\n" + UpX + End),
        Row("an mg of a heartbeat has a time that is ahead", Beat + $"mg {Key} v\r\nmg {Key} s f k v t\r\nmg {Base64OfKey} b v\r\nmg {Key}\r\n", $"HD\r\nVA {Length}\r\n{Told}VA {Length} s{Length} f1 k{Key} t-1\r\n{Told}VA {Length}\r\n{Told}HD\r\n"),
        Row("a heartbeat is told whatever version the reader has", $"ms {Key} {Value.Length} F1 E5\r\n{Value}\r\nmg {Key} C5 v\r\n", $"HD\r\nVA {Length}\r\n{Told}"),
        Row("flush_all leaves a heartbeat of ms", Beat + $"flush_all\r\nmg {Key} v\r\n", "HD\r\n" + Ok + $"VA {Length}\r\n{Told}"),
        Row("a heartbeat of ms is found while its member is up", $"ms {Key} {Value.Length} F1 T1\r\n{Value}\r\n", "HD\r\n")
            .After(59, $"mg {Key} v t\r\n", $"VA {Length} t0\r\n{Told}")
            .After(2, $"mg {Key} v\r\nmg {Key} N30 v k\r\nmg {Key} T0 v\r\nmg {Key} q\r\nme {Key}\r\nma {Key}\r\n", $"EN\r\nEN k{Key}\r\nEN\r\nEN\r\nNF\r\n")
            .Then(Beat + $"mg {Key} v\r\n", $"HD\r\nVA {Length}\r\n{Told}"),
        Row("a heartbeat that is marked stale goes on to be told", Beat + $"md {Key} I\r\nmg {Key} v\r\nmg {Key} v\r\n", $"HD\r\nHD\r\nVA {Length} X W\r\n{Told}VA {Length} Z X\r\n{Told}"),
        Row("a heartbeat whose value was taken away is none", Beat + $"md {Key} x\r\nmg {Key} v\r\n", "HD\r\nHD\r\nVA 0\r\n\r\n"),
        Row("an md of a heartbeat with another version", Beat + $"md {Key} C18446744073709551615\r\nmg {Key}\r\nmd {Key}\r\nmg {Key}\r\n", "HD\r\nEX\r\nHD\r\nHD\r\nEN\r\n"),
        Row("get of a heartbeat of ms", Beat + $"get {Key}\r\n", $"HD\r\nVALUE {Key} 1 {Length}\r\n{Told}" + End),
    ];
}
