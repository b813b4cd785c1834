using System.Globalization;
using System.Text;
using LivenessEngine.Memcached.Tests.Nova;

namespace LivenessEngine.Memcached.Tests.Server;

/// <summary>Requests that allocate nothing once they are warm, on every transport.</summary>
internal static class GatedRequests
{
    private static readonly string Long = new('x', 100_000);
    private static readonly string Fifty = string.Concat(Enumerable.Range(0, 50).Select(i => $" key{i}"));

    private static readonly Dictionary<string, string> Requests = new()
    {
        ["get of a hit"] = "get small\r\n",
        ["get of a miss"] = "get nothing\r\n",
        ["gets"] = "gets small\r\n",
        ["get of fifty keys"] = $"get{Fifty}\r\n",
        ["gets of fifty keys"] = $"gets{Fifty}\r\n",
        ["get of more keys than a line holds"] = $"get{string.Concat(Enumerable.Repeat(Fifty, 20))}\r\n",
        ["get of a large value"] = "get large\r\n",
        ["get of a large value and others"] = "get small large nothing large\r\n",
        ["get of a member"] = "get compute:node\r\n",
        ["set"] = "set small 1 0 5\r\nabcde\r\n",
        ["set of a new exptime"] = "set small 0 100 5\r\nabcde\r\n",
        ["set of a large value"] = $"set large 0 0 {Long.Length}\r\n{Long}\r\n",
        ["heartbeat as Nova sends it"] = "set compute:node 1 0 14 \r\n'2026-01-01...'\r\n",
        ["Nova's heartbeat by protocol 0"] = SetOf(0),
        ["Nova's heartbeat by protocol 4"] = SetOf(4),
        ["get of Nova's heartbeat by protocol 0"] = $"get {HashOf(0)}\r\n",
        ["get of Nova's heartbeat by protocol 4"] = $"get {HashOf(4)}\r\n",
        ["gets of fifty of Nova's heartbeats"] = $"gets {string.Join(' ', Enumerable.Range(0, 50).Select(HashOf))}\r\n",
        ["get of a heartbeat that is made up"] = "get compute:embedded\r\n",
        ["set without a reply"] = "set small 1 0 5 noreply\r\nabcde\r\n",
        ["heartbeat without a reply"] = "set compute:node 1 0 1 noreply\r\n1\r\n",
        ["add of what is there"] = "add small 1 0 5\r\nabcde\r\n",
        ["add of what is not"] = "delete gone\r\nadd gone 1 0 5\r\nabcde\r\n",
        ["replace"] = "replace small 1 0 5\r\nabcde\r\n",
        ["append and prepend"] = "set small 0 0 1\r\na\r\nappend small 0 0 1\r\nb\r\nprepend small 0 0 1\r\nc\r\n",
        ["append to a large value"] = $"set large 0 0 {Long.Length}\r\n{Long}\r\nappend large 0 0 1\r\nb\r\n",
        ["cas of another version"] = "cas small 0 0 1 1\r\na\r\n",
        ["delete of a hit"] = "set gone 0 0 1\r\na\r\ndelete gone\r\n",
        ["delete of a miss"] = "delete nothing\r\n",
        ["incr and decr"] = "incr number 5\r\ndecr number 3\r\n",
        ["touch"] = "touch small 0\r\n",
        ["gat"] = "gat 0 small nothing compute:node\r\n",
        ["a batch"] = "get small\r\nset small 1 0 5\r\nabcde\r\ntouch compute:node 0\r\nincr number 1\r\nget nothing small\r\n",
        ["a batch of a thousand gets"] = string.Concat(Enumerable.Repeat("get small\r\n", 1000)),
        ["a batch of a thousand heartbeats"] = string.Concat(Enumerable.Repeat("set compute:node 1 0 1 \r\n1\r\n", 1000)),
        ["mg of a hit"] = "mg small v\r\n",
        ["mg of a hit with everything"] = "mg small s v k f c t h l Oabc q u\r\n",
        ["mg of a miss"] = "mg nothing v k Oabc\r\n",
        ["mg with another exptime"] = "mg small T100 t\r\nmg small T0 t\r\n",
        ["mg that makes an item"] = "mg made N30 t\r\nmd made\r\n",
        ["mg of a stale item"] = "md small I\r\nmg small v\r\nmg small v\r\n",
        ["mg of a large value"] = "mg large v s\r\n",
        ["mg of Nova's heartbeat by protocol 0"] = $"mg {HashOf(0)} v s\r\n",
        ["mg of Nova's heartbeat by protocol 4"] = $"mg {HashOf(4)} v s\r\n",
        ["mg of a heartbeat that is made up"] = "mg compute:embedded v\r\n",
        ["mg of a binary key"] = "mg aGVsbG8= b k v\r\n",
        ["ms"] = "ms small 5 T100 F1 c k Oabc s\r\nabcde\r\n",
        ["ms in quiet"] = "ms small 5 q\r\nabcde\r\nmn\r\n",
        ["ms of a binary key"] = "ms aGVsbG8= 5 b k\r\nabcde\r\n",
        ["ms of a member"] = "ms compute:node 1 F1\r\n1\r\n",
        ["ms as append"] = "ms small 1\r\na\r\nms small 1 MA\r\nb\r\nms small 1 MP E7\r\nc\r\n",
        ["ms of an older version"] = "ms small 1 E9\r\na\r\nms small 1 C5 I\r\nb\r\n",
        ["md"] = "ms gone 1\r\na\r\nmd gone k\r\n",
        ["md that takes the value away"] = "md small x\r\n",
        ["ma"] = "ma number v t c D5\r\nma number MD D3 v\r\n",
        ["ma that begins"] = "ma begun N30 J5 v\r\nmd begun\r\n",
        ["me"] = "me small\r\n",
        ["bad meta lines"] = "mg small Z\r\nma small Dx\r\nms small 2 b b\r\nab\r\n",
        ["an unknown command"] = "foo\r\n",
        ["a bad line"] = "set small x 0 5\r\nabcde\r\n",
        ["a value with a bad end"] = "set small 0 0 5\r\nabcdefg\r\n",
        ["a value that is too large"] = $"set small 0 0 2000000\r\n{string.Concat(Enumerable.Repeat(Long, 20))}\r\n",
        ["a key that is too long"] = $"get {new string('k', 251)}\r\n",
    };

    public static IEnumerable<string> Names => Requests.Keys;

    /// <summary>What has to be there before; every reply is a line.</summary>
    public static string Before
        => $"set small 1 0 5\r\nabcde\r\nset large 0 0 {Long.Length}\r\n{Long}\r\nset number 0 0 1\r\n1\r\nset compute:node 1 0 1\r\n1\r\n"
        + string.Concat(Fifty.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(key => $"set {key} 0 0 10\r\n0123456789\r\n"))
        + string.Concat(Enumerable.Range(0, 50).Select(SetOf));

    public static string Named(string name) => Requests[name];

    private static string HashOf(int number) => number.ToString("x40", CultureInfo.InvariantCulture);

    // By the protocols 0 to 5 in turn.
    private static string SetOf(int number)
    {
        byte[] value = GoldenPickles.All[number % 6].Value;
        return $"set {HashOf(number)} 1 0 {value.Length} \r\n{Encoding.Latin1.GetString(value)}\r\n";
    }
}
