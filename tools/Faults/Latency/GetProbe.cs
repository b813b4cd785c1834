using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using HdrHistogram;
using LivenessEngine.Memcached.Nova;

namespace LivenessEngine.Tools.Faults.Latency;

/// <summary>One client that gets one member after the other, a millisecond apart, and takes the time of each.</summary>
internal sealed class GetProbe : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private readonly Nodes _nodes;
    private readonly Func<int> _next;
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _request = new byte[4 + NovaKey.Sha1Length + 2];
    private readonly byte[] _received = new byte[4096];
    private readonly ValueReplies _replies = new();

    public GetProbe(Nodes nodes, Func<int> next, EndPoint server)
    {
        (_nodes, _next) = (nodes, next);
        "get "u8.CopyTo(_request);
        "\r\n"u8.CopyTo(_request.AsSpan(4 + NovaKey.Sha1Length));
        _socket.Connect(server);
    }

    /// <summary>Nanoseconds of each get, until the token ends it.</summary>
    /// <exception cref="InvalidDataException">A member was not there.</exception>
    public LongHistogram Run(CancellationToken stop)
    {
        var times = new LongHistogram(1, 60_000_000_000, 3);
        while (!stop.IsCancellationRequested)
        {
            _nodes.KeyOf(_next()).CopyTo(_request.AsSpan(4));
            long start = Stopwatch.GetTimestamp();
            Get();
            times.RecordValue((long)Stopwatch.GetElapsedTime(start).TotalNanoseconds);
            Thread.Sleep(Pause);
        }

        return times;
    }

    public void Dispose() => _socket.Dispose();

    private void Get()
    {
        _replies.Clear();
        _socket.Send(_request);
        int received;
        do
        {
            received = _socket.Receive(_received);
        }
        while (received > 0 && !_replies.Take(_received.AsMemory(0, received)));
        if (_replies.Values.Count != 1)
        {
            throw new InvalidDataException("a member that was stored is not there");
        }
    }
}
