using static LivenessEngine.Testing.Packets;
using static LivenessEngine.Wire.Exchanges.Exchange;

namespace LivenessEngine.Wire.Exchanges.Binary;

/// <summary>Members and Nova's heartbeats by the binary protocol: what they are by text.</summary>
internal static class BinaryMemberRows
{
    private const string Why = "memcached leaves the verdict to the reader's clock";
    private const string Key = "0123456789abcdef0123456789abcdef01234567";
    private const string Node = "compute:node1";
    private const string Before = "cdogpile.cache.api\nCachedValue\np1\n(cdatetime\ndatetime\np2\n(S'\\x07\\xea\\x07\\x01\\x0c\"8\\x01\\xe2@'\np3\ntRp4\n(dp5\nS'ct'\np6\nF";
    private const string Behind = "\nsS'v'\np7\nI1\nstRp8\n.";
    private const string AsStored = Before + "1782909296.123456" + Behind;

    private static readonly string Beat = Store(Set, Key, AsStored, flags: 1, exptime: 1);

    public static IEnumerable<Exchange> All => Rows.Select(row => row.OnlyOurs(Why).OnNewServer());

    private static IEnumerable<Exchange> Rows =>
    [
        Row("binary: a heartbeat is read with a time that is ahead", Beat + Request(GetK, Key), Stored(Set) + Found(GetK, Key)),
        Row("binary: a heartbeat is found while its member is up", Beat, Stored(Set))
            .After(59, Request(Get, Key), Found(Get))
            .After(2, Request(Get, Key) + Request(GetQ, Key) + Request(Gat, Key, Big(0)), Fail(Get, NotFound) + Fail(Gat, NotFound))
            .Then(Request(Touch, Key, Big(0)) + Request(Get, Key), Reply(Touch, extras: Big(1), cas: AnyCas) + Found(Get)),
        Row("binary: flush leaves a heartbeat", Beat + Request(Flush) + Request(Get, Key), Stored(Set) + Reply(Flush) + Found(Get)),
        Row("binary: a member is up by its set", Store(Set, Node, "x"), Stored(Set)).Then(Request(Stat, "liveness"), "{packets}" + Reply(Stat)).WithStatNames(Node),
        Row("binary: a number that is made is a heartbeat", Count(Increment, Node, 1, 1), Number(Increment, 1)).Then(Request(Stat, "liveness"), "{packets}" + Reply(Stat)).WithStatNames(Node),
        Row("binary: a member that is deleted leaves", Store(Set, Node, "x") + Request(Delete, Node) + Request(Stat, "liveness"), Stored(Set) + Reply(Delete) + Reply(Stat)),
        Row("binary: a member that could not store was heard all the same", Store(Set, Node, Texts.Bytes(1 << 20)) + Store(Set, Node, "x") + Store(Set, Node, Texts.Bytes(1 << 20)), Fail(Set, TooLarge) + Stored(Set) + Fail(Set, TooLarge))
            .InOnePiece("it is long").Then(Request(Stat, "liveness"), "{packets}" + Reply(Stat)).WithStatNames(Node),
    ];

    // Its time of creation is of the same length as the one that is read.
    private static string Found(byte opcode, string key = "") => Value(opcode, AsStored, 1, key).Replace("1782909296.123456", "{n}.{n}", StringComparison.Ordinal);
}
