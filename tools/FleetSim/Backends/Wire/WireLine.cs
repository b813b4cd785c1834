using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using LivenessEngine.Tools.FleetSim.Fleets;

namespace LivenessEngine.Tools.FleetSim.Backends.Wire;

/// <summary>One connection, over which one or more nodes send their heartbeats and hear that they are stored.</summary>
/// <remarks>One thread uses it.</remarks>
internal sealed unsafe class WireLine : IDisposable
{
    private static readonly byte[] Stored = "STORED\r\n"u8.ToArray();

    private readonly Socket _socket;
    private readonly BeatBook _book;
    private readonly Queue<(int Node, int Length)> _unsent = new();
    private readonly Queue<int> _waiting = new();
    private byte[] _out = [];
    private int _start;
    private int _end;
    private int _sentOfFirst;
    private int _receivedOfReply;

    public WireLine(int number, int port, BeatBook book)
    {
        Number = number;
        _book = book;
        _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Connect(IPAddress.Loopback, port);
        _socket.Blocking = false;
    }

    /// <summary>Which of the lines it is.</summary>
    public int Number { get; }

    public int Descriptor => (int)_socket.Handle;

    /// <summary>Whether the server takes no more at present.</summary>
    public bool IsBlocked { get; private set; }

    /// <summary>Whether it has something to send since it was last told to.</summary>
    public bool HasUnsent => _unsent.Count > 0;

    /// <summary>Adds a heartbeat to what is sent next.</summary>
    /// <param name="node">Whose.</param>
    /// <param name="key">Its key.</param>
    /// <param name="rest">The request from behind the key.</param>
    public void Add(int node, ReadOnlySpan<byte> key, ReadOnlySpan<byte> rest)
    {
        int length = 4 + key.Length + rest.Length;
        Reserve(length);
        Span<byte> request = _out.AsSpan(_end, length);
        "set "u8.CopyTo(request);
        key.CopyTo(request[4..]);
        rest.CopyTo(request[(4 + key.Length)..]);
        _end += length;
        _unsent.Enqueue((node, length));
    }

    /// <summary>Sends as much as the server takes.</summary>
    /// <exception cref="InvalidDataException">The connection is lost.</exception>
    public void Send()
    {
        IsBlocked = false;
        while (_start < _end)
        {
            nint count;
            fixed (byte* bytes = &_out[_start])
            {
                count = Native.Send(Descriptor, bytes, _end - _start, Native.DoNotWait | Native.NoSignal);
            }

            if (count < 0)
            {
                ThrowUnlessAgain("send");
                IsBlocked = true;
                return;
            }

            _start += (int)count;
            _sentOfFirst += (int)count;
            while (_unsent.TryPeek(out (int Node, int Length) first) && first.Length <= _sentOfFirst)
            {
                _sentOfFirst -= first.Length;
                _unsent.Dequeue();
                _waiting.Enqueue(first.Node);
                _book.Sent(first.Node);
            }
        }

        (_start, _end) = (0, 0);
    }

    /// <summary>Takes the replies that have come.</summary>
    /// <exception cref="InvalidDataException">The connection is lost, or a reply is another one than STORED.</exception>
    public void Receive(Span<byte> buffer)
    {
        nint count;
        do
        {
            fixed (byte* bytes = buffer)
            {
                count = Native.Receive(Descriptor, bytes, buffer.Length, Native.DoNotWait);
            }

            if (count == 0)
            {
                throw new InvalidDataException("the server closed a connection");
            }

            if (count < 0)
            {
                ThrowUnlessAgain("recv");
                return;
            }

            Take(buffer[..(int)count]);
        }
        while (count == buffer.Length);
    }

    public void Dispose() => _socket.Dispose();

    private void Take(ReadOnlySpan<byte> replies)
    {
        foreach (byte letter in replies)
        {
            if (letter != Stored[_receivedOfReply])
            {
                throw new InvalidDataException($"the server did not store a heartbeat: {System.Text.Encoding.Latin1.GetString(replies).Trim()}");
            }

            if (++_receivedOfReply == Stored.Length)
            {
                _receivedOfReply = 0;
                _book.Accept(_waiting.Dequeue());
            }
        }
    }

    private void Reserve(int length)
    {
        if (_end + length <= _out.Length)
        {
            return;
        }

        byte[] target = _end - _start + length > _out.Length / 2 ? new byte[Math.Max(2 * (_end - _start + length), 1024)] : _out;
        _out.AsSpan(_start, _end - _start).CopyTo(target);
        (_out, _start, _end) = (target, 0, _end - _start);
    }

    private static void ThrowUnlessAgain(string call)
    {
        int error = Marshal.GetLastPInvokeError();
        if (error is not (Native.Again or Native.Interrupted))
        {
            throw new InvalidDataException($"{call} failed: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }
}
