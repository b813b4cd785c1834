using static LivenessEngine.Testing.Packets;

namespace LivenessEngine.Memcached.Tests.Server.Binary;

/// <summary>Requests of the binary protocol that allocate nothing once they are warm; what they need is there by text.</summary>
internal static class GatedBinaryRequests
{
    private static readonly string Long = new('x', 100_000);
    private static readonly string Hash = new('0', 40);

    private static readonly Dictionary<string, string> Requests = new()
    {
        ["binary get of a hit"] = Request(Get, "small"),
        ["binary get of a miss"] = Request(Get, "nothing") + Request(GetK, "nothing") + Request(GetQ, "nothing"),
        ["binary get of fifty keys"] = string.Concat(Enumerable.Range(0, 50).Select(i => Request(GetKQ, $"key{i}"))) + Ask,
        ["binary get of a large value"] = Request(GetK, "large"),
        ["binary get of Nova's heartbeat"] = Request(Get, Hash),
        ["binary get of a heartbeat that is made up"] = Request(Get, "compute:embedded"),
        ["binary set"] = Store(Set, "small", "abcde", 1),
        ["binary set in quiet"] = Store(SetQ, "small", "abcde", 1, 100),
        ["binary set of a large value"] = Store(Set, "large", Long),
        ["binary heartbeat"] = Store(Set, "compute:node", "'2026-01-01...'", 1),
        ["binary add and replace"] = Store(Add, "small", "abcde", 1) + Store(Replace, "small", "abcde", 1) + Request(DeleteQ, "gone") + Store(Add, "gone", "1"),
        ["binary append and prepend"] = Store(Set, "small", "a") + Request(Append, "small", value: "b") + Request(PrependQ, "small", value: "c"),
        ["binary set of another version"] = Store(Set, "small", "a", cas: "version!"),
        ["binary delete"] = Store(SetQ, "gone", "1") + Request(Delete, "gone") + Request(Delete, "gone"),
        ["binary counting"] = Count(Increment, "number", 5) + Count(DecrementQ, "number", 3) + Count(Increment, "begun", 1, 7) + Request(Delete, "begun"),
        ["binary touch and gat"] = Request(Touch, "small", Big(100)) + Request(Gat, "small", Big(0)) + Request(GatKQ, "compute:node", Big(0)),
        ["binary noop, and no command"] = Ask + Request(0x50, "key", "extras", "value"),
        ["binary value that is too large"] = Store(Set, "small", string.Concat(Enumerable.Repeat(Long, 20))),
        ["a binary batch of a thousand heartbeats"] = string.Concat(Enumerable.Repeat(Store(SetQ, "compute:node", "1", 1), 1000)),
    };

    public static IEnumerable<string> Names => Requests.Keys;

    public static bool TryGet(string name, out string? request) => Requests.TryGetValue(name, out request);
}
