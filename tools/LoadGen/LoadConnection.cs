using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace LivenessEngine.Tools.LoadGen;

/// <summary>One socket: sends a batch, waits for its replies, checks every byte of them, and sends the next.</summary>
internal sealed unsafe class LoadConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly Workload _workload;
    private readonly Random _random;
    private readonly int _depth;
    private readonly byte[] _request;
    private readonly byte[] _expected;
    private readonly byte[] _received;
    private int _requestLength;
    private int _sent;
    private int _expectedLength;
    private int _receivedLength;

    public LoadConnection(LoadOptions options, Workload workload, int seed)
    {
        _workload = workload;
        _random = new Random(seed);
        _depth = options.Depth;
        _request = GC.AllocateUninitializedArray<byte>(workload.MostRequestBytes * _depth, pinned: true);
        _expected = new byte[workload.MostReplyBytes * _depth];
        _received = GC.AllocateUninitializedArray<byte>(_expected.Length + 1, pinned: true);
        _socket = Connect(options);
        _socket.Blocking = false;
    }

    public int Descriptor => (int)_socket.Handle;

    /// <summary>When the present batch was begun.</summary>
    public long BatchStarted { get; private set; }

    public static Socket Connect(LoadOptions options)
    {
        bool unix = options.Port == 0;
        var socket = new Socket(
            unix ? AddressFamily.Unix : AddressFamily.InterNetwork, SocketType.Stream, unix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        if (unix)
        {
            socket.Connect(new UnixDomainSocketEndPoint(options.Host));
        }
        else
        {
            socket.NoDelay = true;
            socket.Connect(IPAddress.Parse(options.Host), options.Port);
        }

        return socket;
    }

    public void Begin() => Begin(Stopwatch.GetTimestamp());

    /// <param name="started">From when on the batch's time counts.</param>
    public void Begin(long started)
    {
        _requestLength = _sent = _expectedLength = _receivedLength = 0;
        for (int i = 0; i < _depth; i++)
        {
            _workload.Write(_random, _request, ref _requestLength, _expected, ref _expectedLength);
        }

        BatchStarted = started;
        Send();
    }

    /// <summary>Sends what is left to send.</summary>
    public void Send()
    {
        while (_sent < _requestLength)
        {
            fixed (byte* bytes = &_request[_sent])
            {
                nint count = Native.Send(Descriptor, bytes, _requestLength - _sent, Native.DoNotWait | Native.NoSignal);
                if (count < 0)
                {
                    ThrowUnlessAgain("send");
                    return;
                }

                _sent += (int)count;
            }
        }
    }

    /// <summary>Takes what has come; true when the batch's replies are complete, and right.</summary>
    /// <exception cref="InvalidDataException">A reply is not what it must be.</exception>
    public bool Receive()
    {
        while (_receivedLength < _expectedLength)
        {
            fixed (byte* bytes = &_received[_receivedLength])
            {
                int room = _received.Length - _receivedLength;
                nint count = Native.Receive(Descriptor, bytes, room, Native.DoNotWait);
                if (count == 0)
                {
                    throw new InvalidDataException("the server closed the connection");
                }

                if (count < 0)
                {
                    ThrowUnlessAgain("recv");
                    return false;
                }

                _receivedLength += (int)count;
                if (count < room && _receivedLength < _expectedLength)
                {
                    break;
                }
            }
        }

        if (_receivedLength < _expectedLength && _expected.AsSpan(0, _receivedLength).SequenceEqual(_received.AsSpan(0, _receivedLength)))
        {
            return false;
        }

        Check();
        return true;
    }

    public void Dispose() => _socket.Dispose();

    private void Check()
    {
        ReadOnlySpan<byte> received = _received.AsSpan(0, _receivedLength);
        ReadOnlySpan<byte> expected = _expected.AsSpan(0, _expectedLength);
        if (!received.SequenceEqual(expected))
        {
            int at = received.CommonPrefixLength(expected);
            throw new InvalidDataException(
                $"wrong reply at byte {at}: expected '{Show(expected[at..])}', received '{Show(received[at..])}'");
        }
    }

    private static string Show(ReadOnlySpan<byte> bytes)
        => Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, 60)]).Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static void ThrowUnlessAgain(string call)
    {
        int error = Marshal.GetLastPInvokeError();
        if (error is not (Native.Again or Native.Interrupted))
        {
            throw new InvalidDataException($"{call} failed: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }
}
