using System.Net;
using System.Net.Sockets;
using LivenessEngine.Tools.Faults.Judging;

namespace LivenessEngine.Tools.Faults.Fleets;

/// <summary>
/// A client's connection, as a patient client has it: one exchange at a time, given up after a while; what broke is connected
/// again with the next exchange, and never sooner.
/// </summary>
internal sealed class Line(Func<EndPoint> server, ReplyTimes replies, RunClock clock) : IDisposable
{
    /// <summary>How long a reply is waited for: well above what counts as slow.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private Socket? _socket;

    /// <summary>Whether anything of the last exchange may have reached the server.</summary>
    public bool HasSent { get; private set; }

    /// <summary>Sends a request and takes replies until they are complete; false if it came to nothing.</summary>
    /// <param name="request">The bytes.</param>
    /// <param name="take">Is given what has come, and says whether that is all.</param>
    /// <param name="stop">Ends it.</param>
    public async Task<bool> TryExchangeAsync(ReadOnlyMemory<byte> request, Func<ReadOnlyMemory<byte>, bool> take, CancellationToken stop)
    {
        HasSent = false;
        TimeSpan asked = clock.Now;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        try
        {
            _socket ??= await ConnectAsync(patience.Token);
            HasSent = true;
            await ExchangeAsync(_socket, request, take, patience.Token);
            replies.Take(asked);
            return true;
        }
        catch (Exception fault) when (fault is SocketException or OperationCanceledException or InvalidDataException)
        {
            if (!stop.IsCancellationRequested)
            {
                replies.GiveUp(asked, fault is OperationCanceledException);
            }

            Dispose();
            return false;
        }
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private static async Task ExchangeAsync(
        Socket socket, ReadOnlyMemory<byte> request, Func<ReadOnlyMemory<byte>, bool> take, CancellationToken stop)
    {
        // Both ways at once: a long request's replies may fill the sockets before it is sent.
        Task sending = SendAsync(socket, request, stop);
        byte[] buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(64 << 10);
        try
        {
            int received;
            do
            {
                received = await socket.ReceiveAsync(buffer, stop);
                if (received == 0)
                {
                    throw new InvalidDataException("the server closed the connection");
                }
            }
            while (!take(buffer.AsMemory(0, received)));
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }

        await sending;
    }

    private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> request, CancellationToken stop)
    {
        while (!request.IsEmpty)
        {
            request = request[await socket.SendAsync(request, stop)..];
        }
    }

    private async Task<Socket> ConnectAsync(CancellationToken stop)
    {
        EndPoint endPoint = server();
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, stop);
            return socket;
        }
        catch (Exception fault)
        {
            if (fault is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
            {
                replies.Refuse();
            }

            socket.Dispose();
            throw;
        }
    }
}
