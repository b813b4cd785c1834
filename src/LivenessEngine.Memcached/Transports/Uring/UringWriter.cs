using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;
using LivenessEngine.Memcached.Transports.Epoll;

namespace LivenessEngine.Memcached.Transports.Uring;

/// <summary>
/// What goes to a client. A flush asks for it to be sent, and the next one waits until it was: that is the back-pressure.
/// </summary>
internal sealed unsafe class UringWriter(UringConnection connection) : PipeWriter, IValueTaskSource<FlushResult>
{
    private readonly SendBuffers _buffers = connection.Loop.SendBuffers;

    private ManualResetValueTaskSourceCore<FlushResult> _flush;
    private CancellationTokenRegistration _cancellation;
    private bool _isFlushing;
    private volatile bool _isCancelled;

    // Being written. The bytes lie in a buffer of the loop's, or in one of nobody's.
    private SendBuffer? _shared;
    private byte[]? _own;
    private int _start;
    private int _length;

    // Being sent.
    private SendBuffer? _sentShared;
    private byte[]? _sentOwn;
    private bool _isSending;
    private bool _isBroken;

    public bool HasBytes => _length > 0 || _isSending;

    public bool IsSending => _isSending;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        byte[] bytes = MakeRoom(Math.Max(sizeHint, 1));
        return bytes.AsMemory(_start + _length);
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        byte[] bytes = MakeRoom(Math.Max(sizeHint, 1));
        return bytes.AsSpan(_start + _length);
    }

    public override void Advance(int bytes) => _length += bytes;

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_length == 0 || _isBroken)
        {
            Drop();
            if (!_isSending || _isBroken)
            {
                return new(new FlushResult(false, _isBroken));
            }
        }
        else if (!_isSending)
        {
            Send();
            return new(new FlushResult(false, _isBroken));
        }

        _flush.Reset();
        _isCancelled = false;
        _isFlushing = true;
        if (cancellationToken.CanBeCanceled)
        {
            _cancellation = cancellationToken.UnsafeRegister(static self => ((UringWriter)self!).CancelPendingFlush(), this);
        }

        return new ValueTask<FlushResult>(this, _flush.Version);
    }

    public override void CancelPendingFlush()
    {
        _isCancelled = true;
        connection.Loop.Post(connection);
    }

    public override void Complete(Exception? exception = null)
    {
    }

    public void OnSent(int result)
    {
        _isSending = false;
        if (result < 0)
        {
            _isBroken = true;
        }

        if (_sentShared is { } shared)
        {
            _sentShared = null;
            _buffers.Release(shared);
        }

        _sentOwn = null;
        if (_isFlushing)
        {
            if (_length > 0 && !_isBroken)
            {
                Send();
            }

            Complete(false);
        }
    }

    public void Poll()
    {
        if (_isFlushing && _isCancelled)
        {
            Complete(true);
        }
    }

    public void EndTurn()
    {
        if (_shared is { } shared && _length > 0 && _own is null)
        {
            // Not flushed: others write behind it.
            _own = new byte[4096 + _length];
            shared.Bytes.AsSpan(_start, _length).CopyTo(_own);
            _start = 0;
            _shared = null;
        }
    }

    public void Close()
    {
        _isBroken = true;
        Drop();
        if (_isFlushing)
        {
            Complete(false);
        }
    }

    FlushResult IValueTaskSource<FlushResult>.GetResult(short token) => _flush.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) => _flush.GetStatus(token);

    void IValueTaskSource<FlushResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _flush.OnCompleted(continuation, state, token, flags);

    private void Complete(bool isCancelled)
    {
        _isFlushing = false;
        _cancellation.Unregister();
        _flush.SetResult(new FlushResult(isCancelled, _isBroken));
    }

    private void Drop() => (_shared, _own, _start, _length) = (null, null, 0, 0);

    private byte[] MakeRoom(int bytes)
    {
        if (_own is null && _shared is null)
        {
            if (bytes <= SendBuffer.Size)
            {
                _shared = _buffers.With(bytes);
                _start = _shared.Used;
                return _shared.Bytes;
            }

            _own = GC.AllocateUninitializedArray<byte>(bytes, pinned: true);
            _start = 0;
            return _own;
        }

        byte[] at = _own ?? _shared!.Bytes;
        if (at.Length - _start - _length >= bytes)
        {
            return at;
        }

        byte[] other = GC.AllocateUninitializedArray<byte>(Math.Max(2 * SendBuffer.Size, 2 * (_length + bytes)), pinned: true);
        at.AsSpan(_start, _length).CopyTo(other);
        (_own, _shared, _start) = (other, null, 0);
        return other;
    }

    private void Send()
    {
        byte[] bytes = _own ?? _shared!.Bytes;
        byte* from = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(bytes)) + _start;
        if (UringLoop.IsDirect)
        {
            nint sent = Libc.Send(connection.Descriptor, from, _length);
            if (sent == _length)
            {
                Drop();
                return;
            }

            if (sent > 0)
            {
                from += sent;
                _start += (int)sent;
                _length -= (int)sent;
            }
        }

        if (_shared is { } shared)
        {
            shared.Used = _start + _length;
            shared.Users++;
            _sentShared = shared;
        }

        _sentOwn = _own;
        _isSending = true;
        connection.Loop.Send(connection.Descriptor, from, _length, connection.Number);
        Drop();
    }
}
