using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;
using LivenessEngine.Memcached.Transports.Loops;

namespace LivenessEngine.Memcached.Transports.Epoll;

/// <summary>
/// What a client sends. Bytes are received into the loop's own buffer; what is not consumed of them is copied to one of
/// the connection's own, so that the next connection can use it.
/// </summary>
/// <remarks>
/// On the loop's thread alone, but for <see cref="CancelPendingRead"/>. Readiness is told at its changes only (EPOLLET),
/// and a receive that does not fill the buffer has taken all there was (epoll(7); but for who sends urgent or ancillary data,
/// which no client of ours does: it waits until it sends more).
/// </remarks>
internal sealed unsafe class EpollReader(EpollConnection connection) : PipeReader, IValueTaskSource<ReadResult>
{
    private readonly LoopBuffers _buffers = connection.Loop.Buffers;

    private ManualResetValueTaskSourceCore<ReadResult> _read;
    private bool _isWaiting;

    // 1 from when any thread asks for it until the loop's thread has told it. The latter takes it by an exchange: what the
    // other had written before it asked is seen, or there is another cancelled read.
    private int _isCancelled;

    // Bytes received and not consumed, and whose buffer they lie in.
    private byte[]? _buffer;
    private Owner _owner;
    private int _start;
    private int _end;
    private bool _hasNew;

    // The last that was heard is that there is something to receive; and that the end has come, or will behind that.
    private bool _isReadable;
    private bool _isEndNear;
    private bool _isEnded;
    private string? _fault;

    private enum Owner
    {
        /// <summary>The loop's: to be given back before the loop goes on.</summary>
        Lent,

        /// <summary>One of the loop's that was kept.</summary>
        Kept,

        /// <summary>The array pool's.</summary>
        Rented,

        /// <summary>Nobody's, for more than the loop's buffers hold.</summary>
        Own,
    }

    /// <summary>Whether there are bytes that were received and not consumed.</summary>
    public bool HasBytes => _buffer is not null;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (TryReceive(out ReadResult result, out IOException? fault))
        {
            return fault is null ? new(result) : ValueTask.FromException<ReadResult>(fault);
        }

        _read.Reset();
        _isWaiting = true;
        return new ValueTask<ReadResult>(this, _read.Version);
    }

    public override bool TryRead(out ReadResult result)
        => TryReceive(out result, out IOException? fault) && (fault is null ? true : throw fault);

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_buffer is not null)
        {
            _start = consumed.GetInteger();
            _hasNew = examined.GetInteger() != _end;
            GiveBackWhatIsLent();
        }
    }

    /// <summary>Any thread may ask.</summary>
    public override void CancelPendingRead()
    {
        Volatile.Write(ref _isCancelled, 1);
        connection.Loop.Post(connection);
    }

    public override void Complete(Exception? exception = null)
    {
        _isEnded = true;
        LetGo();
    }

    /// <summary>Notes what the system says, and goes on with a read that can now be answered.</summary>
    /// <param name="isReadable">Whether there is something to receive.</param>
    /// <param name="isEndNear">Whether nothing more will come behind that; it says so once.</param>
    public void Poll(bool isReadable, bool isEndNear)
    {
        _isReadable |= isReadable;
        _isEndNear |= isEndNear;
        if (!_isWaiting || !TryReceive(out ReadResult result, out IOException? fault))
        {
            return;
        }

        _isWaiting = false;
        if (fault is null)
        {
            _read.SetResult(result);
        }
        else
        {
            _read.SetException(fault);
        }
    }

    /// <summary>Before the loop goes on: whoever still needs the bytes in the loop's buffer keeps it.</summary>
    public void EndTurn()
    {
        if (_owner == Owner.Lent && _buffer is not null)
        {
            _owner = Owner.Kept;
            _buffers.GiveAwayReceive();
        }
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token) => _read.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _read.OnCompleted(continuation, state, token, flags);

    private bool TryReceive(out ReadResult result, out IOException? fault)
    {
        fault = null;
        bool isCancelled = Volatile.Read(ref _isCancelled) != 0 && Interlocked.Exchange(ref _isCancelled, 0) != 0;
        if (!isCancelled && !_hasNew && !_isEnded)
        {
            if (_isReadable && _fault is null)
            {
                Receive();
            }

            if (!_hasNew && !_isEnded)
            {
                result = default;
                fault = _fault is null ? null : new IOException(_fault);
                return fault is not null;
            }
        }

        ReadOnlySequence<byte> bytes = _buffer is null ? default : new(_buffer, _start, _end - _start);
        result = new ReadResult(bytes, isCancelled, _isEnded);
        return true;
    }

    // Behind what is left of the bytes before, which go to the front of the loop's buffer.
    private void Receive()
    {
        int left = _end - _start;
        bool fits = left <= LoopBuffers.Size / 2;
        byte[] target = fits ? _buffers.Receive : GC.AllocateUninitializedArray<byte>(4 * left, pinned: true);
        if (left > 0)
        {
            _buffer.AsSpan(_start, left).CopyTo(target);
            LetGo();
        }

        (_buffer, _owner, _start, _end) = (target, fits ? Owner.Lent : Owner.Own, 0, left);
        int room = target.Length - left;
        nint received;
        int error = 0;
        do
        {
            received = Libc.Receive(connection.Descriptor, AddressOf(target) + left, room);
        }
        while (received < 0 && (error = Libc.LastError) == Libc.Interrupted);

        if (received > 0)
        {
            _end += (int)received;
            _hasNew = true;
            _isReadable = received == room || _isEndNear;
            return;
        }

        _isReadable = false;
        _isEnded = received == 0;
        if (received < 0 && error != Libc.Again)
        {
            _fault = Libc.Message(error);
        }

        GiveBackWhatIsLent();
    }

    private void GiveBackWhatIsLent()
    {
        int left = _end - _start;
        if (left == 0)
        {
            LetGo();
        }
        else if (_owner == Owner.Lent)
        {
            byte[] rented = ArrayPool<byte>.Shared.Rent(left);
            _buffer.AsSpan(_start, left).CopyTo(rented);
            (_buffer, _owner, _start, _end) = (rented, Owner.Rented, 0, left);
        }
    }

    private void LetGo()
    {
        if (_owner == Owner.Kept && _buffer is not null)
        {
            _buffers.Return(_buffer);
        }
        else if (_owner == Owner.Rented && _buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        (_buffer, _start, _end, _hasNew) = (null, 0, 0, false);
    }

    // Of an array that is pinned for as long as it lives.
    private static byte* AddressOf(byte[] pinned) => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));
}
