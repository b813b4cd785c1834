using System.Net;
using System.Net.Sockets;
using System.Text;
using LivenessEngine.Testing;

namespace LivenessEngine.Fuzz.Differential;

/// <summary>The installed memcached.</summary>
internal sealed class StockPeer(StockMemcached server) : IPeer, IDisposable
{
    private const int Limit = 30_000;

    // No byte is this character.
    private const string Never = "\uffff";

    private readonly byte[] _buffer = new byte[256 << 10];
    private Socket? _shared;

    public string Ask(string requests, string lastReply)
    {
        _shared ??= Connect();
        string replies = Exchange(_shared, requests, lastReply, ends: false);
        if (!replies.EndsWith(lastReply, StringComparison.Ordinal))
        {
            Dispose();
        }

        return replies;
    }

    public string AskAlone(string requests)
    {
        using Socket socket = Connect();
        return Exchange(socket, requests, lastReply: Never, ends: true);
    }

    public void Dispose()
    {
        _shared?.Dispose();
        _shared = null;
    }

    // Sends beside reading: replies that nobody takes would hold up the requests.
    private string Exchange(Socket socket, string requests, string lastReply, bool ends)
    {
        Task sent = Task.Run(() => Send(socket, Encoding.Latin1.GetBytes(requests), ends));
        var replies = new StringBuilder();
        try
        {
            int length;
            while (!EndsWith(replies, lastReply) && (length = socket.Receive(_buffer)) > 0)
            {
                replies.Append(Encoding.Latin1.GetString(_buffer, 0, length));
            }
        }
        catch (SocketException gone) when (gone.SocketErrorCode == SocketError.ConnectionReset)
        {
            // It has closed without reading everything.
        }

        Assert.True(sent.Wait(Limit), "memcached does not take what was sent");
        return replies.ToString();
    }

    private static void Send(Socket socket, byte[] bytes, bool ends)
    {
        try
        {
            socket.Send(bytes);
            if (ends)
            {
                socket.Shutdown(SocketShutdown.Send);
            }
        }
        catch (SocketException)
        {
            // It has closed; the replies tell.
        }
    }

    private static bool EndsWith(StringBuilder text, string end)
        => text.Length >= end.Length && text.ToString(text.Length - end.Length, end.Length) == end;

    private Socket Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = Limit };
        socket.Connect(new IPEndPoint(IPAddress.Loopback, server.Port));
        return socket;
    }
}
