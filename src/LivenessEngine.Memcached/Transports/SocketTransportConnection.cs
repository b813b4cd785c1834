using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Pipelines.Sockets.Unofficial;

namespace LivenessEngine.Memcached.Transports;

/// <summary>A client on a socket of the runtime's.</summary>
internal sealed class SocketTransportConnection : TransportConnection
{
    // A batch of sixteen heartbeats fits one segment, so that no line of it is split.
    private const int SegmentBytes = 16 << 10;

    // Replies that a client has not taken: the session stops at as much again before it flushes.
    private const int MaxUnsent = 64 << 10;

    private static readonly TimeSpan ReadTime = TimeSpan.FromMilliseconds(20);

    private static readonly PipeOptions Receive = new(
        readerScheduler: PipeScheduler.Inline,
        writerScheduler: PipeScheduler.Inline,
        minimumSegmentSize: SegmentBytes,
        useSynchronizationContext: false);

    private static readonly PipeOptions Send = new(
        readerScheduler: PipeScheduler.Inline,
        writerScheduler: PipeScheduler.Inline,
        pauseWriterThreshold: MaxUnsent,
        resumeWriterThreshold: MaxUnsent / 2,
        minimumSegmentSize: SegmentBytes,
        useSynchronizationContext: false);

    private readonly Socket _socket;
    private readonly SocketConnection _connection;
    private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <exception cref="SocketException">The client is gone already.</exception>
    public SocketTransportConnection(Socket socket, EndPoint? local)
    {
        _socket = socket;
        Local = local;
        if (socket.AddressFamily != AddressFamily.Unix)
        {
            socket.NoDelay = true;
            Remote = socket.RemoteEndPoint;
        }

        // Zero-length reads: a connection waits for its next request without a buffer.
        _connection = SocketConnection.Create(
            socket, Send, Receive, SocketConnectionOptions.ZeroLengthReads | SocketConnectionOptions.InlineReads | SocketConnectionOptions.InlineWrites);

#pragma warning disable CS0618 // Obsolete because not every pipe tells; these do, and nothing else tells when all was sent.
        _connection.Output.OnReaderCompleted(static (_, sent) => ((TaskCompletionSource)sent!).TrySetResult(), _sent);
#pragma warning restore CS0618
    }

    public override IDuplexPipe Pipe => _connection;

    public override EndPoint? Remote { get; }

    public override EndPoint? Local { get; }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public override async ValueTask YieldAsync() => await Task.Yield();

    public override async Task FinishAsync()
    {
        await _connection.Output.CompleteAsync().ConfigureAwait(false);
        await _sent.Task.ConfigureAwait(false);
    }

    public override async ValueTask<SafeSocketHandle?> TryReleaseAsync(long written, CancellationToken cancellationToken)
    {
        while (_connection.BytesSent < written && _connection.ShutdownKind == PipeShutdownKind.None)
        {
            await Task.Delay(1, cancellationToken).ConfigureAwait(false);
        }

        if (!OperatingSystem.IsLinux() || _connection.ShutdownKind != PipeShutdownKind.None)
        {
            return null;
        }

        using var swap = DescriptorSwap.Begin(_socket.SafeHandle);

        // A read that began before the swap has put what it took into the pipe by then. It had nothing to wait for.
        await Task.Delay(ReadTime, cancellationToken).ConfigureAwait(false);
        if (_connection.Input.TryRead(out ReadResult read))
        {
            _connection.Input.AdvanceTo(read.Buffer.Start);
            if (read.IsCompleted || !read.Buffer.IsEmpty)
            {
                return null;
            }
        }

        return swap.Keep();
    }

    public override void Abort() => _socket.Dispose();

    public override async ValueTask DisposeAsync()
    {
        await _connection.Output.CompleteAsync().ConfigureAwait(false);
        await _connection.Input.CompleteAsync().ConfigureAwait(false);
        _connection.Dispose();
    }
}
