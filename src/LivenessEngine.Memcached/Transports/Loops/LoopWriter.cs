using System.IO.Pipelines;
using System.Threading.Tasks.Sources;

namespace LivenessEngine.Memcached.Transports.Loops;

/// <summary>What goes to a client, as the loop's thread writes it.</summary>
/// <remarks>On the loop's thread alone, but for <see cref="PipeWriter.CancelPendingFlush"/>.</remarks>
internal abstract class LoopWriter : PipeWriter, IValueTaskSource<FlushResult>
{
    private ManualResetValueTaskSourceCore<FlushResult> _flush;
    private CancellationTokenRegistration _cancellation;
    private LoopConnection? _connection;

    // Set by any thread, taken by the loop's; one that comes too late is for nobody.
    private volatile bool _isCancelled;

    /// <summary>Whether there are bytes that were written and not sent.</summary>
    public abstract bool HasBytes { get; }

    /// <summary>The client is gone.</summary>
    protected bool IsBroken { get; set; }

    protected bool IsFlushing { get; private set; }

    protected bool IsCancelled => _isCancelled;

    /// <summary>Whose it is now.</summary>
    protected LoopConnection Connection => _connection!;

    /// <summary>Serves another connection from now on.</summary>
    public void Begin(LoopConnection connection)
    {
        _connection = connection;
        IsBroken = false;
    }

    /// <summary>Any thread may ask.</summary>
    public override void CancelPendingFlush()
    {
        _isCancelled = true;
        Connection.Loop.Post(Connection);
    }

    public override void Complete(Exception? exception = null)
    {
    }

    /// <summary>Goes on with a flush that can go on by now, or was cancelled.</summary>
    public abstract void Poll();

    /// <summary>Before the loop goes on: others write behind what was written and not flushed.</summary>
    public abstract void EndTurn();

    /// <summary>The connection has been closed.</summary>
    public abstract void Close();

    FlushResult IValueTaskSource<FlushResult>.GetResult(short token) => _flush.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) => _flush.GetStatus(token);

    void IValueTaskSource<FlushResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _flush.OnCompleted(continuation, state, token, flags);

    /// <summary>A flush that cannot be done now.</summary>
    protected ValueTask<FlushResult> WaitAsync(CancellationToken cancellationToken)
    {
        _flush.Reset();
        _isCancelled = false;
        IsFlushing = true;
        if (cancellationToken.CanBeCanceled)
        {
            _cancellation = cancellationToken.UnsafeRegister(static self => ((LoopWriter)self!).CancelPendingFlush(), this);
        }

        return new ValueTask<FlushResult>(this, _flush.Version);
    }

    /// <summary>It is done, or given up.</summary>
    protected void EndFlush(bool isCancelled)
    {
        IsFlushing = false;
        _cancellation.Unregister();
        _flush.SetResult(new FlushResult(isCancelled, IsBroken));
    }
}
