using System.Diagnostics;
using System.IO.Pipelines;
using System.Net;

namespace LivenessEngine.Memcached.Transports.Loops;

/// <summary>
/// A client on a descriptor of a loop's, and it stays on that loop. While it is parked this is all there is of it: what
/// is needed to serve it (<see cref="LoopPipe"/>) is lent by the loop when something comes.
/// </summary>
internal abstract class LoopConnection : TransportConnection, ILoopTarget, ILoopWork
{
    private readonly Func<TransportConnection, Task> _serve;

    // Who is to go on when something comes; null while it is being served. The loop's thread alone.
    private IParkedClient? _parked;

    // 1 from when any thread asks for it until the loop's thread has told it. The latter takes it by an exchange: what the
    // other had written before it asked is seen, or there is another cancelled read.
    private int _isCancelled;

    // Set by whoever disposes it, read by the loop's thread after the post that follows.
    private volatile bool _isClosing;

    protected LoopConnection(EventLoop loop, int descriptor, EndPoint? local, Func<TransportConnection, Task> serve)
    {
        Loop = loop;
        Descriptor = descriptor;
        Local = local;
        _serve = serve;
        if (local is IPEndPoint)
        {
            Libc.SetNoDelay(descriptor);
        }
    }

    public EventLoop Loop { get; }

    public int Descriptor { get; }

    /// <summary>What its events carry; negative until it has begun.</summary>
    public int Number { get; protected set; } = -1;

    /// <summary>While it is served; it is borrowed on the loop's thread.</summary>
    public override IDuplexPipe Pipe => BorrowPipe();

    public override EndPoint? Local { get; }

    /// <summary>Asked of the system each time: few ask, and idle connections are many.</summary>
    public override EndPoint? Remote
    {
        get
        {
            lock (Loop.Descriptors)
            {
                return Local is IPEndPoint && !IsClosed ? PeerName.Of(Descriptor) : null;
            }
        }
    }

    public override bool CanPark => true;

    /// <summary>
    /// The descriptor is closed, or somebody else's. Set on the loop's thread and under the loop's lock
    /// (<see cref="EventLoop.Descriptors"/>), which other threads take to look.
    /// </summary>
    protected bool IsClosed { get; private set; }

    /// <summary>
    /// Null while it is parked and has neither bytes to consume nor a reply on its way. Who has closed keeps it: whatever
    /// was awaited there can come late.
    /// </summary>
    protected LoopPipe? PresentPipe { get; private set; }

    public override void Park(IParkedClient client) => _parked = client;

    public override void CancelRead()
    {
        Volatile.Write(ref _isCancelled, 1);
        Loop.Post(this);
    }

    /// <summary>Whether the read is to end without bytes; it is told once.</summary>
    public bool TakeCancelled() => Volatile.Read(ref _isCancelled) != 0 && Interlocked.Exchange(ref _isCancelled, 0) != 0;

    public override ValueTask YieldAsync() => BorrowPipe().Yield.WaitAsync();

    public override async Task FinishAsync()
    {
        await ToLoopAsync().ConfigureAwait(false);
        await BorrowPipe().Writer.FlushAsync().ConfigureAwait(false);
    }

    public override void Abort()
    {
        lock (Loop.Descriptors)
        {
            if (!IsClosed)
            {
                // The loop hears of it, and ends whatever is awaited.
                Libc.Shutdown(Descriptor);
            }
        }
    }

    public override ValueTask DisposeAsync()
    {
        CloseSoon();
        return ValueTask.CompletedTask;
    }

    /// <summary>Closes it, now if this is the loop's thread.</summary>
    public void CloseSoon()
    {
        _isClosing = true;
        if (Loop.IsCurrent)
        {
            Close();
        }
        else
        {
            Loop.Post(this);
        }
    }

    /// <summary>On the loop's thread: begins, goes on or ends, as asked for by another thread.</summary>
    public void Run()
    {
        if (_isClosing)
        {
            Close();
        }
        else if (Number < 0)
        {
            Begin();
        }
        else
        {
            PresentPipe?.Writer.Poll();
            if (Volatile.Read(ref _isCancelled) != 0)
            {
                GoOn();
            }

            EndTurn();
        }
    }

    public abstract void OnEvents(uint flags);

    public abstract void End();

    /// <summary>On the loop's thread, before it goes on to another connection: who is parked gives back the pipe.</summary>
    public void EndTurn()
    {
        if (PresentPipe is not { } pipe)
        {
            return;
        }

        pipe.Reader.EndTurn();
        pipe.Writer.EndTurn();
        if (_parked is not null && pipe.IsIdle && !IsClosed)
        {
            PresentPipe = null;
            Loop.TakeBack(pipe);
        }
    }

    /// <summary>Has the system tell of what comes. False when the client is gone, or cannot be served.</summary>
    protected abstract bool TryBegin();

    /// <summary>Closes the descriptor as soon as that may be.</summary>
    protected abstract void CloseDescriptor();

    /// <summary>Goes on on the loop's thread.</summary>
    protected ValueTask ToLoopAsync() => Loop.IsCurrent ? ValueTask.CompletedTask : YieldAsync();

    /// <summary>A pipe for as long as it is busy.</summary>
    protected LoopPipe BorrowPipe()
    {
        if (PresentPipe is null)
        {
            Debug.Assert(Loop.IsCurrent, "the loop's pipes are its thread's");
            PresentPipe = Loop.LendPipe();
            PresentPipe.Begin(this);
        }

        return PresentPipe;
    }

    /// <summary>There may be something to read: whoever waits for that goes on.</summary>
    protected void GoOn()
    {
        if (_parked is { } client)
        {
            _parked = null;
            ValueTask<bool> serving = client.ResumeAsync();
            if (!serving.IsCompletedSuccessfully)
            {
                BorrowPipe().Follow(serving);
            }
            else if (!serving.Result)
            {
                Close();
            }
        }
        else
        {
            PresentPipe?.Reader.Poll();
        }
    }

    /// <summary>The descriptor is no more the loop's concern, or about to be closed. Under the lock.</summary>
    protected void MarkClosed()
    {
        IsClosed = true;
        Loop.CountConnection(-1);
        if (PresentPipe is { } pipe)
        {
            pipe.Reader.Complete();
            pipe.Writer.Close();
            Loop.WriteOff();
        }
    }

    private void Close()
    {
        lock (Loop.Descriptors)
        {
            if (IsClosed)
            {
                return;
            }

            MarkClosed();
        }

        CloseDescriptor();
    }

    private void Begin()
    {
        if (TryBegin())
        {
            _ = ServeAsync();
            EndTurn();
        }
    }

    private async Task ServeAsync()
    {
        try
        {
            await _serve(this).ConfigureAwait(false);
        }
        finally
        {
            // Who serves it may have parked it by then; it is closed later, when it goes on and does not park it again.
            if (_parked is null)
            {
                CloseSoon();
            }
        }
    }
}
