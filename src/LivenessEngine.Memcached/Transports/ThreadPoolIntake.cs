using LivenessEngine.Time;

namespace LivenessEngine.Memcached.Transports;

/// <summary>
/// Whether the runtime's thread pool keeps up, by which those are served who come by the runtime's sockets. It does not see
/// what lies in the sockets: only that what was to be done for them has been begun.
/// </summary>
internal sealed class ThreadPoolIntake : IIntake, IThreadPoolWorkItem
{
    private Action? _answer;
    private bool _isSecond;

    public void Ask(Action answer)
    {
        _answer = answer;
        _isSecond = false;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    // Twice: what a socket's event queues is queued by a work item itself.
    public void Execute()
    {
        if (_isSecond)
        {
            _answer!();
            return;
        }

        _isSecond = true;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
