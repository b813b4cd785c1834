using CsCheck;
using LivenessEngine.Testing;

namespace LivenessEngine.Memcached.Tests.Server.Text;

/// <summary>
/// Any conversation, cut anywhere, is answered as a slow and obvious server answers it whole. The seed of a failure is
/// printed.
/// </summary>
public sealed class TextSessionTests : IAsyncDisposable
{
    private static readonly Gen<string> Key = Gen.Frequency(
        (20, Gen.OneOf("a", "b", "compute:x", "noreply", new string('k', 250))),
        (1, Gen.OneOf(new string('k', 251), "\u00ff\u0080", "get", "0")));

    private static readonly Gen<string> Number = Gen.OneOf(
        "0", "0", "0", "1", "10", "-1", "+3", "2592000", "2592001", "4294967295", "18446744073709551615", "x", "1x", "");

    private static readonly Gen<string> NoReply = Gen.Frequency((5, Gen.Const("")), (1, Gen.Const(" noreply")), (1, Gen.OneOf(" ", " x", "  noreply ")));

    private static readonly Gen<string> Ending = Gen.Frequency((6, Gen.Const("\r\n")), (1, Gen.Const("\n")));

    // Some are longer than a chunk, and some look like requests. The long ones are made of lines, because where they are
    // taken for requests a line that comes in pieces and does not end closes the connection.
    private static readonly Gen<string> Value = Gen.Frequency(
        (4, Gen.OneOf("", "1", "99", "18446744073709551615", "5 and more", "text")),
        (2, Gen.OneOf("\r\n", "\n", "get a\r\n", "set a 0 0 1\r\n", "\r\n\r\n", "\0\u0080\u00ff")),
        (1, Gen.Int[0, 5000].Select(length => Lines(length))),
        (1, Gen.OneOf(32_600, 32_768, 70_000).Select(length => Lines(length))));

    private static readonly Gen<string> Store =
        from command in Gen.OneOf("set", "set", "set", "add", "replace", "append", "prepend")
        from key in Key
        from flags in Number
        from exptime in Number
        from value in Value
        from difference in Gen.Frequency((20, Gen.Const(0)), (1, Gen.Int[-2, 2]))
        from noReply in NoReply
        from ending in Ending
        select $"{command} {key} {flags} {exptime} {value.Length + difference}{noReply}{ending}{value}\r\n";

    private static readonly Gen<string> Line =
        from line in Gen.OneOf(
            Key.Array[0, 4].Select(keys => $"get {string.Join(' ', keys)}"),
            Gen.Select(Number, Key.Array[0, 4], (exptime, keys) => $"gat {exptime} {string.Join("  ", keys)}"),
            Gen.Select(Key, NoReply, (key, noReply) => $"delete {key}{noReply}"),
            Gen.Select(Key, Number, NoReply, (key, exptime, noReply) => $"touch {key} {exptime}{noReply}"),
            Gen.Select(Gen.OneOf("incr", "decr"), Key, Number, NoReply, (command, key, delta, noReply) => $"{command} {key} {delta}{noReply}"),
            Gen.Select(Key, NoReply, (key, noReply) => $"cas {key} 0 0 0 18446744073709551615{noReply}\r\n"),
            Gen.OneOf("version", "", " ", "foo", "get", "set a", "set a 0 0 x", "flush_all", "flush_all noreply", "delete a b c d e"))
        from ending in Ending
        select line + ending;

    private static readonly Gen<string> Conversation =
        from requests in Gen.Frequency((1, Store), (1, Line)).Array[1, 20]
        from quit in Gen.Frequency((9, Gen.Const("")), (1, Gen.Const("quit\r\n")))
        select string.Concat(requests) + quit;

    // The slow server is memcached's, which flushes all there is.
    private readonly MemoryServer _server = new(new MemcachedServerOptions { FlushHeartbeats = true });

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public void A_conversation_is_answered_as_the_slow_server_answers_it()
        => Conversation.Sample(
            conversation =>
            {
                MemoryConnection client = Fresh();
                client.Send(Bytes.Of(conversation));
                Check(conversation, client);
            },
            iter: 5_000,
            threads: 1);

    [Fact]
    public void However_it_is_cut()
        => Gen.Select(Conversation, Gen.Int[1, 40], Gen.Int[1, 4], Gen.Int).Sample(
            (conversation, piece, segments, seed) =>
            {
                // Pieces of up to so many bytes, now and then a long one, up to so many of them in a read.
                var random = new Random(seed);
                var input = new ScriptedReader();
                MemoryConnection client = Fresh(new MemoryConnection(input: input));
                ReadOnlySpan<byte> rest = Bytes.Of(conversation);
                var read = new List<byte[]>();
                while (!rest.IsEmpty && !client.Served.IsCompleted)
                {
                    int length = Math.Min(rest.Length, random.Next(10) == 0 ? random.Next(1, 4000) : random.Next(1, piece + 1));
                    read.Add(rest[..length].ToArray());
                    rest = rest[length..];
                    if (read.Count == segments || rest.IsEmpty)
                    {
                        input.Feed([.. read]);
                        read.Clear();
                    }
                }

                Check(conversation, client);
                input.End();
                Assert.True(client.Served.IsCompletedSuccessfully);
            },
            iter: 5_000,
            threads: 1);

    private static string Lines(int length) => string.Concat(Enumerable.Repeat(new string('v', 999) + "\n", 100))[..length];

    private MemoryConnection Fresh(MemoryConnection? connection = null)
    {
        Assert.Equal("OK\r\n", _server.Ask("flush_all\r\n"));
        return _server.Connect(connection);
    }

    private void Check(string conversation, MemoryConnection client)
    {
        string expected = new SlowServer(_server.UnixSeconds).Answer(conversation);
        Assert.Equal(expected, Bytes.ToText(client.TakeReplies()));
        client.EndRequests();
    }
}
