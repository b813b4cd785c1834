using LivenessEngine.Memcached.Protocol;
using LivenessEngine.Memcached.Server.Text;

namespace LivenessEngine.Memcached.Server.Udp;

/// <summary>
/// Answers datagrams, one after the other: the requests in each are executed as those of a connection are, and each has a
/// reply of its own. Nothing of one datagram is left for the next, which may be somebody else's.
/// </summary>
internal sealed class UdpExchange(ServerContext server)
{
    // One value, and what else there is in a reply: that of many values could be asked for in one datagram otherwise, and
    // anybody can write anybody's address on it.
    private readonly int _mostBytes = (int)Math.Min((long)UdpFrame.MostDatagrams * UdpFrame.MostPayload, server.Table.Writer.MaxItemSize + (1L << 20));

    private readonly UdpReply _reply = new();

    /// <summary>Sends one datagram to whoever sent the request.</summary>
    public delegate void Sender(ReadOnlySpan<byte> datagram);

    /// <summary>Executes what is in a datagram.</summary>
    public void Answer(ReadOnlySpan<byte> datagram, Sender send)
    {
        server.Counters.Add(WireCounter.BytesRead, datagram.Length);
        if (!UdpFrame.TryRead(datagram, out ushort request))
        {
            return;
        }

        ReadOnlySpan<byte> rest = datagram[UdpFrame.HeaderBytes..];

        // By its first byte, whatever -B and proto[...] say: they are for connections (memcached, try_read_command_udp).
        SpareSessions sessions = server.Sessions.For(rest[0], MemcachedProtocol.Auto, isAuthenticated: false);
        Session session = sessions.Take();
        try
        {
            // The bound is the datagram's: many small requests could ask for as much as one for many values.
            long sent = 0;
            SessionSignal signal;
            do
            {
                _reply.Clear();
                signal = Execute(session, ref rest);
                Send(request, send);
                sent += _reply.Length;
            }
            while (signal == SessionSignal.Yield && sent < _mostBytes);
        }
        finally
        {
            // A request that is not whole is none: what is missing cannot come in another datagram.
            session.Reset();
            sessions.Return(session);
        }
    }

    // One request and its whole reply: Yield says that there is another one.
    private SessionSignal Execute(Session session, ref ReadOnlySpan<byte> rest)
    {
        int requests = 1;
        SessionSignal signal;
        do
        {
            var turn = new Turn(server, _reply, requests) { IsDatagram = true };
            int taken = session.Process(rest, ref turn, out signal);
            turn.Writer.Complete();
            rest = rest[taken..];
            requests = 0;
            if (_reply.Length > _mostBytes)
            {
                return RefuseTooMuch(inWords: session is TextSession);
            }
        }
        while (signal is SessionSignal.Flush or SessionSignal.Pause);
        return signal;
    }

    // The binary protocol would want to know which request it was.
    private SessionSignal RefuseTooMuch(bool inWords)
    {
        ReadOnlySpan<byte> reply = inWords ? "SERVER_ERROR out of memory writing a reply by UDP\r\n"u8 : [];
        _reply.Clear();
        reply.CopyTo(_reply.GetSpan(reply.Length));
        _reply.Advance(reply.Length);
        return SessionSignal.Close;
    }

    private void Send(ushort request, Sender send)
    {
        int datagrams = _reply.Datagrams;
        for (int i = 0; i < datagrams; i++)
        {
            ReadOnlySpan<byte> datagram = _reply.Datagram(request, i);
            server.Counters.Add(WireCounter.BytesWritten, datagram.Length);
            send(datagram);
        }
    }
}
