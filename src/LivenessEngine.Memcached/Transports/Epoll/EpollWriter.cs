using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LivenessEngine.Memcached.Transports.Loops;

namespace LivenessEngine.Memcached.Transports.Epoll;

/// <summary>
/// What goes to a client. It is written into the loop's own buffer, and a flush sends it on the spot; what the client does
/// not take is sent when it does, and the flush waits for all of it: that is the back-pressure.
/// </summary>
internal sealed unsafe class EpollWriter(EpollBuffers buffers) : LoopWriter
{
    // Bytes written, those that were sent included, and whose buffer they lie in.
    private byte[]? _buffer;
    private Owner _owner;
    private int _sent;
    private int _length;

    private enum Owner
    {
        /// <summary>The loop's: to be given back before the loop goes on.</summary>
        Lent,

        /// <summary>One of the loop's that was kept.</summary>
        Kept,

        /// <summary>Nobody's, for more than the loop's buffers hold.</summary>
        Own,
    }

    public override bool HasBytes => _buffer is not null;

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
        if (IsFlushing)
        {
            throw new InvalidOperationException("A flush is under way.");
        }

        if (TrySend())
        {
            return new ValueTask<FlushResult>(new FlushResult(isCanceled: false, IsBroken));
        }

        ((EpollConnection)Connection).WaitForRoom();
        return WaitAsync(cancellationToken);
    }

    public override void Poll()
    {
        if (IsFlushing && (TrySend() || IsCancelled))
        {
            EndFlush(IsCancelled);
        }
    }

    public override void EndTurn()
    {
        if (_owner == Owner.Lent && _buffer is not null)
        {
            _owner = Owner.Kept;
            buffers.GiveAwaySend();
        }
    }

    public override void Close()
    {
        IsBroken = true;
        LetGo();
    }

    private void MakeRoom(int bytes)
    {
        if (_buffer is null)
        {
            (_buffer, _owner) = (buffers.Send, Owner.Lent);
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
        while (!IsBroken && _sent < _length)
        {
            // Of an array that is pinned for as long as it lives.
            byte* from = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_buffer!)) + _sent;
            nint sent = Libc.Send(Connection.Descriptor, from, _length - _sent);
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

            IsBroken = error != Libc.Interrupted;
        }

        LetGo();
        return true;
    }

    private void LetGo()
    {
        if (_owner == Owner.Kept && _buffer is not null)
        {
            buffers.Return(_buffer);
        }

        (_buffer, _sent, _length) = (null, 0, 0);
    }
}
