using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop.Servers;

/// <summary>A client by UDP, of a server on loopback.</summary>
internal sealed class UdpClient : IAsyncDisposable
{
    private const int HeaderBytes = 8;
    private const string Last = "MN\r\n";

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 1 << 20 };
    private readonly IPEndPoint _server;
    private ushort _request;

    public UdpClient(int port)
    {
        _server = new IPEndPoint(IPAddress.Loopback, port);
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    }

    /// <summary>A client of a server that may have to start yet.</summary>
    public static async Task<UdpClient> ConnectAsync(int port)
    {
        await Eventually.True(
            async () =>
            {
                // Not the client itself: the answer may be late, and is for nobody then.
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 100 };
                await socket.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
                try
                {
                    socket.Send([.. Header(0), .. "mn\r\n"u8]);
                    return socket.Receive(new byte[HeaderBytes]) > 0;
                }
                catch (SocketException)
                {
                    return false;
                }
            },
            $"UDP port {port} answers");
        return new UdpClient(port);
    }

    /// <summary>The replies to the requests of one datagram, put together, each by its header.</summary>
    public Task<string[]> AskAsync(string requests) => SendAsync(requests, header: null);

    /// <summary>The replies to a datagram with a header of its own.</summary>
    /// <param name="datagram">What follows the header.</param>
    /// <param name="header">The header; null for a right one.</param>
    public async Task<string[]> SendAsync(string datagram, byte[]? header)
    {
        ushort request = ++_request;
        await SendAsync([.. header ?? Header(request), .. Encoding.Latin1.GetBytes(datagram)]);

        // No reply is one too: what comes after it is there, and it is not.
        ushort end = ++_request;
        await SendAsync([.. Header(end), .. "mn\r\n"u8]);
        var replies = new List<string>();
        byte[] buffer = new byte[64 << 10];
        int missing = 0;
        while (true)
        {
            int length = await Eventually.Of(_socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken).AsTask(), $"replies to {datagram}");
            string text = Encoding.Latin1.GetString(buffer, HeaderBytes, length - HeaderBytes);
            if (BinaryPrimitives.ReadUInt16BigEndian(buffer) == end)
            {
                Assert.Equal((Last, 0), (text, missing));
                return [.. replies];
            }

            int number = BinaryPrimitives.ReadUInt16BigEndian(buffer.AsSpan(2));
            int count = BinaryPrimitives.ReadUInt16BigEndian(buffer.AsSpan(4));
            Assert.True(length <= 1400, $"a datagram of {length} bytes");
            if (number == 0)
            {
                missing = count;
                replies.Add("");
            }

            // In order, on loopback.
            Assert.Equal(count - missing, number);
            missing--;
            replies[^1] += text;
        }
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private static byte[] Header(ushort request) => [(byte)(request >> 8), (byte)request, 0, 0, 0, 1, 0, 0];

    private async Task SendAsync(byte[] datagram) => await _socket.SendToAsync(datagram, SocketFlags.None, _server, TestContext.Current.CancellationToken);
}
