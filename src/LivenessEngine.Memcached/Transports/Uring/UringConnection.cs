using LivenessEngine.Memcached.Transports.Epoll;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;

namespace LivenessEngine.Memcached.Transports.Uring;

/// <summary>A client on a descriptor that a loop watches. It stays on that loop.</summary>
internal sealed class UringConnection : TransportConnection, IDuplexPipe, IEpollTarget, ILoopWork
{
    private readonly UringReader _reader;
    private readonly UringWriter _writer;
    private readonly LoopYield _yield;
    private readonly Func<TransportConnection, Task> _serve;

    // The descriptor is closed, or somebody else's, on the loop's thread and under the lock; who aborts looks under it too.
    private readonly Lock _life = new();
    private bool _isClosed;

    // Set by whoever disposes it, read by the loop's thread after the post that follows.
    private volatile bool _isClosing;

    private int _number = -1;
    private bool _isArmed;
    private bool _isFree;

    public UringConnection(UringLoop loop, int descriptor, EndPoint? local, Func<TransportConnection, Task> serve)
    {
        Loop = loop;
        Descriptor = descriptor;
        Local = local;
        if (local is IPEndPoint)
        {
            Libc.SetNoDelay(descriptor);
            Remote = PeerName.Of(descriptor);
        }

        _serve = serve;
        _reader = new UringReader(this);
        _writer = new UringWriter(this);
        _yield = new LoopYield(loop, EndTurn);
    }

    public UringLoop Loop { get; }

    public int Descriptor { get; }

    public override IDuplexPipe Pipe => this;

    public PipeReader Input => _reader;

    public PipeWriter Output => _writer;

    public override EndPoint? Local { get; }

    public override EndPoint? Remote { get; }

    public override ValueTask YieldAsync() => _yield.WaitAsync();

    public override async Task FinishAsync()
    {
        await ToLoopAsync().ConfigureAwait(false);
        await _writer.FlushAsync().ConfigureAwait(false);
    }

    public override async ValueTask<SafeSocketHandle?> TryReleaseAsync(long written, CancellationToken cancellationToken)
    {
        await ToLoopAsync().ConfigureAwait(false);
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

    public int Number => _number;

    public void OnEvents(uint flags)
    {
    }

    public void OnReceived(byte[] buffer, ushort id, int length, bool isArmed)
    {
        _isArmed = isArmed;
        if (_isClosed)
        {
            Loop.GiveBack(id);
            Free();
            return;
        }

        _reader.OnReceived(buffer, id, length);
        if (!_isClosed && !_isArmed)
        {
            Arm();
        }

        EndTurn();
    }

    public void OnNothing(int result, bool isStarved)
    {
        _isArmed = false;
        if (_isClosed)
        {
            Free();
            return;
        }

        if (isStarved)
        {
            Loop.Starve(this);
            return;
        }

        _reader.OnEnd(result == 0 ? null : Libc.Message(-result));
        EndTurn();
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

    public void Arm()
    {
        if (!_isClosed)
        {
            _isArmed = true;
            Loop.Receive(Descriptor, _number);
        }
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


    public void End() => Abort();

    private ValueTask ToLoopAsync() => Loop.IsCurrent ? ValueTask.CompletedTask : YieldAsync();

    private void Begin()
    {
        _number = Loop.Enter(this);
        Arm();
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
                LetGo();
                if (_isArmed || _writer.IsSending)
                {
                    Libc.Shutdown(Descriptor);
                }
                else
                {
                    Free();
                }
            }
        }
    }

    private void Free()
    {
        if (!_isFree && !_isArmed && !_writer.IsSending)
        {
            _isFree = true;
            Loop.Remove(_number);
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
