namespace LivenessEngine.Memcached.Server;

/// <summary>
/// Sessions of one protocol that are between two requests and so are nobody's: what a connection holds while it is idle is
/// not a session. Each thread has its own, the last one used on top, whose memory is still near.
/// </summary>
#pragma warning disable CA1001 // Never disposed: connections may end after the server has, and a finalizer lets the threads' parts go.
internal sealed class SpareSessions(Func<Session> create)
#pragma warning restore CA1001
{
    private const int Most = 64;

    // Of this server and not of the process: whoever lets the server go lets them go too.
    private readonly ThreadLocal<Stack<Session>> _sessions = new(() => new Stack<Session>());

    public Session Take() => _sessions.Value!.TryPop(out Session? session) ? session : create();

    /// <summary>Takes back a session that is between two requests.</summary>
    public void Return(Session session)
    {
        Stack<Session> sessions = _sessions.Value!;
        if (sessions.Count < Most)
        {
            sessions.Push(session);
        }
    }
}
