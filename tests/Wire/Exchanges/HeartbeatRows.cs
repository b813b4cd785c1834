using static LivenessEngine.Wire.Exchanges.Exchange;
using static LivenessEngine.Wire.Exchanges.Texts;

namespace LivenessEngine.Wire.Exchanges;

/// <summary>Nova's heartbeats, where we differ from memcached on purpose; and where we do not.</summary>
internal static class HeartbeatRows
{
    private const string Why = "memcached leaves the verdict to the reader's clock";
    private const string Key = "0123456789abcdef0123456789abcdef01234567";

    // As python 2 pickles it, in letters; its time of creation is of the same length as the one that is read.
    private const string Before = "cdogpile.cache.api\nCachedValue\np1\n(cdatetime\ndatetime\np2\n(S'\\x07\\xea\\x07\\x01\\x0c\"8\\x01\\xe2@'\np3\ntRp4\n(dp5\nS'ct'\np6\nF";
    private const string Behind = "\nsS'v'\np7\nI1\nstRp8\n.";
    private const string Value = Before + "1782909296.123456" + Behind;

    private static readonly string Dictionary = "x}rK\u008f^" + new string('z', 54);
    private static readonly string Beat = SetOf(Key, 0);
    private static readonly string Found = $"VALUE {Key} 1 {Value.Length}\r\n{Before}{{n}}.{{n}}{Behind}\r\n";
    private static readonly string AsStored = $"VALUE {Key} 1 {Value.Length}\r\n{Value}\r\n";

    public static IEnumerable<Exchange> All =>
    [
        Row("a heartbeat is read with a time that is ahead", Beat + $"get {Key}\r\n", Stored + Found + End).OnlyOurs(Why).OnNewServer(),
        Row("heartbeats among other items", Beat + SetA + $"get a {Key} nothing {Key}\r\n", Stored + Stored + ValueA + Found + Found + End).OnlyOurs(Why).OnNewServer(),
        Row("a heartbeat has its version", Beat + $"gets {Key}\r\n", Stored + Found.Replace("\r\ncdogpile", " {n:cas}\r\ncdogpile", StringComparison.Ordinal) + End).OnlyOurs(Why).OnNewServer(),
        Row("flush_all leaves a heartbeat", Beat + $"flush_all\r\nget {Key}\r\n", Stored + Ok + Found + End).OnlyOurs(Why).OnNewServer(),
        Row("a heartbeat is found while its member is up", SetOf(Key, 1), Stored).OnlyOurs(Why).OnNewServer()
            .After(59, $"get {Key}\r\n", Found + End)
            .After(2, $"get {Key}\r\ngat 0 {Key}\r\n", End + End)
            .Then(Beat + $"get {Key}\r\n", Stored + Found + End),
        Row("a heartbeat that is passed through", Beat + $"get {Key}\r\n", Stored + AsStored + End).OnlyOurs(Why).With("--verdict", "passthrough"),
        Row("a heartbeat that is passed through is found for as long as it says", SetOf(Key, 0), Stored).OnlyOurs(Why).With("--verdict", "passthrough")
            .After(61, $"get {Key}\r\n", AsStored + End),
        Row("a heartbeat under a key of nobody's", SetOf("a", 0) + "get a\r\n", Stored + AsStored.Replace(Key, "a", StringComparison.Ordinal) + End),
        Row("a heartbeat without the flag of a pickle", SetOf(Key, 0).Replace(" 1 0 ", " 0 0 ", StringComparison.Ordinal) + $"get {Key}\r\n", Stored + AsStored.Replace($"{Key} 1", $"{Key} 0", StringComparison.Ordinal) + End).OnNewServer(),
        Row("a heartbeat that has expired when it comes", SetOf(Key, -1) + $"get {Key}\r\n", Stored + End).OnNewServer(),
        Row("a heartbeat that was deleted", Beat + $"delete {Key}\r\nget {Key}\r\n", Stored + "DELETED\r\n" + End).OnNewServer(),
        Row("something else under a key of 40 digits", $"set {Key} 1 0 70\r\n{new string('c', 70)}\r\nget {Key}\r\n", Stored + $"VALUE {Key} 1 70\r\n{new string('c', 70)}\r\n" + End),
        Row("compressed data that asks for a dictionary under a key of 40 digits", $"set {Key} 9 0 60\r\n{Dictionary}\r\nget {Key}\r\n", Stored + $"VALUE {Key} 9 60\r\n{Dictionary}\r\n" + End),
    ];

    private static string SetOf(string key, int exptime) => $"set {key} 1 {exptime} {Value.Length} \r\n{Value}\r\n";
}
