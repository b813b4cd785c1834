using System.Text;
using CsCheck;
using LivenessEngine.Testing;
using static LivenessEngine.Testing.Packets;

namespace LivenessEngine.Memcached.Tests.Server.Binary;

/// <summary>
/// Any conversation, cut anywhere, is answered as it is answered whole; and what the binary protocol does, text sees. The
/// seed of a failure is printed.
/// </summary>
public sealed class BinarySessionTests : IAsyncDisposable
{
    private static readonly Gen<string> Key = Gen.OneOf("a", "b", "compute:x", new string('k', 250));
    private static readonly Gen<uint> Exptime = Gen.OneOf(0u, 10u, 2_592_001u, uint.MaxValue);

    private static readonly Gen<string> Value = Gen.Frequency(
        (4, Gen.OneOf("", "1", "99", "18446744073709551615", "text", "\r\n", "\u0080\u0001\0")),
        (1, Gen.Int[0, 5000].Select(length => new string('v', length))),
        (1, Gen.OneOf(32_600, 32_768, 70_000).Select(length => new string('v', length))));

    private static readonly Gen<string> Cas = Gen.Frequency((6, Gen.Const(None)), (1, Gen.Const("version!")));

    private static readonly Gen<string> Any =
        from store in Gen.Select(Gen.OneOf(Set, SetQ, Add, AddQ, Replace, ReplaceQ), Key, Value, Exptime, Cas, (opcode, key, value, exptime, cas) => Store(opcode, key, value, 3, exptime, cas))
        from added in Gen.Select(Gen.OneOf(Append, AppendQ, Prepend, PrependQ), Key, Value, Cas, (opcode, key, value, cas) => Request(opcode, key, value: value, cas: cas))
        from look in Gen.Select(Gen.OneOf(Get, GetQ, GetK, GetKQ, Delete, DeleteQ), Key, (opcode, key) => Request(opcode, key))
        from touch in Gen.Select(Gen.OneOf(Touch, Gat, GatQ, GatK, GatKQ), Key, Exptime, (opcode, key, exptime) => Request(opcode, key, Big(exptime)))
        from count in Gen.Select(Gen.OneOf(Increment, IncrementQ, Decrement, DecrementQ), Key, Exptime, (opcode, key, exptime) => Count(opcode, key, 5, 7, exptime))
        from other in Gen.OneOf(Ask, Request(VersionCommand), Request(0x77), Request(0x77, "key", "extras", "value"), Request(SaslList))
        from request in Gen.Frequency((4, Gen.Const(store)), (1, Gen.Const(added)), (4, Gen.Const(look)), (1, Gen.Const(touch)), (2, Gen.Const(count)), (1, Gen.Const(other)))
        select request;

    private static readonly Gen<string> Conversation =
        from requests in Any.Array[1, 15]
        from end in Gen.Frequency((9, Gen.Const("")), (1, Gen.OneOf(Request(Quit), Request(QuitQ), Request(Get), Lying(Get, 9, 0, 1), "text\r\n")))
        select string.Concat(requests) + end;

    private readonly MemoryServer _server = new(new MemcachedServerOptions { FlushHeartbeats = true });

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public void A_conversation_is_answered_however_it_is_cut()
        => Gen.Select(Conversation, Gen.Int[1, 40], Gen.Int[1, 4], Gen.Int).Sample(
            (conversation, piece, segments, seed) =>
            {
                MemoryConnection whole = Fresh();
                whole.Send(Bytes.Of(conversation));
                string expected = Bytes.ToText(whole.TakeReplies());
                whole.EndRequests();

                var input = new ScriptedReader();
                MemoryConnection client = Fresh(new MemoryConnection(input: input));
                foreach (byte[][] read in Reads(conversation, piece, segments, seed).TakeWhile(_ => !client.Served.IsCompleted))
                {
                    input.Feed(read);
                }

                Assert.Equal(WithoutVersions(expected), WithoutVersions(Bytes.ToText(client.TakeReplies())));
                input.End();
                Assert.True(client.Served.IsCompletedSuccessfully);
            },
            iter: 3_000,
            threads: 1);

    [Fact]
    public void Text_sees_what_binary_stores()
    {
        MemoryConnection binary = _server.Connect();
        Assert.Equal(Answered, binary.Ask(Store(SetQ, "a", "1", flags: 5, exptime: 0) + Ask));

        Assert.Equal("VALUE a 5 1\r\n1\r\nEND\r\n", _server.Ask("get a\r\n"));
        Assert.Equal("2\r\n", _server.Ask("incr a 1\r\n"));
        Assert.EndsWith("2", binary.Ask(Request(Get, "a")), StringComparison.Ordinal);
    }

    [Theory, InlineData("detail dump"), InlineData(" detail  dump"), InlineData("detail dumpling"), InlineData("detail"), InlineData("nope"), InlineData("reset")]
    public void Whatever_is_asked_of_stat_has_one_end(string what)
    {
        _server.Ask("stats detail on\r\nset a:b 0 0 1\r\n1\r\nset c:d 0 0 1\r\n1\r\n");

        string reply = _server.Connect().Ask(Request(Stat, what) + Ask);

        Assert.EndsWith(Answered, reply, StringComparison.Ordinal);
        int ends = 0;
        for (int at = 0; at < reply.Length; at += LengthAt(reply, at))
        {
            ends += reply[at + 1] == Stat && reply[at + 2] == 0 && reply[at + 3] == 0 ? 1 : 0;
        }

        Assert.Equal(1, ends);
    }

    [Fact]
    public void A_connection_that_ends_inside_a_value_leaves_nothing()
    {
        MemoryConnection client = _server.Connect();
        client.Send(Bytes.Of(Store(Set, "a", new string('v', 200_000))[..100_000]));
        client.EndRequests();

        Assert.True(client.Served.IsCompletedSuccessfully);
        Assert.Equal("END\r\n", _server.Ask("get a\r\n"));
        Assert.Equal("0", _server.Stat("bytes"));
    }

    [Fact]
    public void A_key_that_could_not_stand_in_a_line_is_no_member()
    {
        MemoryConnection client = _server.Connect();
        client.Ask(Store(Set, "compute:a b", "x") + Store(Set, "compute:\r\nSTAT", "x") + Store(Set, "compute:good", "x"));

        Assert.Equal(["STAT compute:good up"], _server.Ask("stats liveness\r\n").Split("\r\n")[..^2].Select(line => string.Join(' ', line.Split(' ')[..3])));
        Assert.EndsWith("compute:a bx", client.Ask(Request(GetK, "compute:a b")), StringComparison.Ordinal);
    }

    // Pieces of up to so many bytes, now and then a long one, up to so many of them in a read.
    private static IEnumerable<byte[][]> Reads(string conversation, int piece, int segments, int seed)
    {
        var random = new Random(seed);
        ReadOnlyMemory<byte> rest = Bytes.Of(conversation);
        var read = new List<byte[]>();
        while (!rest.IsEmpty)
        {
            int length = Math.Min(rest.Length, random.Next(10) == 0 ? random.Next(1, 4000) : random.Next(1, piece + 1));
            read.Add(rest[..length].ToArray());
            rest = rest[length..];
            if (read.Count == segments || rest.IsEmpty)
            {
                yield return [.. read];
                read.Clear();
            }
        }
    }

    private static string WithoutVersions(string replies)
    {
        var packets = new StringBuilder();
        for (int at = 0; at < replies.Length; at += LengthAt(replies, at))
        {
            packets.Append(replies, at, 16).Append(replies, at + HeaderLength, LengthAt(replies, at) - HeaderLength);
        }

        return packets.ToString();
    }

    private MemoryConnection Fresh(MemoryConnection? connection = null)
    {
        _server.Ask("flush_all\r\n");
        _server.Ask("delete compute:x\r\n");
        return _server.Connect(connection);
    }
}
