using System.Text;
using LivenessEngine.Testing;

namespace LivenessEngine.Fuzz;

/// <summary>A client that sends what it is given in pieces, reads when it likes, and goes in the middle of anything.</summary>
internal sealed class FuzzClient
{
    private const int MaxUnread = 4096;

    private readonly Random _random;
    private readonly MemoryConnection _connection;
    private readonly bool _readsLate;
    private readonly List<byte> _replies = [];
    private byte _first;
    private int _answered;

    public FuzzClient(MemoryServer server, Random random)
    {
        _random = random;
        _readsLate = random.Next(4) == 0;
        _connection = server.Connect(new MemoryConnection(_readsLate ? MaxUnread : 0));
    }

    /// <summary>How many requests were answered, as far as it has read the replies.</summary>
    public int Answered => _answered;

    public void Send(byte[] bytes)
    {
        _first = bytes.Length > 0 ? bytes[0] : (byte)0;
        int most = _random.Next(4) switch { 0 => bytes.Length, 1 => 10, _ => 2000 };
        for (int at = 0; at < bytes.Length && !_connection.Served.IsCompleted;)
        {
            int length = Math.Min(_random.Next(most) + 1, bytes.Length - at);

            // Not byte by byte through what is very long.
            length = bytes.Length > 50_000 ? Math.Min(length * 1000, bytes.Length - at) : length;
            _connection.Send(bytes.AsSpan(at, length));
            at += length;
            if (!_readsLate)
            {
                _replies.AddRange(_connection.TakeReplies());
            }
        }
    }

    /// <summary>Goes, and checks what was answered.</summary>
    public async Task LeaveAsync()
    {
        if (_readsLate && _random.Next(2) == 0)
        {
            _connection.Abort();
            await Eventually.Done(_connection.Served, "the connection of a client that was cut off ends");
            return;
        }

        _replies.AddRange(_connection.TakeReplies());
        _connection.EndRequests();
        await Eventually.Done(_connection.Served, "the connection of a client that has gone ends");
        _replies.AddRange(_connection.TakeReplies());

        byte[] replies = [.. _replies];
        int error = _first == 0x80 ? BinaryReplyReader.FirstError(replies, out _answered) : ReplyReader.FirstError(replies, out _answered);
        Assert.True(error < 0, $"no reply of memcached: {(error < 0 ? "" : Encoding.Latin1.GetString(replies, error, Math.Min(300, replies.Length - error)))}");
    }
}
