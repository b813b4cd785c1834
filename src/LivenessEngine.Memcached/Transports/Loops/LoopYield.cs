using System.Threading.Tasks.Sources;

namespace LivenessEngine.Memcached.Transports.Loops;

/// <summary>
/// Lets a loop serve its other connections before it goes on with this one, and brings it back to the loop's thread from
/// wherever it is awaited.
/// </summary>
/// <remarks>
/// One awaits at a time. It is posted only when it is known what goes on then: posted before, it could be done already,
/// and whoever awaits it would go on where it is.
/// </remarks>
internal sealed class LoopYield(EventLoop loop, Action endTurn) : IValueTaskSource, ILoopWork
{
    // Written before it is posted, and read after that; the queue orders it.
    private Action<object?>? _continuation;
    private object? _state;

    public ValueTask WaitAsync() => new(this, 0);

    public void Run()
    {
        Action<object?> continuation = _continuation!;
        _continuation = null;
        continuation(_state);
        endTurn();
    }

    void IValueTaskSource.GetResult(short token)
    {
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => ValueTaskSourceStatus.Pending;

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        _state = state;
        _continuation = continuation;
        loop.Post(this);
    }
}
