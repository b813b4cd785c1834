using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;

namespace LivenessEngine.Memcached.Transports.Uring;

/// <summary>
/// What goes to a client. It is written into a buffer of the loop's, behind the replies to others; a flush asks for it to be
/// sent at the end of the turn, and the next flush waits until it was: that is the back-pressure.
/// </summary>
/// <remarks>On the loop's thread alone, but for <see cref="CancelPendingFlush"/>.</remarks>
internal sealed unsafe class UringWriter(UringConnection connection) : PipeWriter, IValueTaskSource<FlushResult>
{
    private readonly SendBuffers _buffers = connection.Loop.SendBuffers;

    private ManualResetValueTaskSourceCore<FlushResult> _flush;
    private CancellationTokenRegistration _cancellation;
    private bool _isFlushing;

    // Set by any thread, taken by the loop's; one that comes too late is for nobody.
    private volatile bool _isCancelled;

    // Being written. The bytes lie in a buffer of the loop's, or in one of nobody's.
    private SendBuffer? _shared;
    private byte[]? _own;
    private bool _isHeld;
    private int _start;
    private int _length;

    // Being sent.
    private SendBuffer? _sentShared;
    private byte[]? _sentOwn;
    private bool _isSending;
    private bool _isBroken;

    /// <summary>Whether there are bytes that were written and not sent.</summary>
    public bool HasBytes => _length > 0 || _isSending;

    /// <summary>Whether the system still uses the bytes, and the connection's number.</summary>
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

    /// <summary>Any thread may ask.</summary>
    public override void CancelPendingFlush()
    {
        _isCancelled = true;
        connection.Loop.Post(connection);
    }

    public override void Complete(Exception? exception = null)
    {
    }

    /// <summary>The system has done with the bytes.</summary>
    public void OnSent(int result)
    {
        _isSending = false;
        _isBroken |= result < 0;

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

    /// <summary>Ends a flush that was cancelled.</summary>
    public void Poll()
    {
        if (_isFlushing && _isCancelled)
        {
            Complete(true);
        }
    }

    /// <summary>Before the loop goes on: others write behind what was written and not flushed.</summary>
    public void EndTurn()
    {
        if (_shared is not null && !_isHeld)
        {
            if (_length > 0)
            {
                Hold(_shared);
            }
            else
            {
                _shared = null;
            }
        }
    }

    /// <summary>The connection has been closed.</summary>
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

    private void Hold(SendBuffer shared)
    {
        shared.Used = _start + _length;
        _buffers.Hold(shared);
        _isHeld = true;
    }

    private void Drop()
    {
        if (_isHeld)
        {
            _isHeld = false;
            _buffers.Release(_shared!);
        }

        (_shared, _own, _start, _length) = (null, null, 0, 0);
    }

    private byte[] MakeRoom(int bytes)
    {
        if (_own is null && _shared is null && bytes <= SendBuffer.Size)
        {
            _shared = _buffers.With(bytes);
            _start = _shared.Used;
        }

        if (_own is { } own && own.Length - _length >= bytes)
        {
            return own;
        }

        if (_shared is { } shared && !_isHeld && _length + bytes <= SendBuffer.Size)
        {
            return SendBuffer.Size - _start - _length >= bytes ? shared.Bytes : MoveOn(shared, bytes);
        }

        return Move(Math.Max(2 * SendBuffer.Size, 2 * (_length + bytes)));
    }

    // Not at the end of a buffer, but at the front of the next.
    private byte[] MoveOn(SendBuffer shared, int bytes)
    {
        SendBuffer next = _buffers.With(_length + bytes);
        shared.Bytes.AsSpan(_start, _length).CopyTo(next.Bytes.AsSpan(next.Used));
        (_shared, _start) = (next, next.Used);
        return next.Bytes;
    }

    private byte[] Move(int size)
    {
        byte[] larger = GC.AllocateUninitializedArray<byte>(size, pinned: true);
        int length = _length;
        if (length > 0)
        {
            (_own ?? _shared!.Bytes).AsSpan(_start, length).CopyTo(larger);
        }

        Drop();
        (_own, _length) = (larger, length);
        return larger;
    }

    private void Send()
    {
        if (_shared is { } shared && !_isHeld)
        {
            Hold(shared);
        }

        // Of an array that is pinned for as long as it lives.
        byte* from = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_own ?? _shared!.Bytes)) + _start;
        connection.Loop.Send(connection.Descriptor, from, _length, connection.Number);
        (_sentShared, _sentOwn, _isSending) = (_shared, _own, true);
        (_shared, _own, _isHeld, _start, _length) = (null, null, false, 0, 0);
    }
}
