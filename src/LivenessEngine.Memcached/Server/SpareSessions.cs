namespace LivenessEngine.Memcached.Server;

/// <summary>
/// Sessions that are between two requests and so are nobody's: what a connection holds while it is idle is not a session.
/// Each thread has its own, the last one used on top, whose memory is still near.
/// </summary>
#pragma warning disable CA1001 // Never disposed: connections may end after the server has, and a finalizer lets the threads' parts go.
internal sealed class SpareSessions(ServerContext server)
#pragma warning restore CA1001
{
    private const int Most = 64;

    // Of this server and not of the process: whoever lets the server go lets them go too.
    private readonly ThreadLocal<Stack<TextSession>> _sessions = new(() => new Stack<TextSession>());

    public TextSession Take() => _sessions.Value!.TryPop(out TextSession? session) ? session : new TextSession(server);

    /// <summary>Takes back a session that is between two requests.</summary>
    public void Return(TextSession session)
    {
        Stack<TextSession> sessions = _sessions.Value!;
        if (sessions.Count < Most)
        {
            sessions.Push(session);
        }
    }
}
