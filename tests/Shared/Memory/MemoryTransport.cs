using System.Net;
using System.Net.Sockets;
using LivenessEngine.Memcached.Transports;

namespace LivenessEngine.Testing;

/// <summary>Brings clients that a test makes.</summary>
internal sealed class MemoryTransport : ITransport
{
    private Func<TransportConnection, Task>? _serve;

    public EndPoint Listen(EndPoint endPoint, Func<TransportConnection, Task> serve)
    {
        _serve = serve;
        return endPoint;
    }

    /// <summary>A client has come; it is served until either end closes.</summary>
    public MemoryConnection Connect(MemoryConnection? connection = null)
    {
        connection ??= new MemoryConnection();
        connection.Served = ServeAsync(connection);
        return connection;
    }

    public void Ask(Action answer) => answer();

    public void Adopt(Socket client, Func<TransportConnection, Task> serve) => throw new NotSupportedException();

    public ValueTask StopListeningAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task ServeAsync(MemoryConnection connection)
    {
        await using (connection.ConfigureAwait(false))
        {
            await _serve!(connection).ConfigureAwait(false);
        }
    }
}
