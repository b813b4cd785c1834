using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LivenessEngine.Memcached.Transports.Loops;

namespace LivenessEngine.Memcached.Transports.Epoll;

/// <summary>
/// What a client sends. Bytes are received into the loop's own buffer; what is not consumed of them is copied to
/// another, so that the next connection can use it.
/// </summary>
/// <remarks>
/// Readiness is told at its changes only (EPOLLET), and a receive that does not fill the buffer has taken all there was
/// (epoll(7); but for who sends urgent or ancillary data, which no client of ours does: it waits until it sends more).
/// </remarks>
internal sealed unsafe class EpollReader(EpollBuffers buffers) : LoopReader
{
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

    public override bool HasBytes => _buffer is not null;

    public override bool IsIdle => _buffer is null && !_isReadable && !_isEndNear;

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_buffer is not null)
        {
            _start = consumed.GetInteger();
            _hasNew = examined.GetInteger() != _end;
            GiveBackWhatIsLent();
        }
    }

    public override void Complete(Exception? exception = null)
    {
        _isEnded = true;
        LetGo();
    }

    /// <summary>There is something to receive.</summary>
    /// <param name="isEndNear">Whether nothing more will come behind that; it says so once.</param>
    public void OnReadable(bool isEndNear)
    {
        _isReadable = true;
        _isEndNear |= isEndNear;
    }

    public override void EndTurn()
    {
        if (_owner == Owner.Lent && _buffer is not null)
        {
            _owner = Owner.Kept;
            buffers.GiveAwayReceive();
        }
    }

    protected override bool TryTake(out ReadResult result, out IOException? fault)
    {
        fault = null;
        bool isCancelled = Connection.TakeCancelled();
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
        bool fits = left <= EpollBuffers.Size / 2;
        byte[] target = fits ? buffers.Receive : GC.AllocateUninitializedArray<byte>(4 * left, pinned: true);
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
            received = Libc.Receive(Connection.Descriptor, AddressOf(target) + left, room);
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
            buffers.Return(_buffer);
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
