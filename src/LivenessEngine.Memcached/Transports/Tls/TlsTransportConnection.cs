using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace LivenessEngine.Memcached.Transports.Tls;

/// <summary>
/// A client by TLS, on a socket of the runtime's. The handshake is done by the first read: until then it is a connection as
/// any other, which counts, can be stopped, and holds up nobody.
/// </summary>
internal sealed class TlsTransportConnection : TransportConnection, IDuplexPipe
{
    // A record has that much, and a batch of heartbeats fits.
    private const int SegmentBytes = 16 << 10;

    private static readonly IOException Ended = new("The connection has ended.");

    private readonly Socket _socket;
    private readonly SslStream _stream;

    /// <exception cref="SocketException">The client is gone already.</exception>
    public TlsTransportConnection(Socket socket, EndPoint? local, TlsHandshakes handshakes, MemcachedTls kind)
    {
        _socket = socket;
        Local = local;
        if (socket.AddressFamily != AddressFamily.Unix)
        {
            socket.NoDelay = true;
            Remote = socket.RemoteEndPoint;
        }

        _stream = new SslStream(new NetworkStream(socket, ownsSocket: true));

        // Reads of nothing first: a connection waits for its next request without a buffer.
        Input = PipeReader.Create(
            new HandshakingStream(_stream, handshakes, kind), new StreamPipeReaderOptions(bufferSize: SegmentBytes, useZeroByteReads: true));
        Output = PipeWriter.Create(_stream, new StreamPipeWriterOptions(minimumBufferSize: SegmentBytes, leaveOpen: true));
    }

    public override IDuplexPipe Pipe => this;

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    public override EndPoint? Remote { get; }

    public override EndPoint? Local { get; }

    /// <summary>Not: the other process would not have the keys.</summary>
    public override bool CanRelease => false;

    // A stream that is ready never waits, and its thread serves others.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public override async ValueTask YieldAsync() => await Task.Yield();

    public override async Task FinishAsync()
    {
        await Output.FlushAsync().ConfigureAwait(false);
        if (_stream.IsAuthenticated)
        {
            // So that the client can tell the end from one that somebody else made.
            await _stream.ShutdownAsync().ConfigureAwait(false);
        }
    }

    public override void Abort() => _socket.Dispose();

    public override async ValueTask DisposeAsync()
    {
        await Input.CompleteAsync().ConfigureAwait(false);
        await Output.CompleteAsync(Ended).ConfigureAwait(false);
        await _stream.DisposeAsync().ConfigureAwait(false);
    }
}
