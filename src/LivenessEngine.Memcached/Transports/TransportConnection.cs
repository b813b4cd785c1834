using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;

namespace LivenessEngine.Memcached.Transports;

/// <summary>One client as a transport brings it: a pipe for its bytes.</summary>
internal abstract class TransportConnection : IAsyncDisposable
{
    /// <summary>The client's bytes in, ours out.</summary>
    public abstract IDuplexPipe Pipe { get; }

    /// <summary>The client's address; null where the transport has none.</summary>
    public abstract EndPoint? Remote { get; }

    /// <summary>The address it came in by.</summary>
    public abstract EndPoint? Local { get; }

    /// <summary>Whether it can be parked: then who serves it tries to read, and parks it in place of waiting.</summary>
    public virtual bool CanPark => false;

    /// <summary>
    /// Leaves the connection alone until there is something to read. Who serves it returns then, and holds nothing of the
    /// pipe any more: so an idle connection costs neither a pipe nor anything that waits.
    /// </summary>
    public virtual void Park(IParkedClient client) => throw new NotSupportedException();

    /// <summary>Has the read that is under way, or the next one, end without bytes. Any thread may ask.</summary>
    public virtual void CancelRead() => Pipe.Input.CancelPendingRead();

    /// <summary>
    /// Lets the connections go first that share this one's thread, and goes on on that thread, where alone the pipe may be
    /// used. At once where there are no others.
    /// </summary>
    public virtual ValueTask YieldAsync() => ValueTask.CompletedTask;

    /// <summary>Takes no more replies, and ends when those in the pipe are on their way, or the client is gone.</summary>
    public virtual Task FinishAsync() => Pipe.Output.CompleteAsync().AsTask();

    /// <summary>Whether <see cref="TryReleaseAsync"/> can ever succeed.</summary>
    public virtual bool CanRelease => true;

    /// <summary>
    /// Lets the client go on elsewhere: it notices nothing, and what it sends from now on waits for whoever takes the handle.
    /// Null where that cannot be, or not now, and the connection is as it was.
    /// </summary>
    /// <param name="written">Bytes of replies so far: all of them have to be on their way.</param>
    /// <param name="cancellationToken">Ends the wait for that.</param>
    public virtual ValueTask<SafeSocketHandle?> TryReleaseAsync(long written, CancellationToken cancellationToken) => default;

    /// <summary>Ends the connection at once; what waits in the pipe is lost.</summary>
    public abstract void Abort();

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
