namespace LivenessEngine.Memcached.Transports.Uring;

/// <summary>What is asked of the system: the part of struct io_uring_sqe that all requests of a kind share.</summary>
/// <param name="Head">opcode, flags and ioprio.</param>
/// <param name="CallFlags">Those of the call: MSG_* or POLL*.</param>
internal readonly record struct Request(uint Head, uint CallFlags)
{
    private const uint PollAdd = 6, PollRemove = 7, AsyncCancel = 14, OpSend = 26, OpReceive = 27;
    private const uint SelectBuffer = 1 << (5 + 8);
    private const uint PollFirst = 1 << 16, Multishot = 1 << 17;
    private const uint NoSignal = 0x4000, WaitAll = 0x100;

    /// <summary>Nothing is there yet where a client was just told its reply, or has just come.</summary>
    public static readonly Request Receive = new(OpReceive | SelectBuffer | PollFirst | Multishot, 0);

    /// <summary>One piece, which may be there already: of a client that sends ahead of what it reads, the rest is to wait in its socket.</summary>
    public static readonly Request ReceiveOnce = new(OpReceive | SelectBuffer, 0);

    /// <summary>Ends when all is sent (MSG_WAITALL), or the client is gone.</summary>
    public static readonly Request Send = new(OpSend, NoSignal | WaitAll);

    public static readonly Request Cancel = new(AsyncCancel, 0);

    public static readonly Request Unwatch = new(PollRemove, 0);

    /// <summary>Tells once that a connection is over both ways (POLLERR and POLLHUP, which are always told of).</summary>
    public static readonly Request WatchEnd = new(PollAdd, 0);

    /// <summary>Tells of events again and again; the request's length has to be 1 (IORING_POLL_ADD_MULTI).</summary>
    public static Request Watch(uint events) => new(PollAdd, events);
}
