using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LivenessEngine.Tools.Faults.Fleets;

namespace LivenessEngine.Tools.Faults.Latency;

/// <summary>Heartbeats at an even rate over one connection, some at a time; all of them must be stored.</summary>
internal sealed class BeatStream : IDisposable
{
    private const int Batch = 100;

    private readonly Nodes _nodes;
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _request = new byte[Batch * BeatWriter.Length];
    private readonly byte[] _received = new byte[8 * Batch];
    private readonly StoredReplies _replies = new();

    public BeatStream(Nodes nodes, EndPoint server)
    {
        _nodes = nodes;
        _socket.Connect(server);
    }

    /// <summary>Sends them, a batch when it is due; returns the rate that it came to.</summary>
    /// <param name="count">How many.</param>
    /// <param name="next">The number of the member whose turn it is.</param>
    /// <param name="perSecond">The rate.</param>
    /// <exception cref="InvalidDataException">One was not stored.</exception>
    public double Send(int count, Func<int> next, double perSecond)
    {
        long start = Stopwatch.GetTimestamp();
        for (int sent = 0; sent < count;)
        {
            int batch = Math.Min(Batch, count - sent);
            Exchange(batch, next);
            sent += batch;
            TimeSpan early = TimeSpan.FromSeconds(sent / perSecond) - Stopwatch.GetElapsedTime(start);
            if (early > TimeSpan.FromMilliseconds(1))
            {
                Thread.Sleep(early);
            }
        }

        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public void Dispose() => _socket.Dispose();

    private void Exchange(int count, Func<int> next)
    {
        DateTime utc = DateTime.UtcNow;
        for (int i = 0; i < count; i++)
        {
            BeatWriter.Write(_nodes.KeyOf(next()), utc, _request.AsSpan(i * BeatWriter.Length));
        }

        _replies.Expect(count);
        _socket.Send(_request.AsSpan(0, count * BeatWriter.Length));
        int received;
        do
        {
            received = _socket.Receive(_received);
        }
        while (received > 0 && !_replies.Take(_received.AsMemory(0, received)));
        if (!_replies.AreAllStored)
        {
            throw new InvalidDataException("a heartbeat was not stored");
        }
    }
}
