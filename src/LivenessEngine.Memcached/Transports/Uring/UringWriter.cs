using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LivenessEngine.Memcached.Transports.Loops;

namespace LivenessEngine.Memcached.Transports.Uring;

/// <summary>
/// What goes to a client. It is written into a buffer of the loop's, behind the replies to others; a flush asks for it to be
/// sent at the end of the turn, and the next flush waits until it was: that is the back-pressure.
/// </summary>
internal sealed unsafe class UringWriter(SendBuffers buffers) : LoopWriter
{
    // More than that is not followed by more before it was taken: so a client that reads nothing has one such piece here, and
    // not two.
    private const int MostUnwaited = 16 << 10;

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

    public override bool HasBytes => _length > 0 || _isSending;

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
        if (_length == 0 || IsBroken)
        {
            Drop();
            if (!_isSending || IsBroken)
            {
                return new(new FlushResult(false, IsBroken));
            }
        }
        else if (!_isSending)
        {
            bool isMuch = _length > MostUnwaited;
            Send();
            if (!isMuch)
            {
                return new(new FlushResult(false, IsBroken));
            }
        }

        return WaitAsync(cancellationToken);
    }

    /// <summary>The system has done with the bytes.</summary>
    public void OnSent(int result)
    {
        _isSending = false;
        IsBroken |= result < 0;

        if (_sentShared is { } shared)
        {
            _sentShared = null;
            buffers.Release(shared);
        }

        _sentOwn = null;
        if (IsFlushing)
        {
            if (_length > 0 && !IsBroken)
            {
                Send();
            }

            EndFlush(isCancelled: false);
        }
    }

    public override void Poll()
    {
        if (IsFlushing && IsCancelled)
        {
            EndFlush(isCancelled: true);
        }
    }

    public override void EndTurn()
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

    public override void Close()
    {
        IsBroken = true;
        Drop();
    }

    private void Hold(SendBuffer shared)
    {
        shared.Used = _start + _length;
        buffers.Hold(shared);
        _isHeld = true;
    }

    private void Drop()
    {
        if (_isHeld)
        {
            _isHeld = false;
            buffers.Release(_shared!);
        }

        (_shared, _own, _start, _length) = (null, null, 0, 0);
    }

    private byte[] MakeRoom(int bytes)
    {
        if (_own is null && _shared is null && bytes <= SendBuffer.Size)
        {
            _shared = buffers.With(bytes);
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
        SendBuffer next = buffers.With(_length + bytes);
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
        ((UringConnection)Connection).Send(from, _length);
        (_sentShared, _sentOwn, _isSending) = (_shared, _own, true);
        (_shared, _own, _isHeld, _start, _length) = (null, null, false, 0, 0);
    }
}
