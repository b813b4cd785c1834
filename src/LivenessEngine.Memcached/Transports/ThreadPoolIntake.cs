using LivenessEngine.Time;

namespace LivenessEngine.Memcached.Transports;

/// <summary>Whether the runtime's thread pool keeps up, which hears and serves those who come by the runtime's sockets.</summary>
internal sealed class ThreadPoolIntake : IIntake, IThreadPoolWorkItem
{
    private Action? _answer;
    private int _turns;

    public void Ask(Action answer)
    {
        _answer = answer;
        _turns = 0;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    // Twice: what was heard before the first turn is served before the second.
    public void Execute()
    {
        if (_turns++ > 0)
        {
            _answer!();
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }
}
