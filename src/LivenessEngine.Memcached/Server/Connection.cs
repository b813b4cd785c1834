using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using LivenessEngine.Memcached.Server.Watching;
using LivenessEngine.Memcached.Transports;

namespace LivenessEngine.Memcached.Server;

/// <summary>
/// One client, on any transport: reads what has come, lets the session take every complete request, and sends the
/// replies when no complete request is left. Pooled: one object serves many clients, one after the other.
/// </summary>
/// <param name="server">What it shares with the others.</param>
/// <param name="ended">Called when the client has gone.</param>
internal sealed class Connection(ServerContext server, Action<Connection> ended) : IParkedClient
{
    // A request that lies across two segments is put together here; larger ones than this are endless lines.
    private const int LongestStitched = 64 << 10;

    // After so many bytes, in and out, the thread is somebody else's turn: about a millisecond. Requests are counted too
    // (-R), but one of them can be a megabyte.
    private const int BytesInARow = 64 << 10;

    private const string NewCommand = "conn_new_cmd";

    // Those of the protocol that the client speaks; null until it has begun to speak.
    private SpareSessions? _sessions;

    // Null while the client is between two requests: then any will do.
    private Session? _session;
    private TransportConnection? _transport;
    private MemcachedListener? _listener;
    private long _id;
    private long _lastActivity;
    private long _bytesInARow;
    private int _requestsLeft;
    private long _written;
    private volatile bool _stopping;
    private volatile bool _isSaidIdle;
    private volatile HandOver? _handOver;
    private volatile bool _waiting;
    private bool _isAuthenticated;
    private CloseReason _closeReason;
    private bool _endIsLogged;
    private EndPoint? _remote;
    private string _state = NewCommand;

    /// <summary>Of the client that it serves.</summary>
    public long Id => _id;

    /// <summary>The client's address, where it is counted.</summary>
    public IPAddress? CountedAddress { get; set; }

    /// <summary>By which the client came in.</summary>
    public MemcachedListener Listener => _listener!;

    /// <summary>Takes a client. From now on it can be stopped and asked, whether it runs yet or not.</summary>
    /// <param name="transport">The client.</param>
    /// <param name="listener">By which it came in.</param>
    public void Open(TransportConnection transport, MemcachedListener listener)
    {
        _transport = transport;
        _listener = listener;
        _stopping = false;
        _isSaidIdle = false;
        _handOver = null;
        _written = 0;
        _sessions = null;
        _isAuthenticated = false;
        _closeReason = CloseReason.Error;
        _endIsLogged = false;
        _remote = null;
        _state = NewCommand;
        _lastActivity = server.Engine.Clock.Read().UnixMilliseconds;
    }

    /// <summary>It has been counted among the server's: it has a number, and whoever watches is told.</summary>
    public void Begin(long id)
    {
        _id = id;
        _remote = server.ConnectionLog.Opened(id, _transport!);
    }

    /// <summary>
    /// Serves the client until it goes, misbehaves, or the server stops; where it can be parked, parks it, and all of that
    /// comes later (<see cref="ResumeAsync"/>). Throws nothing that the logger does not.
    /// </summary>
    public Task RunAsync()
    {
        if (_transport!.CanPark)
        {
            Park(_transport);
            return Task.CompletedTask;
        }

        return ResumeAsync().AsTask();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> ResumeAsync()
    {
        TransportConnection transport = _transport!;
        bool isParked = false;
        _requestsLeft = server.RequestsInARow;
        try
        {
            isParked = await ServeAsync(transport).ConfigureAwait(false);
            if (!isParked)
            {
                LogEnd(transport);

                // Still one of the server's connections: it counts, and can be aborted when its client takes nothing.
                await transport.FinishAsync().ConfigureAwait(false);
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or ObjectDisposedException
            or InvalidOperationException)
        {
            ServerLog.Broken(server.Logger, _id, gone.Message);
        }
#pragma warning disable CA1031 // A fault in one connection must not end the others.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            ServerLog.Failed(server.Logger, fault, _id);
        }
        finally
        {
            if (!isParked)
            {
                End();
            }
        }

        return isParked;
    }

    /// <summary>Lets go of the client.</summary>
    public void Close()
    {
        _waiting = false;
        _transport = null;
    }

    /// <summary>Finishes what was read, and then closes.</summary>
    public void Stop()
    {
        _closeReason = CloseReason.Shutdown;
        _stopping = true;
        _transport?.CancelRead();
    }

    /// <summary>Closes, if it is idle still when it comes to that: a request may come first, or another client.</summary>
    public void StopIfIdle()
    {
        _isSaidIdle = true;
        _transport?.CancelRead();
    }

    /// <summary>Finishes what was read, and then lets the client go on elsewhere, as soon as it is between two requests.</summary>
    public void Release(HandOver handOver)
    {
        _handOver = handOver;
        _transport?.CancelRead();
    }

    public void Abort() => _transport?.Abort();

    /// <summary>
    /// Whether the server has nothing left to do for the client, and has heard nothing from it for longer than it may say
    /// nothing. Who only listens, because replies or events are on their way to it, is not idle (memcached, conn_close_idle).
    /// </summary>
    public bool IsIdle(long unixMilliseconds) => _waiting && !_stopping && IsSilent(unixMilliseconds);

    public ConnectionInfo Describe()
    {
        long idle = IdleFor(server.Engine.Clock.Read().UnixMilliseconds) / 1000;
        return new ConnectionInfo(_id, NameOf(_transport?.Remote, _transport?.Local), NameOf(_transport?.Local, null), _state, idle);
    }

    internal static string NameOf(EndPoint? endPoint, EndPoint? otherwise) => endPoint switch
    {
        IPEndPoint { AddressFamily: AddressFamily.InterNetworkV6 } v6 => $"tcp6:{v6}",
        IPEndPoint tcp => $"tcp:{tcp}",
        UnixDomainSocketEndPoint unix => $"unix:{unix}",
        null when otherwise is not null => NameOf(otherwise, null),
        _ => "unknown",
    };

    private bool IsSilent(long unixMilliseconds) => IdleFor(unixMilliseconds) > server.Options.IdleTimeout.TotalMilliseconds;

    private long IdleFor(long unixMilliseconds) => unixMilliseconds - Volatile.Read(ref _lastActivity);

    // Once, and where possible while the system still knows who the client is.
    private void LogEnd(TransportConnection transport)
    {
        if (!_endIsLogged)
        {
            _endIsLogged = true;
            server.ConnectionLog.Closed(_id, _remote, transport, _closeReason);
        }
    }

    // Unless the server wanted it, or it broke.
    private static CloseReason Ended(CloseReason reason) => reason == CloseReason.Error ? CloseReason.Normal : reason;

    private void Park(TransportConnection transport)
    {
        _waiting = true;
        transport.Park(this);
    }

    private void End()
    {
        try
        {
            if (_session is { } session)
            {
                session.Reset();
                ReturnSession(session);
            }

            if (_transport is { } transport)
            {
                LogEnd(transport);
            }
        }
        finally
        {
            // Whatever became of the log: it must not count as one of the server's for ever.
            Close();
            ended(this);
        }
    }

    // Whether the client is parked; else it is to go.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> ServeAsync(TransportConnection transport)
    {
        PipeReader input = transport.Pipe.Input;
        PipeWriter output = transport.Pipe.Output;
        while (true)
        {
            ReadResult read;
            if (!transport.CanPark)
            {
                _waiting = true;
                ValueTask<ReadResult> coming = input.ReadAsync();
                bool isThere = coming.IsCompleted;
                read = await coming.ConfigureAwait(false);
                if (!isThere)
                {
                    // Others have had their turn.
                    _requestsLeft = server.RequestsInARow;
                }
            }
            else if (!input.TryRead(out read))
            {
                Park(transport);
                return true;
            }

            _waiting = false;
            ReadOnlySequence<byte> buffer = read.Buffer;
            bool isIdle = _isSaidIdle && IsStillIdle();
            if (_sessions is null && !buffer.IsEmpty)
            {
                _sessions = server.Sessions.For(buffer.FirstSpan[0], _listener!.Protocol ?? server.Options.Protocol, _isAuthenticated);
            }

            SessionSignal signal;
            do
            {
                // A reply that is larger than one flush goes on here and not after the next read, which may never come.
                signal = Process(buffer, output, out SequencePosition done, out bool replied);
                buffer = buffer.Slice(done);
                if (replied && (await output.FlushAsync().ConfigureAwait(false)).IsCompleted)
                {
                    _closeReason = Ended(_closeReason);
                    return false;
                }

                if (_bytesInARow >= BytesInARow || signal is SessionSignal.Yield or SessionSignal.Pause)
                {
                    _bytesInARow = 0;
                    _requestsLeft = server.RequestsInARow;
                    server.Counters.Add(WireCounter.Yields);
                    await transport.YieldAsync().ConfigureAwait(false);
                }
            }
            while (signal is SessionSignal.Flush or SessionSignal.Pause or SessionSignal.Yield);

            isIdle &= signal == SessionSignal.NeedMore && buffer.Length == read.Buffer.Length;
            input.AdvanceTo(buffer.Start, signal == SessionSignal.NeedMore ? buffer.End : buffer.Start);
            if (isIdle)
            {
                server.Counters.Add(WireCounter.IdleKicks);
                _closeReason = CloseReason.IdleTimeout;
                return false;
            }

            if (signal == SessionSignal.Watch)
            {
                if (IsEnding())
                {
                    // The read that was cancelled to say so has been used up.
                    _closeReason = CloseReason.Shutdown;
                    return false;
                }

                _state = "conn_watch";
                await new Watch(server, _session!.Watch!, IsEnding).RunAsync(transport).ConfigureAwait(false);
                _closeReason = Ended(_closeReason);
                return false;
            }

            if (signal == SessionSignal.NeedMore && buffer.IsEmpty && !read.IsCompleted
                && _handOver is { } handOver && (await TryReleaseAsync(handOver).ConfigureAwait(false) || !CanRelease))
            {
                _closeReason = CloseReason.Shutdown;
                return false;
            }

            if (signal == SessionSignal.Close || (signal == SessionSignal.NeedMore && (read.IsCompleted || _stopping)))
            {
                _closeReason = Ended(_closeReason);
                return false;
            }
        }
    }

    private bool IsEnding() => _stopping || _handOver is not null;

    private bool IsStillIdle()
    {
        _isSaidIdle = false;
        return IsSilent(server.Engine.Clock.Read().UnixMilliseconds);
    }

    // Another process could not know that the client has said who it is, and would take the answer back.
    private bool CanRelease => !_isAuthenticated && _transport!.CanRelease;

    private async ValueTask<bool> TryReleaseAsync(HandOver handOver)
    {
        handOver.Step();
        if (_session is not null || !CanRelease)
        {
            return false;
        }

        if (await _transport!.TryReleaseAsync(_written, handOver.Limit).ConfigureAwait(false) is not { } handle)
        {
            return false;
        }

        handOver.Add(handle);
        handOver.Step();
        return true;
    }

    // One batch: everything that has been received, on this thread, without an await.
    private SessionSignal Process(in ReadOnlySequence<byte> buffer, PipeWriter output, out SequencePosition done, out bool replied)
    {
        if (_sessions is null)
        {
            done = buffer.Start;
            replied = false;
            return SessionSignal.NeedMore;
        }

        var turn = new Turn(server, output, _requestsLeft) { Client = _id };
        Volatile.Write(ref _lastActivity, turn.Now.UnixMilliseconds);
        Session session = _session ??= _sessions.Take();
        long taken;
        SessionSignal signal;
        if (buffer.IsSingleSegment)
        {
            taken = session.Process(buffer.FirstSpan, ref turn, out signal);
        }
        else
        {
            taken = ProcessSegments(session, buffer, ref turn, out signal);
        }

        if (signal == SessionSignal.NeedMore && session.IsBetweenRequests)
        {
            ReturnSession(session);
        }
        else if (signal == SessionSignal.Authenticated)
        {
            ReturnSession(session);
            _isAuthenticated = true;
            _sessions = server.Sessions.After(_sessions);
            signal = SessionSignal.Flush;
        }

        turn.Writer.Complete();
        turn.Counters.Add(WireCounter.BytesRead, taken);
        turn.Counters.Add(WireCounter.BytesWritten, turn.Writer.Written);
        _written += turn.Writer.Written;
        _requestsLeft = turn.RequestsLeft;
        _bytesInARow += taken + turn.Writer.Written;
        done = buffer.GetPosition(taken);
        replied = turn.Writer.Written > 0;
        return signal;
    }

    private void ReturnSession(Session session)
    {
        _session = null;
        _sessions!.Return(session);
    }

    // A request that is cut by the end of a segment is put together in one piece; the rest is taken where it lies.
    private static long ProcessSegments(Session session, in ReadOnlySequence<byte> buffer, ref Turn turn, out SessionSignal signal)
    {
        long taken = 0;
        while (true)
        {
            ReadOnlySequence<byte> rest = buffer.Slice(taken);
            int used = session.Process(rest.FirstSpan, ref turn, out signal);
            taken += used;
            if (signal != SessionSignal.NeedMore || rest.IsSingleSegment)
            {
                return taken;
            }

            if (used == rest.FirstSpan.Length)
            {
                continue;
            }

            used = ProcessStitched(session, rest.Slice(used), ref turn, out signal);
            taken += used;
            if (signal != SessionSignal.NeedMore || used == 0)
            {
                return taken;
            }
        }
    }

    private static int ProcessStitched(Session session, in ReadOnlySequence<byte> rest, ref Turn turn, out SessionSignal signal)
    {
        int length = (int)Math.Min(rest.Length, LongestStitched);
        byte[] whole = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            rest.Slice(0, length).CopyTo(whole);
            return session.Process(whole.AsSpan(0, length), ref turn, out signal);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(whole);
        }
    }
}
