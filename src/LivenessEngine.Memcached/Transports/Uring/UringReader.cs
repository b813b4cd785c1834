using System.Buffers;
using System.IO.Pipelines;
using LivenessEngine.Memcached.Transports.Loops;

namespace LivenessEngine.Memcached.Transports.Uring;

/// <summary>
/// What a client sends. Bytes come in the loop's buffers; what is not consumed of them is copied to another,
/// so that an idle connection has none of the loop's.
/// </summary>
internal sealed class UringReader(UringBuffers buffers) : LoopReader
{
    // Bytes received and not consumed, and whose buffer they lie in.
    private byte[]? _buffer;
    private Owner _owner;
    private int _id;
    private int _start;
    private int _end;
    private bool _hasNew;

    // What was read is with the reader, and stays where it is until it says what it has consumed.
    private bool _isOut;

    // What has come since then.
    private byte[]? _next;
    private int _nextLength;
    private bool _isEnded;
    private string? _fault;

    private enum Owner
    {
        /// <summary>The ring's: to be given back before the loop goes on.</summary>
        Lent,

        /// <summary>One of the ring's that was kept.</summary>
        Kept,

        /// <summary>The array pool's.</summary>
        Rented,
    }

    /// <summary>Or the end.</summary>
    public override bool HasBytes => _buffer is not null || IsEnded;

    /// <summary>Whether nothing more will come.</summary>
    public bool IsEnded => _isEnded || _fault is not null;

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _isOut = false;
        if (_buffer is not null)
        {
            _start = consumed.GetInteger();
            _hasNew = examined.GetInteger() != _end;
            if (_start == _end)
            {
                LetGo();
            }
        }

        if (_owner == Owner.Lent && _buffer is not null)
        {
            MoveTo(_end - _start);
        }

        TakeNext();
    }

    public override void Complete(Exception? exception = null)
    {
        (_isEnded, _isOut) = (true, false);
        LetGo();
        if (_next is { } next)
        {
            _next = null;
            ArrayPool<byte>.Shared.Return(next);
        }
    }

    /// <summary>Takes bytes that lie in one of the ring's buffers, which is the reader's to give back.</summary>
    public void OnReceived(int id, int length)
    {
        byte[] bytes = buffers[id];
        if (_isOut)
        {
            AppendNext(bytes.AsSpan(0, length));
            buffers.GiveBack(id);
            return;
        }

        if (_buffer is null)
        {
            (_buffer, _owner, _id, _start, _end) = (bytes, Owner.Lent, id, 0, length);
        }
        else
        {
            Append(bytes.AsSpan(0, length));
            buffers.GiveBack(id);
        }

        _hasNew = true;
    }

    /// <summary>Nothing more will come.</summary>
    public void OnEnd(string? fault)
    {
        _isEnded = fault is null;
        _fault = fault;
    }

    public override void EndTurn()
    {
        if (_owner == Owner.Lent && _buffer is not null)
        {
            _owner = Owner.Kept;
            buffers.GiveAway(_id);
        }
    }

    protected override bool TryTake(out ReadResult result, out IOException? fault)
    {
        fault = null;
        bool isCancelled = Connection.TakeCancelled();
        if (!isCancelled && !_hasNew && !_isEnded)
        {
            result = default;
            fault = _fault is null ? null : new IOException(_fault);
            return fault is not null;
        }

        ReadOnlySequence<byte> bytes = _buffer is null ? default : new(_buffer, _start, _end - _start);
        result = new ReadResult(bytes, isCancelled, _isEnded);
        _isOut = true;
        return true;
    }

    private void TakeNext()
    {
        if (_next is null)
        {
            return;
        }

        (byte[] next, int length) = (_next, _nextLength);
        (_next, _nextLength) = (null, 0);
        if (_buffer is null)
        {
            (_buffer, _owner, _start, _end) = (next, Owner.Rented, 0, length);
        }
        else
        {
            Append(next.AsSpan(0, length));
            ArrayPool<byte>.Shared.Return(next);
        }

        _hasNew = true;
        ((UringConnection)Connection).Resume();
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_owner != Owner.Rented || _buffer!.Length - _end < bytes.Length)
        {
            MoveTo(_end - _start + bytes.Length);
        }

        bytes.CopyTo(_buffer.AsSpan(_end));
        _end += bytes.Length;
    }

    private void AppendNext(ReadOnlySpan<byte> bytes)
    {
        if (_next is null || _next.Length - _nextLength < bytes.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(_nextLength + bytes.Length);
            if (_next is not null)
            {
                _next.AsSpan(0, _nextLength).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_next);
            }

            _next = larger;
        }

        bytes.CopyTo(_next.AsSpan(_nextLength));
        _nextLength += bytes.Length;

        // It came while the connection is busy, with a client that takes no replies, say: more of it is not heard now.
        ((UringConnection)Connection).Pause();
    }

    // What is left goes to a buffer of its own.
    private void MoveTo(int length)
    {
        int left = _end - _start;
        bool hasNew = _hasNew;
        byte[] rented = ArrayPool<byte>.Shared.Rent(length);
        _buffer.AsSpan(_start, left).CopyTo(rented);
        LetGo();
        (_buffer, _owner, _start, _end, _hasNew) = (rented, Owner.Rented, 0, left, hasNew);
    }

    private void LetGo()
    {
        if (_buffer is { } buffer)
        {
            switch (_owner)
            {
                case Owner.Lent:
                    buffers.GiveBack(_id);
                    break;
                case Owner.Kept:
                    buffers.Return(buffer);
                    break;
                default:
                    ArrayPool<byte>.Shared.Return(buffer);
                    break;
            }
        }

        (_buffer, _start, _end, _hasNew) = (null, 0, 0, false);
    }
}
