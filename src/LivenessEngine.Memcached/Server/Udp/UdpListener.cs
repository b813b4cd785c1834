using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using LivenessEngine.Memcached.Transports;

namespace LivenessEngine.Memcached.Server.Udp;

/// <summary>An address that requests come to as datagrams. Replies go to nobody but who sent the request.</summary>
internal sealed class UdpListener : IAsyncDisposable
{
    private const int LargestDatagram = 64 << 10;

    // In a socket address, of either family.
    private const int PortOffset = 2;

    // For a value of a megabyte, as far as the system allows.
    private const int SendBuffer = 4 << 20;

    private static readonly TimeSpan PauseAfterError = TimeSpan.FromMilliseconds(50);

    private readonly ServerContext _server;
    private readonly Socket _socket;
    private readonly SocketAddress _sender;
    private readonly UdpExchange _exchange;
    private readonly ThreadPoolIntake _intake = new();
    private readonly CancellationTokenSource _stopped = new();
    private Task _receiving = Task.CompletedTask;

    /// <summary>Takes the address; what comes to it waits for <see cref="Start"/>.</summary>
    /// <exception cref="SocketException">The address is taken, or not ours.</exception>
    public UdpListener(ServerContext server, IPEndPoint endPoint)
    {
        _server = server;
        _socket = Bind(endPoint);
        EndPoint = (IPEndPoint)_socket.LocalEndPoint!;
        _sender = new SocketAddress(endPoint.AddressFamily);
        _exchange = new UdpExchange(server);
    }

    /// <summary>The address in fact, with the port that port 0 became.</summary>
    public IPEndPoint EndPoint { get; }

    public void Start()
    {
        _server.Engine.Intakes.Add(_intake);
        _receiving = Task.Run(ReceiveAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync().ConfigureAwait(false);
        await _receiving.ConfigureAwait(false);
        _server.Engine.Intakes.Remove(_intake);
        _socket.Dispose();
        _stopped.Dispose();
    }

    private static Socket Bind(IPEndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = false;
            }

            socket.SendBufferSize = SendBuffer;
            socket.Bind(endPoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // Survives whatever one datagram does, and goes on after the errors that pass.
    private async Task ReceiveAsync()
    {
        byte[] datagram = GC.AllocateUninitializedArray<byte>(LargestDatagram, pinned: true);
        UdpExchange.Sender send = Send;
        while (!_stopped.IsCancellationRequested)
        {
            try
            {
                int length = await _socket.ReceiveFromAsync(datagram, SocketFlags.None, _sender, _stopped.Token).ConfigureAwait(false);

                // Not on the thread by which the runtime hears its sockets: a send that has to wait would wait for that thread.
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                if (!CameFromOurPort())
                {
                    _exchange.Answer(datagram.AsSpan(0, length), send);
                }
            }
            catch (Exception stopped) when (stopped is OperationCanceledException or ObjectDisposedException && _stopped.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException error)
            {
                Log(() => ServerLog.UdpFailed(_server.Logger, EndPoint, error.Message));
                await Task.Delay(PauseAfterError).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // A fault in one request must not end the others.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                Log(() => ServerLog.UdpRequestFailed(_server.Logger, fault, EndPoint));
            }
        }
    }

    private static void Log(Action write)
    {
        try
        {
            write();
        }
#pragma warning disable CA1031 // A logger that fails must not end the receiving either, nor the stop that waits for it.
        catch (Exception)
#pragma warning restore CA1031
        {
            // There is nobody left to tell.
        }
    }

    // No client: another server, in whose name somebody has sent it. The two would answer each other for ever.
    private bool CameFromOurPort() => BinaryPrimitives.ReadUInt16BigEndian(_sender.Buffer.Span[PortOffset..]) == EndPoint.Port;

    private void Send(ReadOnlySpan<byte> datagram)
    {
        try
        {
            _socket.SendTo(datagram, SocketFlags.None, _sender);
        }
        catch (SocketException error)
        {
            // Nobody is there, or the way is too narrow: whoever asked by UDP expects that.
            ServerLog.UdpNotSent(_server.Logger, EndPoint, error.Message);
        }
    }
}
