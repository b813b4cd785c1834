using System.Text;
using LivenessEngine.Testing;

namespace LivenessEngine.Fuzz.Targets;

/// <summary>
/// A server over memory: each input is a client's whole life. Its replies are memcached's, it ends when its input ends, and
/// in the end nothing is left in the table.
/// </summary>
internal sealed class WireTarget : ITarget
{
    private const int PassEvery = 16;

    private readonly Random _random;
    private readonly FaultLog _log = new();
    private readonly MemoryServer _server;
    private readonly bool _isBinary;
    private int _taken;

    public WireTarget(int seed, bool isBinary)
    {
        _isBinary = isBinary;
        _random = new Random(seed);
        _server = RandomServer.Create(_random, _log);
    }

    public int Take(byte[] input)
    {
        if (++_taken % PassEvery == 0)
        {
            _server.Pass(_random.Next(20) == 0 ? 61 : 0.1);
        }

        if (_isBinary && input.Length > 0)
        {
            input[0] = BinaryPacket.RequestMagic;
        }

        MemoryConnection connection = _server.Connect();
        int most = _random.Next(3) == 0 ? 1 + _random.Next(200) : int.MaxValue;
        for (int at = 0, length; at < input.Length && !connection.Served.IsCompleted; at += length)
        {
            length = Math.Min(most > 50 || input.Length < 2_000 ? most : 2_000, input.Length - at);
            connection.Send(input.AsSpan(at, length));
        }

        connection.EndRequests();
        Assert.True(connection.Served.Wait(Eventually.Deadline), "the connection of a client that has gone ends");
        byte[] replies = connection.TakeReplies();
        int answered;
        int error = input is [BinaryPacket.RequestMagic, ..] ? BinaryReplyReader.FirstError(replies, out answered) : ReplyReader.FirstError(replies, out answered);
        Assert.True(error < 0, $"no reply of memcached: {(error < 0 ? "" : Encoding.Latin1.GetString(replies, error, Math.Min(300, replies.Length - error)))}");
        return answered;
    }

    public void End()
    {
        Assert.Equal("", _log.Faults);
        LeftOver.CheckNone(_server, connections: 1);
        Assert.True(_server.DisposeAsync().AsTask().Wait(Eventually.Deadline), "the server ends");
    }
}
