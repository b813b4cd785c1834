using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using LivenessEngine.Memcached.Transports.Loops;

namespace LivenessEngine.Memcached.Transports.Uring;

/// <summary>
/// A client that a loop receives from and sends to. It stays on that loop, and keeps its number and its descriptor until the
/// system has done with both.
/// </summary>
internal sealed class UringConnection : TransportConnection, IDuplexPipe, ILoopTarget, ILoopWork
{
    private const int NoBuffers = 105, Cancelled = 125;

    private readonly UringReader _reader;
    private readonly UringWriter _writer;
    private readonly LoopYield _yield;
    private readonly Func<TransportConnection, Task> _serve;

    // The descriptor is closed, or somebody else's, on the loop's thread and under the lock; who aborts looks under it too.
    private readonly Lock _life = new();
    private bool _isClosed;

    // Set by whoever disposes it, read by the loop's thread after the post that follows.
    private volatile bool _isClosing;

    // The system receives; it is not to; and nothing is left with the system. The loop's thread alone.
    private bool _isReceiving;
    private bool _isPaused;

    // A receive that goes on does not hear of a reset right behind bytes: the end is watched beside it, and has come.
    private bool _isWatchingEnd;
    private bool _isOver;
    private bool _isFree;

    public UringConnection(UringLoop loop, int descriptor, EndPoint? local, Func<TransportConnection, Task> serve)
    {
        Loop = loop;
        Descriptor = descriptor;
        Local = local;
        if (local is IPEndPoint)
        {
            Libc.SetNoDelay(descriptor);
        }

        _serve = serve;
        _reader = new UringReader(this);
        _writer = new UringWriter(this);
        _yield = new LoopYield(loop, EndTurn);
    }

    public UringLoop Loop { get; }

    public int Descriptor { get; }

    /// <summary>What its completions carry.</summary>
    public int Number { get; private set; } = -1;

    public override IDuplexPipe Pipe => this;

    public PipeReader Input => _reader;

    public PipeWriter Output => _writer;

    public override EndPoint? Local { get; }

    /// <summary>Asked of the system each time: few ask, and idle connections are many.</summary>
    public override EndPoint? Remote
    {
        get
        {
            lock (_life)
            {
                return Local is IPEndPoint && !_isClosed ? PeerName.Of(Descriptor) : null;
            }
        }
    }

    public override ValueTask YieldAsync() => _yield.WaitAsync();

    public override async Task FinishAsync()
    {
        await ToLoopAsync().ConfigureAwait(false);
        await _writer.FlushAsync().ConfigureAwait(false);
    }

    public override async ValueTask<SafeSocketHandle?> TryReleaseAsync(long written, CancellationToken cancellationToken)
    {
        await FinishAsync().ConfigureAwait(false);
        Pause();
        if (_isWatchingEnd && !_isClosed)
        {
            Loop.StopWatchingEnd(Number);
        }

        while ((_isReceiving || _isWatchingEnd) && !_isClosed)
        {
            // The system does as it is told within a turn.
            await YieldAsync().ConfigureAwait(false);
        }

        lock (_life)
        {
            // What the client has sent since lies in the socket, and goes with it.
            if (!_isClosed && !_reader.HasBytes && !_writer.HasBytes)
            {
                LetGo();
                _isFree = true;
                Loop.Remove(Number);
                return new SafeSocketHandle(Descriptor, ownsHandle: true);
            }
        }

        WatchEnd();
        Resume();
        return null;
    }

    public override void Abort()
    {
        lock (_life)
        {
            if (!_isClosed)
            {
                // The loop hears of it, and ends whatever is awaited.
                Libc.Shutdown(Descriptor);
            }
        }
    }

    public override ValueTask DisposeAsync()
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

        return ValueTask.CompletedTask;
    }

    public void OnEvents(uint flags)
    {
    }

    /// <summary>Something has come, and lies in one of the ring's buffers.</summary>
    public void OnReceived(int buffer, int length, bool isReceiving)
    {
        _isReceiving = isReceiving;
        if (_isClosed)
        {
            Loop.Buffers.GiveBack(buffer);
            Free();
            return;
        }

        _reader.OnReceived(buffer, length);
        Listen();
        HurryIfOver();
        EndTurn();
    }

    /// <summary>Nothing more will come, but for what has.</summary>
    public void OnEnded(int result)
    {
        _isWatchingEnd = false;
        if (_isClosed)
        {
            Free();
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
        if (_isClosed)
        {
            Free();
            return false;
        }

        if (result is -Cancelled or -NoBuffers)
        {
            return true;
        }

        _reader.OnEnd(result == 0 ? null : Libc.Message(-result));
        EndTurn();
        return false;
    }

    public void OnSent(int result)
    {
        _writer.OnSent(result);
        if (_isClosed)
        {
            Free();
            return;
        }

        EndTurn();
    }

    /// <summary>Has the system receive, unless it does, or nobody wants it to.</summary>
    public void Listen()
    {
        if (!_isReceiving && !_isPaused && !_isClosed && !_reader.IsEnded)
        {
            _isReceiving = true;
            Loop.Receive(Descriptor, Number);
        }
    }

    /// <summary>Has the system receive no more, soon.</summary>
    public void Pause()
    {
        if (!_isPaused)
        {
            _isPaused = true;
            if (_isReceiving)
            {
                Loop.StopReceiving(Number);
            }
        }
    }

    /// <summary>Has it receive again.</summary>
    public void Resume()
    {
        _isPaused = false;
        Listen();
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
            _writer.Poll();
            _reader.Poll();
            EndTurn();
        }
    }

    /// <summary>On the loop's thread, before it goes on to another connection.</summary>
    public void EndTurn()
    {
        _reader.EndTurn();
        _writer.EndTurn();
    }

    public void End()
    {
        Abort();
        Resume();
    }

    // What begins anew looks at what there is, and has the end if there is nothing.
    private void HurryIfOver()
    {
        if (_isOver && _isReceiving && !_isClosed)
        {
            Loop.StopReceiving(Number);
        }
    }

    private ValueTask ToLoopAsync() => Loop.IsCurrent ? ValueTask.CompletedTask : YieldAsync();

    private void Begin()
    {
        Number = Loop.Enter(this);
        WatchEnd();
        Listen();
        _ = ServeAsync();
        EndTurn();
    }

    private async Task ServeAsync()
    {
        try
        {
            await _serve(this).ConfigureAwait(false);
        }
        finally
        {
            await DisposeAsync().ConfigureAwait(false);
        }
    }

    private void WatchEnd()
    {
        if (!_isClosed && !_isOver)
        {
            _isWatchingEnd = true;
            Loop.WatchEnd(Descriptor, Number);
        }
    }

    private void Close()
    {
        lock (_life)
        {
            if (_isClosed)
            {
                return;
            }

            LetGo();
        }

        if (_isReceiving || _isWatchingEnd || _writer.IsSending)
        {
            // That ends them all.
            Libc.Shutdown(Descriptor);
        }

        Free();
    }

    private void Free()
    {
        if (!_isFree && !_isReceiving && !_isWatchingEnd && !_writer.IsSending)
        {
            _isFree = true;
            Loop.Remove(Number);
            _ = Libc.Close(Descriptor);
        }
    }

    private void LetGo()
    {
        _isClosed = true;
        _reader.Complete();
        _writer.Close();
        Loop.CountConnection(-1);
    }
}
