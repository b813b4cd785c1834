using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using LivenessEngine.Memcached.Transports.Loops;

namespace LivenessEngine.Memcached.Transports.Epoll;

/// <summary>A client on a descriptor that a loop watches. It stays on that loop.</summary>
internal sealed class EpollConnection : TransportConnection, IDuplexPipe, ILoopTarget, ILoopWork
{
    private const uint Listening = Libc.In | Libc.ReadHangUp;

    private readonly EpollReader _reader;
    private readonly EpollWriter _writer;
    private readonly LoopYield _yield;
    private readonly Func<TransportConnection, Task> _serve;

    // The descriptor is closed, or somebody else's, on the loop's thread and under the lock; who aborts looks under it too.
    private readonly Lock _life = new();
    private bool _isClosed;

    // Set by whoever disposes it, read by the loop's thread after the post that follows.
    private volatile bool _isClosing;

    private int _number = -1;
    private bool _waitsForRoom;

    public EpollConnection(EpollLoop loop, int descriptor, EndPoint? local, Func<TransportConnection, Task> serve)
    {
        Loop = loop;
        Descriptor = descriptor;
        Local = local;
        if (local is IPEndPoint)
        {
            Libc.SetNoDelay(descriptor);
        }

        _serve = serve;
        _reader = new EpollReader(this);
        _writer = new EpollWriter(this);
        _yield = new LoopYield(loop, EndTurn);
    }

    public EpollLoop Loop { get; }

    public int Descriptor { get; }

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
        await ToLoopAsync().ConfigureAwait(false);
        lock (_life)
        {
            // What the client has sent since lies in the socket, and goes with it.
            if (_isClosed || _reader.HasBytes || _writer.HasBytes)
            {
                return null;
            }

            Loop.Forget(Descriptor, _number);
            LetGo();
        }

        return new SafeSocketHandle(Descriptor, ownsHandle: true);
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
        _writer.Poll();
        if ((flags & ~Libc.Out) != 0)
        {
            _reader.Poll(isReadable: true, isEndNear: (flags & ~(Libc.In | Libc.Out)) != 0);
        }

        EndTurn();
    }

    /// <summary>On the loop's thread: begins, goes on or ends, as asked for by another thread.</summary>
    public void Run()
    {
        if (_isClosing)
        {
            Close();
        }
        else if (_number < 0)
        {
            Begin();
        }
        else
        {
            _writer.Poll();
            _reader.Poll(isReadable: false, isEndNear: false);
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
        OnEvents(Listening);
    }

    /// <summary>On the loop's thread: the client has not taken all, and it is to be heard when it can take more.</summary>
    public void WaitForRoom()
    {
        // Not from the start: a unix socket tells of room at every reply that its client takes.
        if (!_waitsForRoom)
        {
            _waitsForRoom = true;
            Loop.Change(Descriptor, Listening | Libc.Out, _number);
        }
    }

    private ValueTask ToLoopAsync() => Loop.IsCurrent ? ValueTask.CompletedTask : YieldAsync();

    private void Begin()
    {
        try
        {
            _number = Loop.Add(Descriptor, Listening, this);
        }
        catch (IOException)
        {
            // Too many descriptors are watched (fs.epoll.max_user_watches): as if the client had not been taken.
            LetGo();
            _ = Libc.Close(Descriptor);
            return;
        }

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

    private void Close()
    {
        lock (_life)
        {
            if (!_isClosed)
            {
                Loop.Remove(_number);
                LetGo();
                _ = Libc.Close(Descriptor);
            }
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
