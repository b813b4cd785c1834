using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;

namespace LivenessEngine.Memcached.Client;

/// <summary>One connection to a memcached server, for one command at a time.</summary>
/// <remarks>Not thread-safe. Every wait ends with the token; after an error the connection is of no more use.</remarks>
internal sealed class MemcachedConnection : IDisposable
{
    /// <summary>Whoever takes a connection and says nothing for so long is stopped, or no server of ours.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(5);

    private const int LongestLine = 64 << 10;

    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly PipeReader _reader;

    private MemcachedConnection(Socket socket, EndPoint server)
    {
        _socket = socket;
        Server = server;
        _stream = new NetworkStream(socket, ownsSocket: true);
        _reader = PipeReader.Create(_stream, new StreamPipeReaderOptions(leaveOpen: true));
    }

    /// <summary>Whom it is connected to.</summary>
    public EndPoint Server { get; }

    /// <summary>A server's address for messages.</summary>
    public static string NameOf(EndPoint server) => server switch
    {
        DnsEndPoint dns => $"{dns.Host}:{dns.Port}",
        UnixDomainSocketEndPoint unix => $"unix:{unix}",
        _ => server.ToString()!,
    };

    /// <exception cref="MemcachedException">The server cannot be reached.</exception>
    public static async Task<MemcachedConnection> ConnectAsync(EndPoint server, CancellationToken cancellationToken)
    {
        Socket socket = server is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server, cancellationToken).ConfigureAwait(false);
            return new MemcachedConnection(socket, server);
        }
        catch (SocketException fault)
        {
            socket.Dispose();
            throw new MemcachedException($"cannot reach {NameOf(server)}: {fault.Message}");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Stores a value.</summary>
    /// <exception cref="MemcachedException">The server did not store it.</exception>
    public async Task SetAsync(string key, ReadOnlyMemory<byte> value, long exptime, CancellationToken cancellationToken)
    {
        byte[] line = Encoding.UTF8.GetBytes($"set {key} 0 {exptime} {value.Length}\r\n");
        byte[] request = [.. line, .. value.Span, (byte)'\r', (byte)'\n'];
        await _stream.WriteAsync(request, cancellationToken).ConfigureAwait(false);
        string reply = await ReadLineAsync(cancellationToken).ConfigureAwait(false);
        if (reply != "STORED")
        {
            throw new MemcachedException($"{Server} answered '{reply}' to a set of '{key}'");
        }
    }

    /// <summary>Deletes a key; false if it was not there.</summary>
    public async Task<bool> DeleteAsync(string key, CancellationToken cancellationToken)
    {
        await SendLineAsync($"delete {key}", cancellationToken).ConfigureAwait(false);
        return await ReadLineAsync(cancellationToken).ConfigureAwait(false) == "DELETED";
    }

    /// <summary>Sends a command of one line, and returns its reply, of one line too.</summary>
    public async Task<string> AskAsync(string command, CancellationToken cancellationToken)
    {
        await SendLineAsync(command, cancellationToken).ConfigureAwait(false);
        return await ReadLineAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks for statistics; names and values as they come.</summary>
    /// <exception cref="MemcachedException">The server knows no such statistics.</exception>
    public async IAsyncEnumerable<(string Name, string Value)> StatsAsync(
        string arguments, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await SendLineAsync($"stats {arguments}".TrimEnd(), cancellationToken).ConfigureAwait(false);
        while (true)
        {
            string line = await ReadLineAsync(cancellationToken).ConfigureAwait(false);
            if (line == "END")
            {
                yield break;
            }

            if (line == "ERROR")
            {
                throw new MemcachedException($"{Server} has no '{$"stats {arguments}".TrimEnd()}': a plain memcached does not tell who its members are");
            }

            string[] words = line.Split(' ', 3);
            if (words is not ["STAT", _, _])
            {
                throw new MemcachedException($"{Server} answered '{line}' to 'stats {arguments}'");
            }

            yield return (words[1], words[2]);
        }
    }

    /// <summary>Follows a log stream until the token is cancelled or the server ends it.</summary>
    /// <exception cref="MemcachedException">The server has no such stream.</exception>
    public async IAsyncEnumerable<string> WatchAsync(
        string arguments, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await SendLineAsync($"watch {arguments}", cancellationToken).ConfigureAwait(false);
        string reply = await ReadFirstLineAsync(cancellationToken).ConfigureAwait(false);
        if (reply != "OK")
        {
            throw new MemcachedException($"{Server} answered '{reply}' to 'watch {arguments}'");
        }

        while (true)
        {
            yield return await ReadLineAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => _stream.Dispose();

    // Events may be long in coming, but whether they will come is said at once.
    private async Task<string> ReadFirstLineAsync(CancellationToken cancellationToken)
    {
        using var wait = new ReplyWait(LongestSilence, cancellationToken);
        try
        {
            return await ReadLineAsync(wait.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (wait.IsOver)
        {
            throw new MemcachedException($"{Server} did not answer within {LongestSilence.TotalSeconds} s");
        }
    }

    private async Task SendLineAsync(string line, CancellationToken cancellationToken)
        => await _stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), cancellationToken).ConfigureAwait(false);

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult read = await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            ReadOnlySequence<byte> buffer = read.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                string line = Encoding.UTF8.GetString(buffer.Slice(0, end)).TrimEnd('\r');
                _reader.AdvanceTo(buffer.GetPosition(1, end));
                return line;
            }

            if (read.IsCompleted || buffer.Length > LongestLine)
            {
                throw new MemcachedException(
                    read.IsCompleted ? $"{Server} closed the connection" : $"{Server} sent a line without an end");
            }

            _reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }
}
