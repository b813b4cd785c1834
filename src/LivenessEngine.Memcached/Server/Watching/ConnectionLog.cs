using System.Net;
using System.Net.Sockets;
using System.Text;
using LivenessEngine.Memcached.Transports;

namespace LivenessEngine.Memcached.Server.Watching;

/// <summary>Logs clients that come and go, in memcached's words; costs a look while nobody watches.</summary>
internal sealed class ConnectionLog(EventLog events, TimeProvider time)
{
    /// <summary>type=conn_new rip= rport= transport= cfd=</summary>
    /// <returns>The client's address, which the system may have forgotten by its end; null where nobody watches.</returns>
    public EndPoint? Opened(long id, TransportConnection transport)
    {
        if (!events.Wants(WatchKinds.Connections))
        {
            return null;
        }

        EndPoint? remote = transport.Remote;
        Write(" type=conn_new"u8, id, remote, transport.Local, default);
        return remote;
    }

    /// <summary>type=conn_close rip= rport= transport= reason=&lt;error|normal|idle_timeout|shutdown&gt; cfd=</summary>
    public void Closed(long id, EndPoint? remote, TransportConnection transport, CloseReason reason)
    {
        if (events.Wants(WatchKinds.Connections))
        {
            Write(" type=conn_close"u8, id, remote ?? transport.Remote, transport.Local, reason switch
            {
                CloseReason.Normal => " reason=normal"u8,
                CloseReason.IdleTimeout => " reason=idle_timeout"u8,
                CloseReason.Shutdown => " reason=shutdown"u8,
                _ => " reason=error"u8,
            });
        }
    }

    // A client of a unix socket has no address.
    private void Write(ReadOnlySpan<byte> type, long client, EndPoint? remote, EndPoint? local, ReadOnlySpan<byte> reason)
    {
        bool isTcp = local is IPEndPoint;
        IPAddress? address = (remote as IPEndPoint)?.Address;
        string shown = address is null ? isTcp ? IPAddress.Any.ToString() : "unix"
            : address.AddressFamily == AddressFamily.InterNetworkV6 ? new IPAddress(address.GetAddressBytes()).ToString()
            : address.ToString();
        long id = events.NextId();
        var line = new EventLine(stackalloc byte[EventLine.Longest]);
        line.Begin(time.GetUtcNow(), id);
        line.Add(type);
        line.Add(" rip="u8);
        line.Add(Encoding.ASCII.GetBytes(shown));
        line.Add(" rport="u8, (remote as IPEndPoint)?.Port ?? 0);
        line.Add(isTcp ? " transport=tcp"u8 : " transport=local"u8);
        line.Add(reason);
        line.Add(" cfd="u8, client);
        line.Add("\n"u8);
        events.Add(WatchKinds.Connections, id, line.Text);
    }
}
