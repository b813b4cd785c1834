using System.Net;
using System.Net.Sockets;
using LivenessEngine.Memcached.Nova;
using LivenessEngine.Tools.FleetSim.Judging;

namespace LivenessEngine.Tools.FleetSim.Backends.Wire;

/// <summary>Asks for all nodes as a scheduler does, with many keys in one get, and judges as Nova's driver <c>mc</c>.</summary>
internal sealed class WireReader : IDisposable
{
    // As Nova's clients do, but no longer than a server reads a line of at ease.
    private const int Batch = 5000;

    private readonly Fleet _fleet;
    private readonly Nodes _nodes;
    private readonly Socket _socket;
    private readonly ValueReplies _replies = new();
    private readonly byte[] _request = new byte[(Batch * (NovaKey.Sha1Length + 1)) + 16];
    private readonly byte[] _buffer = new byte[256 << 10];

    public WireReader(Fleet fleet, Nodes nodes, int port)
    {
        (_fleet, _nodes) = (fleet, nodes);
        _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Connect(IPAddress.Loopback, port);
    }

    /// <exception cref="InvalidDataException">The connection is lost, or something came that is no heartbeat.</exception>
    public void Ask()
    {
        for (int first = 0; first < _nodes.Count; first += Batch)
        {
            Ask(first, Math.Min(Batch, _nodes.Count - first));
        }
    }

    public void Dispose() => _socket.Dispose();

    private void Ask(int first, int count)
    {
        TimeSpan asked = _fleet.Clock.Now;
        int length = Write(first, count);
        for (int sent = 0; sent < length;)
        {
            sent += _socket.Send(_request, sent, length - sent, SocketFlags.None);
        }

        _replies.Clear();
        int received;
        do
        {
            received = _socket.Receive(_buffer);
            if (received == 0)
            {
                throw new InvalidDataException("the server closed a reader's connection");
            }
        }
        while (!_replies.Take(_buffer.AsMemory(0, received)));
        Judge(first, count, asked);
    }

    private int Write(int first, int count)
    {
        "get"u8.CopyTo(_request);
        int length = 3;
        for (int node = first; node < first + count; node++)
        {
            _request[length++] = (byte)' ';
            _nodes.KeyOf(node).CopyTo(_request.AsSpan(length));
            length += NovaKey.Sha1Length;
        }

        "\r\n"u8.CopyTo(_request.AsSpan(length));
        return length + 2;
    }

    // Hits come in the order of the keys; whoever is left out is a miss, which is down.
    private void Judge(int first, int count, TimeSpan asked)
    {
        TimeSpan answered = _fleet.Clock.Now;
        DateTime now = DateTime.UtcNow;
        int node = first;
        foreach ((ReadOnlyMemory<byte> key, uint flags, ReadOnlyMemory<byte> value) in _replies.Values)
        {
            for (; !_nodes.KeyOf(node).SequenceEqual(key.Span); node++)
            {
                _fleet.Oracle.Judge(node, isUp: false, asked, answered);
            }

            _fleet.Oracle.Judge(node++, NovaVerdict.OfValue(value.Span, flags, now, _fleet.Options.ServiceDownTime), asked, answered);
        }

        for (; node < first + count; node++)
        {
            _fleet.Oracle.Judge(node, isUp: false, asked, answered);
        }
    }
}
