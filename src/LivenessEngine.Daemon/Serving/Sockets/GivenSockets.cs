using System.Net.Sockets;
using LivenessEngine.Daemon.CommandLine;
using LivenessEngine.Memcached.Transports;

namespace LivenessEngine.Daemon.Serving.Sockets;

/// <summary>Sockets that another process made and gave to us: some that clients connect to, and some with a client.</summary>
internal sealed class GivenSockets
{
    public List<ListeningSocket> Listening { get; } = [];

    public List<Socket> Clients { get; } = [];

    /// <exception cref="UsageException">It is no socket for a stream of bytes.</exception>
    public void Add(int descriptor)
    {
        Socket socket;
        try
        {
            socket = new Socket(new SafeSocketHandle(descriptor, ownsHandle: true));
        }
        catch (SocketException fault)
        {
            throw new UsageException($"descriptor {descriptor} was given to us and is no socket: {fault.Message}", ExitCode.OperatingSystem);
        }

        if (socket.SocketType != SocketType.Stream)
        {
            throw new UsageException($"descriptor {descriptor} was given to us and is a {socket.SocketType} socket; only streams are served (ListenStream=)", ExitCode.OperatingSystem);
        }

        if ((int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.AcceptConnection)! != 0)
        {
            Listening.Add(new ListeningSocket(socket) { IsShared = true });
        }
        else
        {
            Clients.Add(socket);
        }
    }
}
