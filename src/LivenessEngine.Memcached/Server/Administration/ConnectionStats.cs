using LivenessEngine.Memcached.Protocol;

namespace LivenessEngine.Memcached.Server.Administration;

/// <summary>stats conns: who is connected.</summary>
internal static class ConnectionStats
{
    public static void Write(ServerContext server, ref Turn turn)
    {
        ref ReplyWriter writer = ref turn.Writer;
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
