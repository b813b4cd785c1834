using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;
using LivenessEngine.Memcached.Transports.Loops;

namespace LivenessEngine.Memcached.Transports.Epoll;

/// <summary>
/// What goes to a client. It is written into the loop's own buffer, and a flush sends it on the spot; what the client does
/// not take is sent when it does, and the flush waits for all of it: that is the back-pressure.
/// </summary>
/// <remarks>On the loop's thread alone, but for <see cref="CancelPendingFlush"/>.</remarks>
internal sealed unsafe class EpollWriter(EpollConnection connection) : PipeWriter, IValueTaskSource<FlushResult>
{
    private readonly LoopBuffers _buffers = connection.Loop.Buffers;

    private ManualResetValueTaskSourceCore<FlushResult> _flush;
    private CancellationTokenRegistration _cancellation;
    private bool _isFlushing;

    // Set by any thread, taken by the loop's; one that comes too late is for nobody.
    private volatile bool _isCancelled;

    // Bytes written, those that were sent included, and whose buffer they lie in.
    private byte[]? _buffer;
    private Owner _owner;
    private int _sent;
    private int _length;

    // The client is gone.
    private bool _isBroken;

    private enum Owner
    {
        /// <summary>The loop's: to be given back before the loop goes on.</summary>
        Lent,

        /// <summary>One of the loop's that was kept.</summary>
        Kept,

        /// <summary>Nobody's, for more than the loop's buffers hold.</summary>
        Own,
    }

    /// <summary>Whether there are bytes that were written and not sent.</summary>
    public bool HasBytes => _buffer is not null;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(_length);
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(Math.Max(sizeHint, 1));
        return _buffer.AsSpan(_length);
    }

    public override void Advance(int bytes) => _length += bytes;

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_isFlushing)
        {
            throw new InvalidOperationException("A flush is under way.");
        }

        if (TrySend())
        {
            return new ValueTask<FlushResult>(new FlushResult(isCanceled: false, _isBroken));
        }

        connection.WaitForRoom();
        _flush.Reset();
        _isCancelled = false;
        _isFlushing = true;
        if (cancellationToken.CanBeCanceled)
        {
            _cancellation = cancellationToken.UnsafeRegister(static self => ((EpollWriter)self!).CancelPendingFlush(), this);
        }

        return new ValueTask<FlushResult>(this, _flush.Version);
    }

    /// <summary>Any thread may ask.</summary>
    public override void CancelPendingFlush()
    {
        _isCancelled = true;
        connection.Loop.Post(connection);
    }

    public override void Complete(Exception? exception = null)
    {
    }

    /// <summary>Goes on with a flush for which there is room by now.</summary>
    public void Poll()
    {
        if (_isFlushing && (TrySend() || _isCancelled))
        {
            _isFlushing = false;
            _cancellation.Unregister();
            _flush.SetResult(new FlushResult(_isCancelled, _isBroken));
        }
    }

    /// <summary>Before the loop goes on: what was written and not flushed keeps the loop's buffer.</summary>
    public void EndTurn()
    {
        if (_owner == Owner.Lent && _buffer is not null)
        {
            _owner = Owner.Kept;
            _buffers.GiveAwaySend();
        }
    }

    /// <summary>The connection has been closed.</summary>
    public void Close()
    {
        _isBroken = true;
        LetGo();
    }

    FlushResult IValueTaskSource<FlushResult>.GetResult(short token) => _flush.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) => _flush.GetStatus(token);

    void IValueTaskSource<FlushResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _flush.OnCompleted(continuation, state, token, flags);

    private void MakeRoom(int bytes)
    {
        if (_buffer is null)
        {
            (_buffer, _owner) = (_buffers.Send, Owner.Lent);
        }

        if (_buffer.Length - _length < bytes)
        {
            MoveTo(GC.AllocateUninitializedArray<byte>(Math.Max(2 * _buffer.Length, _length + bytes), pinned: true), Owner.Own);
        }
    }

    private void MoveTo(byte[] other, Owner owner)
    {
        int left = _length - _sent;
        _buffer.AsSpan(_sent, left).CopyTo(other);
        LetGo();
        (_buffer, _owner, _length) = (other, owner, left);
    }

    // True when nothing is left to send, or nobody to send it to.
    private bool TrySend()
    {
        while (!_isBroken && _sent < _length)
        {
            // Of an array that is pinned for as long as it lives.
            byte* from = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_buffer!)) + _sent;
            nint sent = Libc.Send(connection.Descriptor, from, _length - _sent);
            if (sent >= 0)
            {
                _sent += (int)sent;
                continue;
            }

            int error = Libc.LastError;
            if (error == Libc.Again)
            {
                return false;
            }

            _isBroken = error != Libc.Interrupted;
        }

        LetGo();
        return true;
    }

    private void LetGo()
    {
        if (_owner == Owner.Kept && _buffer is not null)
        {
            _buffers.Return(_buffer);
        }

        (_buffer, _sent, _length) = (null, 0, 0);
    }
}
