using System.Net.Sockets;

namespace LivenessEngine.Tools.LoadGen.Comparing;

/// <summary>Clients that have asked once, and then say nothing.</summary>
internal sealed class IdleConnections : IDisposable
{
    // Both of memcached and of redis, which takes a line for a command too.
    private static readonly byte[] Question = "get a\r\n"u8.ToArray();

    private readonly List<Socket> _sockets = [];

    public static IdleConnections Open(LoadOptions options, int count)
    {
        var idle = new IdleConnections();
        byte[] reply = new byte[64];
        for (int i = 0; i < count; i++)
        {
            Socket socket = LoadConnection.Connect(options);
            idle._sockets.Add(socket);
            _ = socket.Send(Question);
            _ = socket.Receive(reply);
        }

        return idle;
    }

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());
}
