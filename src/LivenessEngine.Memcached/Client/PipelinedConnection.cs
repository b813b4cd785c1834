using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;

namespace LivenessEngine.Memcached.Client;

/// <summary>A connection of a pool: plays one exchange at a time, and writes and reads at once, so that neither side waits for the other.</summary>
/// <remarks>Not thread-safe. After any fault it is of no more use.</remarks>
internal sealed class PipelinedConnection : IDisposable
{
    private const int Piece = 32 << 10;

    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly PipeReader _reader;
    private readonly PipeWriter _writer;

    private PipelinedConnection(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: true);
        _reader = PipeReader.Create(_stream, new StreamPipeReaderOptions(bufferSize: Piece, minimumReadSize: 4096, leaveOpen: true));
        _writer = PipeWriter.Create(_stream, new StreamPipeWriterOptions(minimumBufferSize: 4096, leaveOpen: true));
    }

    /// <summary>Whether it was used before: then the server may have closed it meanwhile.</summary>
    public bool IsUsed { get; private set; }

    /// <summary>Whether nothing has happened on it: neither was it closed, nor did something come that nobody asked for.</summary>
    public bool IsQuiet
    {
        get
        {
            try
            {
                return !_socket.Poll(0, SelectMode.SelectRead);
            }
            catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
            {
                return false;
            }
        }
    }

    /// <exception cref="SocketException">The server cannot be reached.</exception>
    public static async Task<PipelinedConnection> ConnectAsync(EndPoint server, CancellationToken cancellationToken)
    {
        Socket socket = server is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server, cancellationToken).ConfigureAwait(false);
            return new PipelinedConnection(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends all commands and reads all replies.</summary>
    /// <param name="exchange">What to say.</param>
    /// <param name="wait">Gets more time with each reply; ended, it ends the exchange.</param>
    /// <exception cref="ReplyException">A reply was none.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task PlayAsync(Exchange exchange, ReplyWait wait)
    {
        IsUsed = true;
        Task writing = WriteAsync(exchange, wait.Token);
        try
        {
            await ReadAsync(exchange, wait).ConfigureAwait(false);
        }
        catch
        {
            // Ends a write that nobody takes any more.
            Dispose();
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        await writing.ConfigureAwait(false);
        exchange.Complete();
    }

    public void Dispose() => _stream.Dispose();

    private async Task WriteAsync(Exchange exchange, CancellationToken cancellationToken)
    {
        for (int i = 0; i < exchange.Count; i++)
        {
            exchange.Write(i, _writer);
            if (_writer.UnflushedBytes >= Piece)
            {
                await _writer.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        await _writer.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task ReadAsync(Exchange exchange, ReplyWait wait)
    {
        int replies = 0;
        while (replies < exchange.Count)
        {
            ReadResult read = await _reader.ReadAsync(wait.Token).ConfigureAwait(false);
            int before = replies;
            SequencePosition consumed = Parse(exchange, read.Buffer, ref replies);
            bool more = !read.Buffer.Slice(consumed).IsEmpty;
            _reader.AdvanceTo(consumed, read.Buffer.End);
            if (replies == exchange.Count)
            {
                if (more)
                {
                    throw new ReplyException("sent more than it was asked for", isRefusal: false);
                }
            }
            else if (read.IsCompleted)
            {
                throw new EndOfStreamException("closed the connection inside a reply");
            }
            else if (replies > before)
            {
                wait.Extend();
            }
        }
    }

    private static SequencePosition Parse(Exchange exchange, in ReadOnlySequence<byte> buffer, ref int replies)
    {
        var reader = new SequenceReader<byte>(buffer);
        while (replies < exchange.Count && exchange.TryRead(replies, ref reader))
        {
            replies++;
        }

        return reader.Position;
    }
}
