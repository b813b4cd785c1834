using System.Net;
using System.Net.Sockets;
using LivenessEngine.Memcached.Transports.Loops;

namespace LivenessEngine.Memcached.Transports.Uring;

/// <summary>
/// A client that a loop receives from and sends to. It keeps its number and its descriptor until the system has done with
/// both.
/// </summary>
internal sealed class UringConnection(UringLoop loop, int descriptor, EndPoint? local, Func<TransportConnection, Task> serve)
    : LoopConnection(loop, descriptor, local, serve)
{
    private const int NoBuffers = 105, Cancelled = 125;

    // The system receives; it is not to; and nothing is left with the system. The loop's thread alone.
    private bool _isReceiving;
    private bool _isPaused;

    // It has sent ahead of what it reads, or may have, as who is new: then it is heard piece by piece until it has caught up,
    // for of many pieces at once all would have to be kept.
    private bool _isAhead = true;

    // A receive that goes on does not hear of a reset right behind bytes: the end is watched beside it, and has come.
    private bool _isWatchingEnd;
    private bool _isOver;
    private bool _isFree;

    private UringLoop Ring => (UringLoop)Loop;

    private bool IsSending => PresentPipe is { } pipe && ((UringWriter)pipe.Writer).IsSending;

    public override async Task FinishAsync()
    {
        await ToLoopAsync().ConfigureAwait(false);
        if (IsSending)
        {
            // Nobody reads any more: what comes until the client has taken its replies is to wait in its socket.
            Pause();
        }

        await base.FinishAsync().ConfigureAwait(false);
    }

    public override async ValueTask<SafeSocketHandle?> TryReleaseAsync(long written, CancellationToken cancellationToken)
    {
        await FinishAsync().ConfigureAwait(false);
        Pause();
        if (_isWatchingEnd && !IsClosed)
        {
            Ring.StopWatchingEnd(Number);
        }

        while ((_isReceiving || _isWatchingEnd) && !IsClosed)
        {
            // The system does as it is told within a turn.
            await YieldAsync().ConfigureAwait(false);
        }

        lock (Loop.Descriptors)
        {
            // What the client has sent since lies in the socket, and goes with it.
            if (!IsClosed && BorrowPipe().IsEmpty)
            {
                MarkClosed();
                _isFree = true;
                Loop.Remove(Number);
                return new SafeSocketHandle(Descriptor, ownsHandle: true);
            }
        }

        WatchEnd();
        Resume();
        return null;
    }

    public override void OnEvents(uint flags)
    {
    }

    /// <summary>Something has come, and lies in one of the ring's buffers.</summary>
    public void OnReceived(int buffer, int length, bool isReceiving)
    {
        _isReceiving = isReceiving;
        if (IsClosed)
        {
            Ring.Buffers.GiveBack(buffer);
            TryFree();
            return;
        }

        ((UringReader)BorrowPipe().Reader).OnReceived(buffer, length);
        GoOn();
        _isAhead &= length == UringBuffers.Size || PresentPipe is { IsIdle: false };
        Listen();
        HurryIfOver();
        EndTurn();
    }

    /// <summary>Nothing more will come, but for what has.</summary>
    public void OnEnded(int result)
    {
        _isWatchingEnd = false;
        if (IsClosed)
        {
            TryFree();
            return;
        }

        _isOver = result >= 0;
        HurryIfOver();
    }

    /// <summary>The system receives no more: the client has gone, there was no buffer, or it was told to.</summary>
    /// <returns>Whether it should go on.</returns>
    public bool OnReceivedNothing(int result)
    {
        _isReceiving = false;
        if (IsClosed)
        {
            TryFree();
            return false;
        }

        if (result is -Cancelled or -NoBuffers)
        {
            return true;
        }

        ((UringReader)BorrowPipe().Reader).OnEnd(result == 0 ? null : Libc.Message(-result));
        GoOn();
        EndTurn();
        return false;
    }

    public void OnSent(int result)
    {
        ((UringWriter)PresentPipe!.Writer).OnSent(result);
        if (IsClosed)
        {
            TryFree();
            return;
        }

        // It has taken all that it asked for.
        _isAhead &= PresentPipe is { IsIdle: false };
        EndTurn();
    }

    /// <summary>Has all of it sent by the end of the turn.</summary>
    public unsafe void Send(byte* from, int length) => Ring.Send(Descriptor, from, length, Number);

    /// <summary>Has the system receive, unless it does, or nobody wants it to.</summary>
    public void Listen()
    {
        if (!_isReceiving && !_isPaused && !IsClosed && PresentPipe?.Reader is not UringReader { IsEnded: true })
        {
            _isReceiving = true;
            if (_isAhead)
            {
                Ring.ReceiveOnce(Descriptor, Number);
            }
            else
            {
                Ring.Receive(Descriptor, Number);
            }
        }
    }

    /// <summary>Has the system receive no more, soon.</summary>
    public void Pause()
    {
        if (!_isPaused)
        {
            (_isPaused, _isAhead) = (true, true);
            if (_isReceiving)
            {
                Ring.StopReceiving(Number);
            }
        }
    }

    /// <summary>Has it receive again.</summary>
    public void Resume()
    {
        _isPaused = false;
        Listen();
    }

    public override void End()
    {
        Abort();
        Resume();
    }

    protected override bool TryBegin()
    {
        Number = Ring.Enter(this);
        WatchEnd();
        Listen();
        return true;
    }

    protected override void CloseDescriptor()
    {
        if (_isReceiving || _isWatchingEnd || IsSending)
        {
            // That ends them all.
            Libc.Shutdown(Descriptor);
        }

        TryFree();
    }

    // What begins anew looks at what there is, and has the end if there is nothing.
    private void HurryIfOver()
    {
        if (_isOver && _isReceiving && !IsClosed)
        {
            Ring.StopReceiving(Number);
        }
    }

    private void WatchEnd()
    {
        if (!IsClosed && !_isOver)
        {
            _isWatchingEnd = true;
            Ring.WatchEnd(Descriptor, Number);
        }
    }

    private void TryFree()
    {
        if (!_isFree && !_isReceiving && !_isWatchingEnd && !IsSending)
        {
            _isFree = true;
            Loop.Remove(Number);
            _ = Libc.Close(Descriptor);
        }
    }
}
