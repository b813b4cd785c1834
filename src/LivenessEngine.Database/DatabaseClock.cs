namespace LivenessEngine.Database;

/// <summary>Whose clock stamps heartbeats and tells how old they are.</summary>
public enum DatabaseClock
{
    /// <summary>
    /// The database server's, so that the wrong clock of a host calls nobody dead. SQLite has no server and uses this
    /// host's.
    /// </summary>
    Server,

    /// <summary>This host's, as in Nova itself: right as long as the clocks of all hosts agree.</summary>
    Host,
}
