using System.Net;
using System.Net.Sockets;
using LivenessEngine.Daemon.CommandLine;

namespace LivenessEngine.Daemon.Serving.Sockets;

/// <summary>
/// Takes over from the daemon that listens at an address: gets its listening sockets and its connections, on which nobody
/// is refused and nobody is closed, and waits until it has ended and let go of what it kept.
/// </summary>
/// <remarks>
/// The very sockets and not new ones beside them (SO_REUSEPORT): what waits in the queue of a socket that closes is reset,
/// and a client of Nova's takes a server for dead whose connection is closed.
/// </remarks>
internal static class TakeOver
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>What the other daemon gave, and its process number; null if there is none that can be taken over from.</summary>
    /// <param name="first">The first address to listen on.</param>
    /// <param name="user">The user of -u.</param>
    /// <exception cref="UsageException">There is one, and it does not hand over.</exception>
    public static (GivenSockets Sockets, int Process)? From(EndPoint first, string? user)
    {
        using Socket socket = TakeOverAddress.NewSocket();
        socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        try
        {
            socket.Connect(TakeOverAddress.Of(first));
        }
        catch (SocketException)
        {
            return null;
        }

        (int process, uint owner) = TakeOverAddress.Peer(socket);
        if (!Privileges.IsTrusted(owner, user))
        {
            throw new UsageException($"--take-over: process {process} answers for {first}, and is another user's", ExitCode.OperatingSystem);
        }

        try
        {
            socket.Send([TakeOverAddress.Ask]);
            return (Receive(socket), process);
        }
        catch (Exception fault) when (fault is IOException or SocketException)
        {
            throw new UsageException(
                $"--take-over: process {process}, which listens on {first}, has not handed over within {Patience.TotalSeconds} s: {fault.Message}", ExitCode.OperatingSystem);
        }
    }

    // Until the stream ends, which it does when the other process has ended.
    private static GivenSockets Receive(Socket socket)
    {
        var given = new GivenSockets();
        var descriptors = new List<int>();
        bool whole = false;
        Span<byte> kind = stackalloc byte[1];
        while (Rights.Receive(socket, kind, descriptors) > 0)
        {
            descriptors.ForEach(given.Add);
            descriptors.Clear();
            whole |= kind[0] == TakeOverAddress.End;
        }

        return whole && given.Listening.Count > 0 ? given : throw new IOException("it ended in the middle");
    }
}
