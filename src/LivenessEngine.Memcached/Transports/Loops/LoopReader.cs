using System.IO.Pipelines;
using System.Threading.Tasks.Sources;

namespace LivenessEngine.Memcached.Transports.Loops;

/// <summary>What a client sends, as the loop's thread reads it.</summary>
/// <remarks>On the loop's thread alone, but for <see cref="PipeReader.CancelPendingRead"/>.</remarks>
internal abstract class LoopReader : PipeReader, IValueTaskSource<ReadResult>
{
    private ManualResetValueTaskSourceCore<ReadResult> _read;
    private LoopConnection? _connection;
    private bool _isWaiting;

    /// <summary>Whose it is now.</summary>
    protected LoopConnection Connection => _connection!;

    /// <summary>Whether there is something that was received and not consumed.</summary>
    public abstract bool HasBytes { get; }

    /// <summary>Whether another connection may have it: there are no bytes, and nothing that only it knows.</summary>
    public virtual bool IsIdle => !HasBytes;

    /// <summary>Serves another connection from now on.</summary>
    public void Begin(LoopConnection connection) => _connection = connection;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (TryTake(out ReadResult result, out IOException? fault))
        {
            return fault is null ? new(result) : ValueTask.FromException<ReadResult>(fault);
        }

        _read.Reset();
        _isWaiting = true;
        return new ValueTask<ReadResult>(this, _read.Version);
    }

    public override bool TryRead(out ReadResult result)
        => TryTake(out result, out IOException? fault) && (fault is null ? true : throw fault);

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void CancelPendingRead() => Connection.CancelRead();

    /// <summary>Goes on with a read that can now be answered.</summary>
    public void Poll()
    {
        if (!_isWaiting || !TryTake(out ReadResult result, out IOException? fault))
        {
            return;
        }

        _isWaiting = false;
        if (fault is null)
        {
            _read.SetResult(result);
        }
        else
        {
            _read.SetException(fault);
        }
    }

    /// <summary>Before the loop goes on: whoever still needs bytes in a buffer of the loop's keeps it.</summary>
    public abstract void EndTurn();

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token) => _read.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _read.OnCompleted(continuation, state, token, flags);

    /// <summary>What there is to read now: bytes, the end, that the read was cancelled, or what has gone wrong.</summary>
    protected abstract bool TryTake(out ReadResult result, out IOException? fault);
}
