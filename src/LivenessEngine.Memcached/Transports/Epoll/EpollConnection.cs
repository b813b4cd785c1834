using System.Net;
using System.Net.Sockets;
using LivenessEngine.Memcached.Transports.Loops;

namespace LivenessEngine.Memcached.Transports.Epoll;

/// <summary>A client on a descriptor that a loop watches.</summary>
internal sealed class EpollConnection(EpollLoop loop, int descriptor, EndPoint? local, Func<TransportConnection, Task> serve)
    : LoopConnection(loop, descriptor, local, serve)
{
    private const uint Listening = Libc.In | Libc.ReadHangUp;

    private bool _waitsForRoom;

    public override async ValueTask<SafeSocketHandle?> TryReleaseAsync(long written, CancellationToken cancellationToken)
    {
        await ToLoopAsync().ConfigureAwait(false);
        lock (Loop.Descriptors)
        {
            // What the client has sent since lies in the socket, and goes with it.
            if (IsClosed || !BorrowPipe().IsEmpty)
            {
                return null;
            }

            Loop.Forget(Descriptor, Number);
            MarkClosed();
        }

        return new SafeSocketHandle(Descriptor, ownsHandle: true);
    }

    public override void OnEvents(uint flags)
    {
        PresentPipe?.Writer.Poll();
        if ((flags & ~Libc.Out) != 0)
        {
            ((EpollReader)BorrowPipe().Reader).OnReadable(isEndNear: (flags & ~(Libc.In | Libc.Out)) != 0);
            GoOn();
        }

        EndTurn();
    }

    public override void End()
    {
        Abort();
        OnEvents(Listening);
    }

    /// <summary>On the loop's thread: the client has not taken all, and it is to be heard when it can take more.</summary>
    public void WaitForRoom()
    {
        // Not from the start: a unix socket tells of room at every reply that its client takes.
        if (!_waitsForRoom)
        {
            _waitsForRoom = true;
            ((EpollLoop)Loop).Change(Descriptor, Listening | Libc.Out, Number);
        }
    }

    protected override bool TryBegin()
    {
        try
        {
            Number = Loop.Add(Descriptor, Listening, this);
            return true;
        }
        catch (IOException)
        {
            // Too many descriptors are watched (fs.epoll.max_user_watches): as if the client had not been taken.
            lock (Loop.Descriptors)
            {
                MarkClosed();
            }

            _ = Libc.Close(Descriptor);
            return false;
        }
    }

    protected override void CloseDescriptor()
    {
        Loop.Remove(Number);
        _ = Libc.Close(Descriptor);
    }
}
