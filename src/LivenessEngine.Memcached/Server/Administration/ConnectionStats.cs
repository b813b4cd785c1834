using System.Net;
using LivenessEngine.Memcached.Protocol;

namespace LivenessEngine.Memcached.Server.Administration;

/// <summary>stats conns: where the server listens, and who is connected.</summary>
internal static class ConnectionStats
{
    public static void Write(ServerContext server, ref Turn turn)
    {
        ref ReplyWriter writer = ref turn.Writer;
        long listening = (turn.Now.UnixMilliseconds - server.Started.UnixMilliseconds) / 1000;
        foreach ((long number, EndPoint endPoint) in server.Connections.NumberedListeners)
        {
            writer.Stat($"{number}:addr", Connection.NameOf(endPoint, null));
            writer.Stat($"{number}:state", "conn_listening");
            writer.Stat($"{number}:secs_since_last_cmd", listening);
        }

        foreach (ConnectionInfo connection in server.Connections.Snapshot())
        {
            string id = $"{connection.Id}:";
            writer.Stat(id + "addr", connection.Remote);
            writer.Stat(id + "listen_addr", connection.Local);
            writer.Stat(id + "state", connection.State);
            writer.Stat(id + "secs_since_last_cmd", connection.IdleSeconds);
        }

        writer.Write(Replies.End);
    }
}
