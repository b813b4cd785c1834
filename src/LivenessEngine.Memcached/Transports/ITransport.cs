using System.Net;
using System.Net.Sockets;
using LivenessEngine.Time;

namespace LivenessEngine.Memcached.Transports;

/// <summary>
/// How bytes arrive: listens, and hands each client over as an <see cref="TransportConnection"/>. The connection's code
/// is the same on every transport.
/// </summary>
internal interface ITransport : IIntake, IAsyncDisposable
{
    /// <summary>Takes from the system what it is made of, while it may; else that is done by <see cref="Listen"/>.</summary>
    /// <exception cref="IOException">The system refuses it.</exception>
    void Prepare()
    {
    }

    /// <summary>Starts to listen, and returns the address in fact (a port in place of 0).</summary>
    /// <param name="endPoint">Where.</param>
    /// <param name="serve">
    /// Called for each client, on the thread that its bytes will come on. The transport closes the connection when the task
    /// ends, unless the client is parked then (<see cref="TransportConnection.Park"/>).
    /// </param>
    /// <exception cref="SocketException">The address is taken, or not ours.</exception>
    /// <exception cref="IOException">The system refuses what the transport is made of.</exception>
    EndPoint Listen(EndPoint endPoint, Func<TransportConnection, Task> serve);

    /// <summary>Serves a client that another process let go, as if it had come in here. The socket is the transport's from now on.</summary>
    void Adopt(Socket client, Func<TransportConnection, Task> serve);

    /// <summary>Takes no more clients. Those that are there stay.</summary>
    ValueTask StopListeningAsync();
}
