using System.IO.Pipelines;
using System.Net;
using System.Text;
using LivenessEngine.Memcached.Transports;

namespace LivenessEngine.Testing;

/// <summary>A client without a network: what the test writes the server reads, and the other way round.</summary>
internal sealed class MemoryConnection : TransportConnection, IDuplexPipe
{
    private readonly PipeReader _input;
    private readonly Pipe _requests;
    private readonly Pipe _replies;

    /// <param name="maxUnread">Replies that may wait for the client before the server has to; 0 for no limit.</param>
    /// <param name="input">What the server reads instead of what the client writes.</param>
    public MemoryConnection(int maxUnread = 0, PipeReader? input = null)
    {
        // Inline: a write returns when the server has done with it, on the thread of the test.
        var receive = new PipeOptions(
            readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, useSynchronizationContext: false);
        var send = new PipeOptions(
            readerScheduler: PipeScheduler.Inline,
            writerScheduler: PipeScheduler.Inline,
            pauseWriterThreshold: maxUnread,
            resumeWriterThreshold: maxUnread / 2,
            useSynchronizationContext: false);
        _requests = new Pipe(receive);
        _replies = new Pipe(send);
        _input = input ?? _requests.Reader;
    }

    /// <summary>The client's end: requests.</summary>
    public PipeWriter Requests => _requests.Writer;

    /// <summary>The client's end: replies.</summary>
    public PipeReader Replies => _replies.Reader;

    /// <summary>What becomes of the server's end; set by the transport.</summary>
    public Task Served { get; set; } = Task.CompletedTask;

    public override IDuplexPipe Pipe => this;

    PipeReader IDuplexPipe.Input => _input;

    PipeWriter IDuplexPipe.Output => _replies.Writer;

    /// <summary>Whether it fails when it is asked who the client is.</summary>
    public bool IsNameless { get; set; }

    public override EndPoint? Remote => IsNameless ? throw new IOException("no name") : null;

    public override EndPoint? Local => null;

    public override void Abort()
    {
        _requests.Writer.CancelPendingFlush();
        _requests.Writer.Complete();
        _replies.Reader.Complete();
    }

    public override async ValueTask DisposeAsync()
    {
        await _replies.Writer.CompleteAsync();
        await _input.CompleteAsync();
    }

    /// <summary>Writes, and lets the server take it.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_requests.Writer.GetSpan(bytes.Length));
        _requests.Writer.Advance(bytes.Length);
        Task flushed = _requests.Writer.FlushAsync().AsTask();
        Assert.True(flushed.IsCompletedSuccessfully, "the server did not take what was sent");
    }

    /// <summary>Writes requests, each character a byte, and returns the replies that are there by then.</summary>
    public string Ask(string requests)
    {
        Send(Encoding.Latin1.GetBytes(requests));
        return Encoding.Latin1.GetString(TakeReplies());
    }

    /// <summary>The client has no more to say.</summary>
    public void EndRequests() => _requests.Writer.Complete();

    /// <summary>The replies that are there by now.</summary>
    public byte[] TakeReplies()
    {
        var taken = new MemoryStream();
        while (_replies.Reader.TryRead(out ReadResult read))
        {
            foreach (ReadOnlyMemory<byte> part in read.Buffer)
            {
                taken.Write(part.Span);
            }

            _replies.Reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        return taken.ToArray();
    }
}
