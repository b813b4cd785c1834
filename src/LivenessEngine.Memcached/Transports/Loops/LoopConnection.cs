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
    private LoopPipe? _pipe;

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

    /// <summary>On the loop's thread, or while it is not parked.</summary>
    public override IDuplexPipe Pipe => Lent();

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

    /// <summary>Null while there is nothing under way.</summary>
    protected LoopPipe? PresentPipe => _pipe;

    public override void Park(IParkedClient client) => _parked = client;

    public override void CancelRead()
    {
        Volatile.Write(ref _isCancelled, 1);
        Loop.Post(this);
    }

    /// <summary>Whether the read is to end without bytes; it is told once.</summary>
    public bool TakeCancelled() => Volatile.Read(ref _isCancelled) != 0 && Interlocked.Exchange(ref _isCancelled, 0) != 0;

    public override ValueTask YieldAsync() => Lent().Yield.WaitAsync();

    public override async Task FinishAsync()
    {
        if (!Loop.IsCurrent)
        {
            await YieldAsync().ConfigureAwait(false);
        }

        if (_pipe is { } pipe)
        {
            await pipe.Writer.FlushAsync().ConfigureAwait(false);
        }
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
            _pipe?.Writer.Poll();
            if (Volatile.Read(ref _isCancelled) != 0)
            {
                GoOn();
            }

            EndTurn();
        }
    }

    public abstract void OnEvents(uint flags);

    public abstract void End();

    /// <summary>On the loop's thread, before it goes on to another connection.</summary>
    public void EndTurn()
    {
        if (_pipe is not { } pipe)
        {
            return;
        }

        pipe.Reader.EndTurn();
        pipe.Writer.EndTurn();
        if (_parked is not null && pipe.IsIdle && !IsClosed)
        {
            _pipe = null;
            Loop.TakeBack(pipe);
        }
    }

    /// <summary>Has the system tell of what comes. False when the client is gone, or cannot be served.</summary>
    protected abstract bool TryBegin();

    /// <summary>Closes the descriptor as soon as that may be.</summary>
    protected abstract void Free();

    /// <summary>The pipe of its own, for as long as it is busy.</summary>
    protected LoopPipe Lent()
    {
        if (_pipe is null)
        {
            _pipe = Loop.LendPipe();
            _pipe.Begin(this);
        }

        return _pipe;
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
                Lent().Follow(serving);
            }
            else if (!serving.Result)
            {
                Close();
            }
        }
        else
        {
            _pipe?.Reader.Poll();
        }
    }

    /// <summary>The descriptor is no more the loop's concern, or about to be closed. Under the lock.</summary>
    protected void LetGo()
    {
        IsClosed = true;
        _pipe?.Reader.Complete();
        _pipe?.Writer.Close();
        Loop.CountConnection(-1);
    }

    private void Close()
    {
        lock (Loop.Descriptors)
        {
            if (IsClosed)
            {
                return;
            }

            LetGo();
        }

        Free();
    }

    private void Begin()
    {
        if (!TryBegin())
        {
            return;
        }

        Task serving = _serve(this);
        if (_parked is null)
        {
            _ = FollowAsync(serving);
        }

        EndTurn();
    }

    private async Task FollowAsync(Task serving)
    {
        try
        {
            await serving.ConfigureAwait(false);
        }
        finally
        {
            await DisposeAsync().ConfigureAwait(false);
        }
    }
}
