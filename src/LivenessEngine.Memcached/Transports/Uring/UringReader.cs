using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Tasks.Sources;
using LivenessEngine.Memcached.Transports.Epoll;

namespace LivenessEngine.Memcached.Transports.Uring;

/// <summary>What a client sends.</summary>
internal sealed class UringReader(UringConnection connection) : PipeReader, IValueTaskSource<ReadResult>
{
    private ManualResetValueTaskSourceCore<ReadResult> _read;
    private bool _isWaiting;
    private int _isCancelled;

    private byte[]? _buffer;
    private int _id = -1;
    private int _start;
    private int _end;
    private bool _hasNew;
    private bool _isRented;

    // What was read is with the reader, and stays where it is until it says what it has consumed.
    private bool _isOut;

    // What has come since then.
    private byte[]? _next;
    private int _nextLength;
    private bool _isEnded;
    private string? _fault;

    public bool HasBytes => _buffer is not null;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (TryTake(out ReadResult result, out IOException? fault))
        {
            return fault is null ? new(result) : ValueTask.FromException<ReadResult>(fault);
        }

        _read.Reset();
        _isWaiting = true;
        return new ValueTask<ReadResult>(this, _read.Version);
    }

    public override bool TryRead(out ReadResult result)
        => TryTake(out result, out IOException? fault) && (fault is null ? true : throw fault);

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

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

        if (_next is { } next)
        {
            int length = _nextLength;
            (_next, _nextLength) = (null, 0);
            Append(next.AsSpan(0, length));
            ArrayPool<byte>.Shared.Return(next);
            _hasNew = true;
        }
    }

    public void EndTurn()
    {
        if (_id >= 0 && _buffer is not null)
        {
            connection.Loop.Replace((ushort)_id);
            (_id, _isRented) = (-1, false);
        }
    }

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

    public void OnReceived(byte[] buffer, ushort id, int length)
    {
        if (_isOut)
        {
            AppendNext(buffer.AsSpan(0, length));
            connection.Loop.GiveBack(id);
            return;
        }

        if (_buffer is null)
        {
            (_buffer, _id, _start, _end) = (buffer, id, 0, length);
        }
        else
        {
            Append(buffer.AsSpan(0, length));
            connection.Loop.GiveBack(id);
        }

        _hasNew = true;
        Poll();
        if (_id >= 0 && !_isOut)
        {
            Keep(0);
        }
    }

    public void OnEnd(string? fault)
    {
        _isEnded = fault is null;
        _fault = fault;
        Poll();
    }

    public void Poll()
    {
        if (!_isWaiting || !TryTake(out ReadResult result, out IOException? fault))
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

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token) => _read.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _read.OnCompleted(continuation, state, token, flags);

    private bool TryTake(out ReadResult result, out IOException? fault)
    {
        fault = null;
        bool isCancelled = Volatile.Read(ref _isCancelled) != 0 && Interlocked.Exchange(ref _isCancelled, 0) != 0;
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

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_id >= 0 || _buffer is null || _buffer.Length - _end < bytes.Length)
        {
            Keep(bytes.Length + (_end - _start));
        }

        bytes.CopyTo(_buffer.AsSpan(_end));
        _end += bytes.Length;
    }

    private void AppendNext(ReadOnlySpan<byte> bytes)
    {
        if (_next is null || _next.Length - _nextLength < bytes.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(2 * (_nextLength + bytes.Length));
            _next.AsSpan(0, _nextLength).CopyTo(larger);
            if (_next is not null)
            {
                ArrayPool<byte>.Shared.Return(_next);
            }

            _next = larger;
        }

        bytes.CopyTo(_next.AsSpan(_nextLength));
        _nextLength += bytes.Length;
    }

    // What is left goes to a buffer of its own.
    private void Keep(int more)
    {
        int left = _end - _start;
        byte[] rented = ArrayPool<byte>.Shared.Rent(left + more);
        _buffer.AsSpan(_start, left).CopyTo(rented);
        bool hasNew = _hasNew;
        LetGo();
        (_buffer, _start, _end, _hasNew, _isRented) = (rented, 0, left, hasNew, true);
    }

    private void LetGo()
    {
        if (_id >= 0)
        {
            connection.Loop.GiveBack((ushort)_id);
        }
        else if (_isRented && _buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        (_buffer, _id, _start, _end, _hasNew) = (null, -1, 0, 0, false);
    }
}
