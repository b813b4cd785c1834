using LivenessEngine.Memcached.Server;
using LivenessEngine.Time;
using Microsoft.Extensions.Logging;

namespace LivenessEngine.Memcached.Transports.Loops;

/// <summary>A socket that clients come in by. All of it happens on the first loop's thread.</summary>
internal sealed class LoopListener(
    ListeningSocket listening, LoopSet loops, Func<TransportConnection, Task> serve, LivenessClock clock, ILogger logger)
    : ILoopTarget, ILoopWork
{
    // After so many it is the connections' turn, which the first loop has too.
    private const int AcceptsInARow = 64;

    private readonly int _descriptor = (int)listening.Socket.SafeHandle.DangerousGetHandle();
    private readonly Suspension _deaf = new(clock);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _number = -1;
    private bool _isPaused;
    private bool _isAccepting;

    // Set by whoever stops it, read by the loop's thread after the post that follows.
    private volatile bool _isStopping;

    public ListeningSocket Listening => listening;

    /// <summary>Has it begin, or go on.</summary>
    public void Start() => loops.First.Post(this);

    /// <summary>Takes no more clients, and ends when that is sure. The socket stays open.</summary>
    public Task StopAsync()
    {
        _isStopping = true;
        loops.First.Post(this);
        return _stopped.Task;
    }

    /// <summary>Starts, goes on after a pause, or stops.</summary>
    public void Run()
    {
        if (_isStopping)
        {
            Stop();
        }
        else if (_number < 0)
        {
            Begin();
        }
        else
        {
            _isPaused = false;
            AcceptAll();
        }
    }

    public void OnEvents(uint flags)
    {
        if (!_isPaused && !_isStopping)
        {
            AcceptAll();
        }
    }

    public void End() => Stop();

    private void Begin()
    {
        try
        {
            // Who waits already is told of too.
            _number = loops.First.Add(_descriptor, Libc.In, this);
            _deaf.End();
        }
        catch (IOException fault)
        {
            // Too many descriptors are watched (fs.epoll.max_user_watches), say.
            Pause(fault.Message);
        }
    }

    // Until nobody waits: of those who do, nothing is told again.
    private void AcceptAll()
    {
        for (int i = 0; i < AcceptsInARow; i++)
        {
            int client = Libc.Accept(_descriptor);
            int error = client < 0 ? Libc.LastError : 0;
            if (error is not (0 or Libc.Again or Libc.Interrupted or Libc.ConnectionAborted))
            {
                Pause(Libc.Message(error));
                return;
            }

            // Without a descriptor for whoever comes next, it would have failed, whether anybody is there or not.
            _deaf.End();
            if (client >= 0)
            {
                loops.Serve(client, listening.EndPoint, serve);
            }
            else if (error == Libc.Again)
            {
                SetAccepting(false);
                return;
            }
        }

        SetAccepting(true);
        Start();
    }

    private void SetAccepting(bool isAccepting)
    {
        if (isAccepting != _isAccepting)
        {
            _isAccepting = isAccepting;
            loops.First.CountAccepting(isAccepting ? 1 : -1);
        }
    }

    // No more descriptors, say. Who waits is still there when some have come free.
    private void Pause(string reason)
    {
        _isPaused = true;
        SetAccepting(false);
        _deaf.Begin();
        ServerLog.AcceptFailed(logger, listening.EndPoint, reason);
        loops.First.PostLater(this);
    }

    private void Stop()
    {
        if (_number >= 0)
        {
            loops.First.Forget(_descriptor, _number);
            _number = -1;
        }

        SetAccepting(false);
        _deaf.End();
        _stopped.TrySetResult();
    }
}
