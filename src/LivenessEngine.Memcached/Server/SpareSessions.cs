namespace LivenessEngine.Memcached.Server;

/// <summary>
/// Sessions that are between two requests and so are nobody's: what a connection holds while it is idle is not a session.
/// Each thread has its own, the last one used on top, whose memory is still near.
/// </summary>
internal sealed class SpareSessions
{
    private const int Most = 64;

    [ThreadStatic]
    private static SpareSessions? t_spares;

    private readonly ServerContext _server;
    private readonly Stack<TextSession> _sessions = new();

    private SpareSessions(ServerContext server) => _server = server;

    public static TextSession Take(ServerContext server)
        => Of(server)._sessions.TryPop(out TextSession? session) ? session : new TextSession(server);

    /// <summary>Takes back a session that is between two requests.</summary>
    public static void Return(ServerContext server, TextSession session)
    {
        Stack<TextSession> sessions = Of(server)._sessions;
        if (sessions.Count < Most)
        {
            sessions.Push(session);
        }
    }

    // Of the server that the thread last served: there is mostly one in a process.
    private static SpareSessions Of(ServerContext server)
        => t_spares is { } spares && spares._server == server ? spares : t_spares = new SpareSessions(server);
}
